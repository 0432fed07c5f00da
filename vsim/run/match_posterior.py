"""Settings that agree with the targets, weighted: drawn by the emulators of the last wave, then run and weighted anew.

Sampling importance resampling: settings that are left are weighted by how likely the targets are under what the
emulators foretell; a hundred or so are drawn, run for real, and weighted by what they truly came to. What the runs say
of the emulators there, where it matters, is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.run.match import Evaluate, Matched, Wave
from vsim.run.match_emulator import WILD
from vsim.run.match_luck import schedule, without

Float = NDArray[np.float64]
LEVEL = 0.9                   # of the intervals
FREE = 0.8                    # of the range that the interval still has, beyond which a parameter was not identified
WEAK = 0.5                    # and beyond which it was weakly
FEWEST = 3                    # degrees of freedom
RIDGE = 0.8                   # correlation from which two parameters make up for each other


@dataclass(frozen=True)
class Posterior:
    """The weighted settings of a matching.

    Attributes
    ----------
    cube, weights : ndarray of float, shape (n, parameters) and (n,)
        Settings that are left, by the emulators; the weights add up to one.
    low, middle, high, mean, sd : ndarray of float, shape (parameters,)
        Of the weighted settings, in the unit cube.
    drawn : ndarray of float, shape (draws, parameters)
    outputs : ndarray of float, shape (draws, targets)
        What the drawn settings came to, means over the lucks.
    drawn_weights : ndarray of float, shape (draws,)
        By what they came to; they add up to one.
    effective : float
        Settings that the weights by the emulators are worth.
    drawn_effective : float
        Drawn settings that the weights by the runs are worth.
    checked : float
        Root mean square of the drawn runs' distances from what the emulators had foretold, in standard errors.
    correlation : ndarray of float, shape (parameters, parameters)
    """

    cube: Float
    weights: Float
    low: Float
    middle: Float
    high: Float
    mean: Float
    sd: Float
    drawn: Float
    outputs: Float
    drawn_weights: Float
    effective: float
    drawn_effective: float
    checked: float
    correlation: Float

    @property
    def holds(self) -> bool:
        """Whether the emulators foretold the drawn runs within their own errors."""
        return self.checked <= WILD


def posterior(matched: Matched, evaluate: Evaluate, *, draws: int = 100) -> Posterior:
    """Return the weighted settings of a matching that has some left.

    Parameters
    ----------
    matched : Matched
    evaluate : callable
        As in `vsim.run.match.waves_of`.
    draws : int
        Settings that are run.
    """
    wave, cube = matched.waves[-1], matched.left
    weights = _normal(log_likelihood(matched, wave, cube))
    chosen = systematic(weights, draws)
    drawn = cube[chosen]
    lucks = schedule(draws, wave.each)
    means = without(evaluate(drawn, lucks), lucks, wave.adds)
    real = _density(matched, _covariance(matched, wave, np.zeros(means.shape)), means)
    told = log_likelihood(matched, wave, drawn)
    again = _normal(real - told)
    low, middle, high = (quantile(cube, weights, share) for share in ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2))
    mean = weights @ cube
    spread = (cube - mean).T @ ((cube - mean) * weights[:, None])
    sd = np.sqrt(np.diag(spread))
    return Posterior(
        cube, weights, low, middle, high, mean, sd, drawn, means, again, _worth(weights), _worth(again),
        _checked(matched, wave, drawn, means), spread / np.maximum(np.outer(sd, sd), np.finfo(float).tiny),
    )


def log_likelihood(matched: Matched, wave: Wave, cube: Float) -> Float:
    """Return the logarithm of how likely the targets are at settings, by the emulators of a wave, shape (n,)."""
    places = [place for place, emulator in enumerate(wave.emulators) if emulator is not None]
    means, variances = np.zeros((len(cube), len(wave.emulators))), np.zeros((len(cube), len(wave.emulators)))
    for place in places:
        emulator = wave.emulators[place]
        assert emulator is not None
        means[:, place], variances[:, place] = emulator(cube)
    return _density(matched, _covariance(matched, wave, variances), means)


def _covariance(matched: Matched, wave: Wave, more: Float) -> Float:
    """Return the covariance of a target's distance at each setting, shape (n, targets, targets)."""
    errors = matched.errors
    return errors.luck(wave.luck, wave.lucks) + (errors.variance + more)[:, :, None] * np.eye(errors.values.size)


def _density(matched: Matched, covariance: Float, means: Float) -> Float:
    """Return the log density of the targets that the last wave could foretell, shape (n,).

    Student's t: the covariance of luck is itself known from a pool of lucks only.
    """
    places = [place for place, emulator in enumerate(matched.waves[-1].emulators) if emulator is not None]
    root = np.linalg.cholesky(covariance[:, places][:, :, places])
    off = np.nan_to_num(means[:, places] - matched.errors.values[places], nan=np.inf, posinf=1e6, neginf=-1e6)
    far = np.linalg.solve(root, off[:, :, None])[:, :, 0]
    free = max(matched.waves[-1].lucks - len(places), FEWEST)
    tail = (free + len(places)) / 2 * np.log1p((far**2).sum(axis=1) / free)
    return np.asarray(-tail - np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1))


def _checked(matched: Matched, wave: Wave, drawn: Float, means: Float) -> float:
    """Return how far real runs lie from what was foretold, in the emulators' standard errors."""
    far = []
    for place, emulator in enumerate(wave.emulators):
        if emulator is not None:
            mean, variance = emulator(drawn)
            far.append((means[:, place] - mean) / np.sqrt(variance))
    return float(np.sqrt(np.nanmean(np.square(far))))


def _normal(logs: Float) -> Float:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _worth(weights: Float) -> float:
    return float(1 / (weights**2).sum())


def systematic(weights: Float, draws: int) -> NDArray[np.intp]:
    """Return places by their weights, without luck: each comes up its expected number of times, to within one."""
    edges = np.cumsum(weights)
    return np.minimum(np.searchsorted(edges, (0.5 + np.arange(draws)) / draws * edges[-1]), weights.size - 1)


def quantile(values: Float, weights: Float, share: float) -> Float:
    """Return the weighted quantile of each column, shape (columns,), interpolated between middles of weights.

    >>> quantile(np.array([[1.0], [2.0], [3.0]]), np.ones(3) / 3, 0.5).tolist()
    [2.0]
    """
    out = []
    for column in values.T:
        order = np.argsort(column, kind="stable")
        middles = np.cumsum(weights[order]) - weights[order] / 2
        out.append(np.interp(share, middles, column[order]))
    return np.array(out)


def verdict(width: float) -> str:
    """Return how well a parameter was identified from the share of its range that the interval has.

    >>> verdict(0.9), verdict(0.6), verdict(0.1)
    ('not identified', 'weakly identified', 'identified')
    """
    return "not identified" if width > FREE else "weakly identified" if width > WEAK else "identified"


def ridges(correlation: Float, keys: Sequence[str]) -> list[tuple[str, str, float]]:
    """Return pairs of parameters that make up for each other, with their correlation."""
    return [(keys[i], keys[j], float(correlation[i, j])) for i in range(len(keys)) for j in range(i)
            if abs(correlation[i, j]) >= RIDGE]
