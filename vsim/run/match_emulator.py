"""Emulators: what the model would say at settings that were not run, with an error that was held out and checked.

A quadratic in the parameters, or a Gaussian process where that foretells held-out runs better. Its variance holds what
it does not know: lack of fit, and what of the luck differs from setting to setting.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError

Float = NDArray[np.float64]
Foretell = Callable[[Float], tuple[Float, Float]]
PAYS = 0.8                    # a Gaussian process is taken when its held-out error is below this share of the other's
ENOUGH = 0.3                  # and is not tried when the quadratic's is below this share of the other errors
SPARE = 4                     # points beyond the coefficients of a polynomial
WILD = 1.5                    # root mean square of held-out standardised errors beyond which an emulator is set aside
TAIL, OFTEN = 3.0, 0.1        # and the share of them beyond three
RESTARTS = 1                  # of the search for the scales of a Gaussian process
CHUNK = 8192                  # settings foretold at a time


@dataclass(frozen=True)
class Emulator:
    """What foretells one output, and how well it did on what it had not seen.

    Attributes
    ----------
    kind : str
        "linear", "quadratic" or "process".
    points : int
        Settings that it learnt from.
    error : float
        Root mean square of its held-out errors, in units of the output.
    explains : float
        Share of the output's variance over the settings that held-out values explain (below 0: none).
    standardised : float
        Root mean square of held-out errors in units of its own standard error; 1 when that is honest. Where it is
        more, the standard error is made larger by as much.
    tail : float
        Share of them beyond three.
    """

    kind: str
    points: int
    error: float
    explains: float
    standardised: float
    tail: float
    foretell: Foretell

    @property
    def holds(self) -> bool:
        """Whether its standard error is that of its held-out errors."""
        return self.standardised <= WILD and self.tail <= OFTEN

    def __call__(self, cube: Float) -> tuple[Float, Float]:
        """Return mean and variance at settings, each of shape (n,)."""
        parts = [self.foretell(cube[first : first + CHUNK]) for first in range(0, len(cube), CHUNK)]
        return np.concatenate([mean for mean, _ in parts]), np.concatenate([variance for _, variance in parts])


def emulate(cube: Float, output: Float, box: Float, other_sd: float = 0.0, seed: int = 0) -> Emulator:
    """Return the emulator of one output.

    Parameters
    ----------
    cube : ndarray of float, shape (n, parameters)
        Settings in the unit cube.
    output : ndarray of float, shape (n,)
        Means over the lucks; NaN where there was nothing to measure.
    box : ndarray of float, shape (2, parameters)
        Lowest and highest corner of the space that is looked at.
    other_sd : float
        The error that a target has beside the emulator's; a better emulator than that asks for is not sought.
    seed : int
        Of the restarts of a Gaussian process.

    Raises
    ------
    UsageError
        When there are fewer settings than a straight line needs, or scikit-learn is missing.
    """
    seen = np.isfinite(output)
    n, k = int(seen.sum()), cube.shape[1]
    if n < 1 + k + SPARE:
        raise UsageError(f"match: {n} settings with a value are too few for {k} parameters; allowed {1 + k + SPARE} or "
                         "more. Give more runs, or narrower ranges.")
    middle, half = box.mean(axis=0), np.maximum((box[1] - box[0]) / 2, np.finfo(float).eps)

    def scaled(places: Float) -> Float:
        return np.asarray((places - middle) / half)

    x, y = scaled(cube[seen]), output[seen]
    plain = _polynomial(x, y, "quadratic" if n >= (k + 1) * (k + 2) // 2 + SPARE else "linear")
    best = plain
    if plain.error > ENOUGH * other_sd and float(np.ptp(y)) > 0:
        process = _process(x, y, seed)
        if process.error < PAYS * plain.error or not plain.holds:
            best = process
    return Emulator(best.kind, n, best.error, best.explains, best.standardised, best.tail,
                    lambda places: best.foretell(scaled(places)))


def terms(x: Float, kind: str) -> Float:
    """Return the columns of a polynomial: one, each parameter, and for a quadratic their squares and products.

    >>> terms(np.array([[2.0, 3.0]]), "quadratic").tolist()
    [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    columns = [np.ones(len(x)), *x.T]
    if kind == "quadratic":
        columns += [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i, x.shape[1])]
    return np.stack(columns, axis=1)


def _polynomial(x: Float, y: Float, kind: str) -> Emulator:
    """Return a least-squares polynomial; held-out errors by leaving each point out, in closed form."""
    design = terms(x, kind)
    inverse = np.linalg.pinv(design.T @ design)
    weights = inverse @ design.T @ y
    hats = np.clip(np.einsum("ij,jk,ik->i", design, inverse, design), 0, 1 - 1e-9)
    residuals = y - design @ weights
    room = len(y) - design.shape[1]
    total = float((residuals**2).sum())
    scale = max(total / room, _floor(y))
    held = residuals / (1 - hats)
    without = np.maximum((total - residuals**2 / (1 - hats)) / (room - 1), _floor(y))

    def foretell(places: Float) -> tuple[Float, Float]:
        rows = terms(places, kind)
        return rows @ weights, scale * (1 + np.einsum("ij,jk,ik->i", rows, inverse, rows))

    return _judged(kind, y, held, held * np.sqrt((1 - hats) / without), foretell)


def _process(x: Float, y: Float, seed: int) -> Emulator:
    """Return a Gaussian process with a scale for each parameter; held-out errors by leaving each point out."""
    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    except ImportError:
        raise UsageError("match: scikit-learn is missing. Install it with `pip install vsim[research]`.") from None
    one_thread = import_module("threadpoolctl").threadpool_limits      # small matrices: threads wait for each other
    trend = terms(x, "linear")
    weights = np.linalg.lstsq(trend, y, rcond=None)[0]
    rest = y - trend @ weights
    scale = max(float(rest.std()), float(np.sqrt(_floor(y))))
    kernel = ConstantKernel(1.0, (1e-3, 1e3)) * RBF([1.0] * x.shape[1], (0.1, 100.0)) + WhiteKernel(0.1, (1e-8, 10.0))
    process: Any = GaussianProcessRegressor(kernel, alpha=1e-10, n_restarts_optimizer=RESTARTS, random_state=seed)
    with warnings.catch_warnings(), one_thread(1):
        warnings.simplefilter("ignore", ConvergenceWarning)      # a scale at its bound: the output is flat or a plane
        process.fit(x, rest / scale)
    inverse = np.linalg.inv(process.kernel_(x) + 1e-10 * np.eye(len(x)))
    spread = 1 / np.diag(inverse)
    held = (inverse @ (rest / scale)) * spread

    def foretell(places: Float) -> tuple[Float, Float]:
        mean, sd = process.predict(places, return_std=True)
        return terms(places, "linear") @ weights + scale * mean, np.asarray((scale * sd) ** 2)

    return _judged("process", y, held * scale, held / np.sqrt(spread), foretell)


def _judged(kind: str, y: Float, held: Float, standard: Float, foretell: Foretell) -> Emulator:
    error = float(np.sqrt((held**2).mean()))
    spread = float(y.std())
    far = float(np.sqrt((standard**2).mean()))
    wider = max(1.0, far**2)                        # an error that proved too small is made as large as it proved

    def widened(places: Float) -> tuple[Float, Float]:
        mean, variance = foretell(places)
        return mean, variance * wider

    return Emulator(kind, len(y), error, 1 - (error / spread) ** 2 if spread > 0 else 0.0, far,
                    float((np.abs(standard) > TAIL).mean()), widened)


def _floor(y: Float) -> float:
    """Return the least variance: what doubles cannot tell apart."""
    return float((1e-9 * max(1e-12, float(np.abs(y).max()))) ** 2)
