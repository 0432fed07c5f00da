"""What it is worth to know more before choosing: expected values of perfect and of partial information.

The value of knowing everything is the mean of the best net benefit of each draw less the best of the mean ones. That of
knowing some parameters puts in place of net benefit what is expected of it given them, by regression on splines
(Strong, Oakley and Brennan 2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.evaluate.cost_effectiveness import Plane

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
KNOTS = 4                     # inner knots of the spline of one parameter
ROWS_A_TERM = 10              # draws that a term of the regression needs
MOST = 3                      # parameters that are learned of together


@dataclass(frozen=True, slots=True)
class Worth:
    """What information is worth, in money for one decision; times the decisions that it serves, a bound on research.

    Attributes
    ----------
    value : float
        Worth of a unit of effect.
    perfect : float
        Of knowing everything.
    partial : float
        Of knowing the named parameters; NaN when none are named.
    se : float
        Of the sampling of draws, of `partial` or, without names, of `perfect`.
    of : tuple of str
    """

    value: float
    perfect: float
    partial: float
    se: float
    of: tuple[str, ...] = ()


def evpi(on: Plane, values: ArrayLike) -> pd.DataFrame:
    """Return what perfect information is worth for each worth of a unit of effect: value, best, evpi, se.

    It is largest near the worths at which the choice turns, and never below zero.
    """
    import pandas as pd

    rows = []
    for value in np.atleast_1d(np.asarray(values, dtype=np.float64)):
        benefit = on.benefit(float(value))
        best = int(np.argmax(benefit.mean(axis=1)))
        regret = benefit.max(axis=0) - benefit[best]
        rows.append({"value": float(value), "best": on.policies[best], "evpi": float(regret.mean()),
                     "se": float(regret.std(ddof=1) / np.sqrt(on.draws)) if on.draws > 1 else float("nan")})
    return pd.DataFrame(rows)


def evppi(on: Plane, parameters: pd.DataFrame, of: str | list[str], value: float) -> Worth:
    """Return what it is worth to know some parameters, and what to know everything.

    Parameters
    ----------
    on : Plane
    parameters : DataFrame
        A row for each draw, in the order of the plane's draws; columns are parameters.
    of : str or list of str
        Columns that would be learned, at most three.
    value : float
        Worth of a unit of effect.

    Raises
    ------
    DataError
        When rows and draws differ in number, or the draws are too few for the regression.
    """
    names = [of] if isinstance(of, str) else list(of)
    if not 0 < len(names) <= MOST:
        raise UsageError(f"evppi: {len(names)} parameters are named; allowed 1 to {MOST}.")
    for name in names:
        if name not in parameters.columns:
            columns = [str(one) for one in parameters.columns]
            raise DataError(f"evppi: parameter '{name}' is not in the table; there are {listing(columns, 20)}."
                            f"{did_you_mean(name, columns)}")
    if len(parameters) != on.draws:
        raise DataError(f"evppi: {len(parameters)} rows of parameters for {on.draws} draws; needed one each.")
    x = parameters[names].to_numpy(dtype=np.float64)
    basis = terms(x)
    if on.draws < ROWS_A_TERM * basis.shape[1]:
        raise DataError(f"evppi: {on.draws} draws for {basis.shape[1]} terms; needed {ROWS_A_TERM * basis.shape[1]} or "
                        "more. Draw more, or learn of fewer parameters.")
    benefit = on.benefit(value)
    away = (benefit - benefit[0]).T                    # only differences count, and they are less noisy
    weights = np.linalg.lstsq(basis, away, rcond=None)[0]
    fitted = basis @ weights
    chosen = int(np.argmax(fitted.mean(axis=0)))
    gain = fitted.max(axis=1) - fitted[:, chosen]
    full = (benefit.max(axis=0) - benefit[int(np.argmax(benefit.mean(axis=1)))]).mean()
    return Worth(value, float(full), float(min(gain.mean(), full)), float(gain.std(ddof=1) / np.sqrt(on.draws)),
                 tuple(names))


def terms(x: Float) -> Float:
    """Return the terms of the regression, shape (draws, terms): a constant, a spline of each column, their products."""
    columns = [np.ones(len(x))]
    scaled = []
    for k in range(x.shape[1]):
        if not np.isfinite(x[:, k]).all():
            raise DataError(f"evppi: parameter {k + 1} has missing or infinite values; allowed finite ones.")
        spread = x[:, k].std()
        if spread == 0:
            raise DataError(f"evppi: parameter {k + 1} is {x[0, k]:g} in every draw; nothing is to be learned of it.")
        scaled.append((x[:, k] - x[:, k].mean()) / spread)
        columns += list(spline(scaled[-1]).T)
    for a in range(len(scaled)):
        columns += [scaled[a] * scaled[b] for b in range(a + 1, len(scaled))]
    return np.stack(columns, axis=1)


def spline(x: Float) -> Float:
    """Return the terms of a natural cubic spline with knots at quantiles, shape (n, terms), without the constant."""
    knots = np.unique(np.quantile(x, np.linspace(0, 1, KNOTS + 2)))
    if knots.size < 4:                                 # few values: a line through them does
        return x[:, None]
    last, before = knots[-1], knots[-2]

    def part(knot: float) -> Float:
        cube = np.maximum(x - knot, 0.0) ** 3 - np.maximum(x - last, 0.0) ** 3
        return np.asarray(cube / (last - knot), dtype=np.float64)

    return np.stack([x, *(part(knot) - part(before) for knot in knots[:-2])], axis=1)
