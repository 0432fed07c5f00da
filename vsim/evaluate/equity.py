"""Equity: how unequally something is spread over people, and over groups in an order of need or income.

Every function takes plain numbers, weights beside them, and returns one number; nothing is scaled by n/(n - 1), so an
index does not change when every person is counted twice. Sources: Kakwani, Wagstaff and van Doorslaer (1997) for the
concentration index, Erreygers (2009) and Wagstaff (2005) for bounded outcomes, Theil (1967), Atkinson (1970),
Mackenbach and Kunst (1997) for the slope index.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError, UsageError
from vsim.evaluate.intervals import t_quantile
from vsim.spec.estimate import Estimate

Float = NDArray[np.float64]


def numbers(who: str, values: ArrayLike, weights: ArrayLike | None = None, *,
            least: float = -math.inf) -> tuple[Float, Float]:
    """Return values and weights as arrays of shape (n,), checked.

    Parameters
    ----------
    who : str
        The function that asks, for messages.
    least : float
        Smallest value that is allowed.

    Raises
    ------
    DataError
        When there are none, they are not finite, a value is below `least`, or weights are negative or all zero.
    """
    x = np.asarray(values, dtype=np.float64)
    w = np.ones(x.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if x.ndim != 1 or x.size == 0 or w.shape != x.shape:
        raise DataError(f"{who}: values have shape {x.shape} and weights {w.shape}; needed one row of each, not empty.")
    if not np.isfinite(x).all() or not np.isfinite(w).all():
        raise DataError(f"{who}: some values or weights are missing or infinite; allowed finite ones. Drop those rows.")
    if (x < least).any():
        raise DataError(f"{who}: the smallest value is {x.min():g}; allowed {least:g} or more.")
    if (w < 0).any() or not w.sum() > 0:
        raise DataError(f"{who}: weights sum to {w.sum():g}, the smallest is {w.min():g}; allowed 0 or more, "
                        "not all 0.")
    return x, w


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the Gini coefficient of a population: half the mean absolute difference over the mean.

    Returns
    -------
    float
        0 when all are equal; NaN when all are zero, since nothing is spread.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1]), round(gini([1, 2, 3, 4]), 3)
    (0.0, 0.75, 0.25)
    """
    x, w = numbers("gini", values, weights, least=0.0)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    total, whole = float((w * x).sum()), float(w.sum())
    if total == 0:
        return math.nan
    middle = np.cumsum(w) - w / 2
    return max(0.0, float(2 * (w * x * middle).sum() / (whole * total) - 1))


def ranks(order: ArrayLike, weights: ArrayLike | None = None) -> Float:
    """Return fractional ranks between 0 and 1, shape (n,): the middle of each one's share; ties share their middle."""
    x, w = numbers("ranks", order, weights)
    _, group = np.unique(x, return_inverse=True)
    mass = np.bincount(group, weights=w)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    return np.asarray(middle[group], dtype=np.float64)


def concentration(values: ArrayLike, order: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the concentration index 2 cov(value, rank) / mean, by rank in `order` (income, need) from low to high.

    Above 0 when those of high rank have more; with the values themselves as order it is the Gini coefficient.
    """
    y, w = numbers("concentration", values, weights)
    r = ranks(order, w)
    if r.shape != y.shape:
        raise DataError(f"concentration: {r.size} places in the order for {y.size} values; needed one each.")
    w = w / w.sum()
    mean = float((w * y).sum())
    if mean == 0:
        return math.nan
    return float(2 * (w * (y - mean) * (r - 0.5)).sum() / mean)


def erreygers(values: ArrayLike, order: ArrayLike, weights: ArrayLike | None = None, *, low: float = 0.0,
              high: float = 1.0) -> float:
    """Return Erreygers' index 4 mean C / (high - low) of an outcome that is bounded by `low` and `high`.

    It has the same size, with the sign turned, for what is reached and for what is missed.
    """
    y, w = _bounded("erreygers", values, weights, low, high)
    mean = float((w * y).sum() / w.sum())
    return 0.0 if mean == 0 else float(4 * mean * concentration(y, order, w) / (high - low))


def wagstaff(values: ArrayLike, order: ArrayLike, weights: ArrayLike | None = None, *, low: float = 0.0,
             high: float = 1.0) -> float:
    """Return Wagstaff's index of a bounded outcome; for shares of 0 to 1 it is C / (1 - mean)."""
    y, w = _bounded("wagstaff", values, weights, low, high)
    mean = float((w * y).sum() / w.sum())
    if not low < mean < high:
        return math.nan
    return float(mean * (high - low) * concentration(y, order, w) / ((high - mean) * (mean - low)))


def _bounded(who: str, values: ArrayLike, weights: ArrayLike | None, low: float, high: float) -> tuple[Float, Float]:
    y, w = numbers(who, values, weights, least=low)
    if not low < high or (y > high).any():
        raise DataError(f"{who}: the bounds are {low:g} and {high:g}, the largest value {y.max():g}; allowed values "
                        "between bounds that ascend.")
    return y, w


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and its two parts, which add up: between groups, and within them weighted by their shares."""

    total: float
    between: float
    within: float


def theil(values: ArrayLike, groups: ArrayLike | None = None, weights: ArrayLike | None = None) -> Theil:
    """Return Theil's T of values of 0 or more, between and within groups (all within when there are none)."""
    x, w = numbers("theil", values, weights, least=0.0)
    labels = np.zeros(x.size) if groups is None else np.asarray(groups)
    if labels.shape != x.shape:
        raise DataError(f"theil: {labels.size} labels of groups for {x.size} values; needed one each.")
    _, code = np.unique(labels, return_inverse=True)
    mass, held = np.bincount(code, weights=w), np.bincount(code, weights=w * x)
    if held.sum() == 0:
        return Theil(math.nan, math.nan, math.nan)
    mean = held.sum() / mass.sum()
    total = _theil(x / mean, w / mass.sum())
    own = held / np.where(mass > 0, mass, 1)
    between = _theil(own / mean, mass / mass.sum())
    inside = [held[g] / held.sum() * _theil(x[code == g] / own[g], w[code == g] / mass[g])
              for g in range(mass.size) if held[g] > 0]
    return Theil(total, between, float(sum(inside)))


def _theil(relative: Float, share: Float) -> float:
    some = (relative > 0) & (share > 0)
    return float((share[some] * relative[some] * np.log(relative[some])).sum())


def atkinson(values: ArrayLike, aversion: float, weights: ArrayLike | None = None) -> float:
    """Return Atkinson's index: the share of the total that could be given up if the rest were spread equally.

    Parameters
    ----------
    aversion : float
        Aversion to inequality, 0 (none) or more; it is a judgement and has to be stated with the result.
    """
    if not aversion >= 0:
        raise UsageError(f"atkinson: aversion is {aversion}; allowed 0 or more.")
    x, w = numbers("atkinson", values, weights, least=0.0)
    w = w / w.sum()
    mean = float((w * x).sum())
    if mean == 0:
        return math.nan
    if aversion >= 1 and (x[w > 0] == 0).any():
        return 1.0
    if aversion == 1:
        return float(1 - math.exp((w[w > 0] * np.log(x[w > 0])).sum()) / mean)
    power = 1 - aversion
    return float(1 - (w[w > 0] * x[w > 0] ** power).sum() ** (1 / power) / mean)


@dataclass(frozen=True, slots=True)
class Extremes:
    """The best and the worst of some groups: which they are, their difference, and their ratio (NaN over zero)."""

    best: str
    worst: str
    difference: float
    ratio: float


def extremes(values: ArrayLike, names: ArrayLike) -> Extremes:
    """Return the difference and the ratio of the group with the highest value and the one with the lowest."""
    x, _ = numbers("extremes", values)
    label = np.asarray(names).astype(str)
    if label.shape != x.shape:
        raise DataError(f"extremes: {label.size} names for {x.size} values; needed one each.")
    order = np.lexsort((label, x))
    low, high = order[0], order[-1]
    ratio = float(x[high] / x[low]) if x[low] != 0 else math.nan
    return Extremes(str(label[high]), str(label[low]), float(x[high] - x[low]), ratio)


def coverage_gap(served: ArrayLike, need: ArrayLike) -> Float:
    """Return 1 - served / need by group, shape (g,): the share of need that is not met; NaN where there is none."""
    top, _ = numbers("coverage_gap", served, least=0.0)
    bottom, _ = numbers("coverage_gap", need, least=0.0)
    if top.shape != bottom.shape:
        raise DataError(f"coverage_gap: {top.size} groups served and {bottom.size} in need; needed the same groups.")
    out = np.full(top.size, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return np.asarray(1 - out, dtype=np.float64)


def slope_index(values: ArrayLike, order: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the slope index of inequality: the fitted difference between the highest rank (1) and the lowest (0).

    Weighted least squares of the values on their fractional ranks.
    """
    y, w = numbers("slope_index", values, weights)
    r = ranks(order, w)
    w = w / w.sum()
    away = r - (w * r).sum()
    spread = float((w * away**2).sum())
    return math.nan if spread == 0 else float((w * away * y).sum() / spread)


def change(index: Callable[[Float], float], base: ArrayLike, pilot: ArrayLike, *, unit: str = "index",
           level: float = 0.95) -> Estimate:
    """Return by how much a policy changes an index: the mean paired difference over replicates with its interval.

    Parameters
    ----------
    index : callable
        Of the values of one world, shape (n,), such as `gini`; use a lambda for more arguments.
    base, pilot : array of shape (replicates, n)
        What everyone (or every group) has in the two twin worlds, replicate by replicate.

    Raises
    ------
    DataError
        When the worlds do not pair, or there are fewer than two replicates.
    """
    one, other = np.asarray(base, dtype=np.float64), np.asarray(pilot, dtype=np.float64)
    if one.ndim != 2 or other.ndim != 2 or len(one) != len(other) or len(one) < 2:
        raise DataError(f"change: base has shape {one.shape} and pilot {other.shape}; needed rows of two replicates or "
                        "more, as many in each.")
    away = np.array([index(b) - index(a) for a, b in zip(one, other, strict=True)])
    se = float(away.std(ddof=1) / math.sqrt(away.size))
    mean, half = float(away.mean()), t_quantile(level, away.size - 1) * se
    return Estimate(mean, se, mean - half, mean + half, level, unit, away.size, "total",
                    "change of an index, paired over replicates", ("the model",))
