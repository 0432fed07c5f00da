"""Sensitivity of a stochastic model: how much of the spread of an output each parameter makes, alone and in all.

First-order and total indices by Saltelli's design (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018). Luck is a
factor like any other: its value picks the set of lucks under which a point runs, so points that differ in one parameter
meet the same luck, and the index of luck, a parameter that does nothing but that, is the noise floor.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, VsimError
from vsim.evaluate.luck import luck
from vsim.spec.design import Design, Factor
from vsim.spec.design_points import points_of

Float = NDArray[np.float64]
Int = NDArray[np.intp]
Answer = Callable[[Float, Int], Float]    # places in the unit cube and sets of lucks to outputs, (n, lucks of a set)
LUCK = "luck"                 # the name of the factor that picks the lucks
SETS = 16                     # sets of lucks
RESAMPLES = 400               # of the bootstrap
LEVEL = 0.95                  # of its intervals
SURE = 0.95                   # share of resamples in which an order must hold to be settled
LEAST = 16                    # points of the base sample
STEPS = (4, 2, 1)             # the sample is looked at by a quarter, by half, and whole
LOST = 0.1                    # share of the base points that may have nothing to measure


@dataclass(frozen=True)
class Index:
    """The indices of one parameter with their bootstrap intervals.

    Attributes
    ----------
    name : str
    first, first_low, first_high : float
        Share of the output's variance that the parameter makes alone.
    total, total_low, total_high : float
        The same, with all its interactions.
    """

    name: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True)
class Indices:
    """The indices of all parameters, at growing numbers of points.

    Attributes
    ----------
    names : tuple of str
        Parameters, and luck at the end.
    steps : dict of int to tuple of Index
        By points of the base sample; the last is the whole of it.
    noise : float
        Variance of the mean over the lucks of a set, within points, over the whole variance; NaN for a single luck.
    lucks : ndarray of float, shape (lucks of a set, names)
        Total indices from each luck of the sets alone: how much they hang on it.
    doubtful : tuple of (str, str, float)
        Neighbours in the order whose order holds in too few resamples, with the share in which it does.
    settled : bool
        Whether the order of the parameters above the noise is settled.
    runs : int
        Points that were run.
    lost : int
        Base points left out, since there was nothing to measure at one of their points.
    mean, sd : float
        Of the output over the base sample.
    """

    names: tuple[str, ...]
    steps: dict[int, tuple[Index, ...]]
    noise: float
    lucks: Float
    doubtful: tuple[tuple[str, str, float], ...]
    settled: bool
    runs: int
    lost: int
    mean: float
    sd: float

    @property
    def last(self) -> tuple[Index, ...]:
        """The indices from the whole sample."""
        return self.steps[max(self.steps)]

    @property
    def floor(self) -> float:
        """The noise floor: the upper end of luck's total index."""
        return self.last[-1].total_high

    def above(self) -> list[str]:
        """Return the parameters whose total index lies above the noise, largest first."""
        told = [one for one in self.last[:-1] if one.total_low > self.floor]
        return [one.name for one in sorted(told, key=lambda one: -one.total)]


def sobol(names: Sequence[str], answer: Answer, *, points: int, seed: int = 1) -> Indices:
    """Return first-order and total indices.

    Parameters
    ----------
    names : sequence of str
        Parameters, the sides of the unit cube.
    answer : callable
        From places, shape (n, names), and the set of lucks of each, shape (n,), to outputs, shape (n, lucks of a set).
    points : int
        Base sample, a power of two; names + 3 times as many points are run.
    seed : int
        Of the sample and of the bootstrap.

    Raises
    ------
    UsageError
        When the number of points is not allowed, or SALib is missing.
    VsimError
        When too many points have nothing to measure, or the output never moves.
    """
    if points < LEAST or points & (points - 1):
        raise UsageError(f"sensitivity: points is {points}; allowed a power of two, {LEAST} or more, such as 64.")
    cube = sample("saltelli", names, points, seed)
    sides = len(names) + 1
    outputs = answer(cube[:, :-1], sets_of(cube[:, -1]))
    blocks = outputs.reshape(points, sides + 2, -1)
    whole = np.asarray(np.isfinite(blocks).all(axis=(1, 2)))
    if (~whole).sum() > LOST * points:
        raise VsimError(f"sensitivity: at {(~whole).sum()} of {points} base points there was nothing to measure. "
                        "Narrow the ranges, or ask for another output.")
    means = blocks.mean(axis=2)
    if not float(np.ptp(means[whole])) > 0:
        raise VsimError("sensitivity: the output is the same at every point; no parameter moves it.")
    steps, orders = {}, {}
    for part in STEPS:
        rows = means[: points // part][whole[: points // part]]
        steps[points // part], orders[points // part] = _indices((*names, LUCK), rows, seed)
    settled, doubtful = _order(steps, orders[points])
    alone = np.array([_both(blocks[whole][:, :, one])[1] for one in range(blocks.shape[2])])
    spread = blocks[whole].var(axis=2, ddof=1).mean() / blocks.shape[2] if blocks.shape[2] > 1 else float("nan")
    base = means[whole][:, [0, -1]]
    return Indices((*names, LUCK), steps, float(spread / base.var()), alone, doubtful, settled, len(cube),
                   int((~whole).sum()), float(base.mean()), float(base.std()))


def sample(method: str, names: Sequence[str], points: int, seed: int) -> Float:
    """Return a design of SALib over parameters and luck, in the unit cube."""
    factors = {name: Factor(low=0, high=1) for name in (*names, LUCK)}
    design: Any = Design(method=method, factors=factors, points=points, seed=seed)  # type: ignore[arg-type]
    return np.asarray(points_of(design).to_numpy(dtype=np.float64))


def sets_of(column: Float) -> Int:
    """Return the set of lucks that the value of the factor picks, 0 to 15."""
    return np.minimum((column * SETS).astype(np.intp), SETS - 1)


def _both(rows: Float) -> tuple[Float, Float]:
    """Return first-order and total indices of blocks, shape (points, sides + 2), by the estimators of SALib."""
    try:
        from SALib.analyze.sobol import first_order, total_order
    except ImportError:
        raise UsageError("sensitivity: SALib is missing. Install it with `pip install vsim[research]`.") from None
    scaled = (rows - rows.mean()) / (rows.std() or 1.0)
    a, b = scaled[:, 0], scaled[:, -1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")             # a resample in which nothing moves has indices 0
        pairs = [(first_order(a, ab, b), total_order(a, ab, b)) for ab in scaled[:, 1:-1].T]
    first, total = np.array(pairs, dtype=np.float64).T
    return first, total


def _indices(names: Sequence[str], rows: Float, seed: int) -> tuple[tuple[Index, ...], Float]:
    """Return the indices with bootstrap intervals, and the total indices of every resample."""
    picks = luck(seed).integers(0, len(rows), (RESAMPLES, len(rows)))
    first, total = _both(rows)
    again = np.array([_both(rows[some]) for some in picks])            # (resamples, 2, names)
    low, high = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return tuple(
        Index(name, float(first[k]), float(low[0, k]), float(high[0, k]), float(total[k]), float(low[1, k]),
              float(high[1, k])) for k, name in enumerate(names)
    ), again[:, 1]


def _order(
    steps: dict[int, tuple[Index, ...]], totals: Float
) -> tuple[bool, tuple[tuple[str, str, float], ...]]:
    """Return whether the order of the parameters above the noise is settled, and neighbours whose order is doubtful."""
    whole, half = (steps[key] for key in sorted(steps)[:-3:-1])
    floor = whole[-1].total_high
    places = sorted(range(len(whole) - 1), key=lambda k: -whole[k].total)
    doubtful = []
    for one, other in pairwise(places):
        if whole[one].total_low <= floor:
            continue                                # both are in the noise
        share = float((totals[:, one] > totals[:, other]).mean())
        if share < SURE:
            doubtful.append((whole[one].name, whole[other].name, share))
    told = [k for k in places if whole[k].total_low > floor]
    same = told == sorted(told, key=lambda k: -half[k].total)
    return same and not doubtful, tuple(doubtful)
