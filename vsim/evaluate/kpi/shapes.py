"""Statistics that are no ratio of sums: quantiles, concentration, diversity, survival, the weakest of several shares.

Each takes `top` and `bottom` of the rows (what they are is said with each) and weights, and returns one number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from vsim.evaluate.equity import gini

Float = NDArray[np.float64]
Shape = Callable[[Float, Float, Float], float]
TENTH = 0.1


def quantile(top: Float, weights: Float, at: float) -> float:
    """Return the smallest value that a share `at` of the weight does not exceed."""
    some = weights > 0
    if not some.any():
        return math.nan
    order = np.argsort(top[some], kind="stable")
    reached = np.cumsum(weights[some][order])
    place = int(np.searchsorted(reached, at * reached[-1] * (1 - 1e-12)))
    return float(top[some][order][min(place, reached.size - 1)])


def median(top: Float, bottom: Float, weights: Float) -> float:
    """Return the median of `top`; `bottom` says which rows count (1) and which do not (0)."""
    return quantile(top, weights * bottom, 0.5)


def ninth_decile(top: Float, bottom: Float, weights: Float) -> float:
    """Return the value that nine in ten rows do not exceed."""
    return quantile(top, weights * bottom, 1 - TENTH)


def spread(top: Float, bottom: Float, weights: Float) -> float:
    """Return the Gini coefficient of `top` over the rows that count."""
    some = weights * bottom > 0
    return gini(np.maximum(top[some], 0.0), (weights * bottom)[some]) if some.any() else math.nan


def top_tenth(top: Float, bottom: Float, weights: Float) -> float:
    """Return the share of the total that the tenth of the rows with most of it holds."""
    w = weights * bottom
    total = float((w * top).sum())
    if total <= 0:
        return math.nan
    order = np.argsort(-top, kind="stable")
    w, x = w[order], top[order]
    room = np.clip(TENTH * w.sum() - (np.cumsum(w) - w), 0.0, w)
    return float((room * x).sum() / total)


def simpson(top: Float, bottom: Float, weights: Float) -> float:
    """Return Simpson's diversity 1 - sum of squared shares; `top` is the number of the group of a row."""
    w = weights * bottom
    whole = float(w.sum())
    if whole <= 0:
        return math.nan
    share = np.bincount(top.astype(np.int64), weights=w) / whole
    return float(1 - (share**2).sum())


def survival(top: Float, bottom: Float, weights: Float) -> tuple[Float, Float]:
    """Return the Kaplan-Meier curve: times of events and the share that goes beyond each.

    `top` is a duration, `bottom` whether it ended (1) or was still going on (0).
    """
    times, place = np.unique(top, return_inverse=True)
    ended = np.bincount(place, weights=weights * bottom, minlength=times.size)
    present = np.bincount(place, weights=weights, minlength=times.size)
    at_risk = present[::-1].cumsum()[::-1]
    some = ended > 0
    steps = 1 - ended[some] / at_risk[some]
    return times[some], np.cumprod(steps)


def survival_median(top: Float, bottom: Float, weights: Float) -> float:
    """Return the first time at which half or fewer go on; NaN when more than half still do at the end."""
    times, curve = survival(top, bottom, weights)
    below = np.flatnonzero(curve <= 0.5 * (1 + 1e-12))
    return float(times[below[0]]) if below.size else math.nan


def survival_at(top: Float, bottom: Float, weights: Float, time: float) -> float:
    """Return the share that goes on beyond a time; NaN when nobody was followed so long and some still went on."""
    times, curve = survival(top, bottom, weights)
    before = curve[times <= time]
    value = float(before[-1]) if before.size else 1.0
    followed = bool((weights > 0).any() and top[weights > 0].max() >= time)
    return value if followed or value == 0 else math.nan


def smallest(top: Float, bottom: Float, weights: Float) -> float:
    """Return the smallest `top` of the rows that count."""
    some = weights * bottom > 0
    return float(top[some].min()) if some.any() else math.nan


SHAPES: Mapping[str, Shape] = MappingProxyType({
    "median": median, "ninth_decile": ninth_decile, "gini": spread, "top_tenth": top_tenth, "simpson": simpson,
    "survival_median": survival_median, "smallest": smallest,
    "survival_year": lambda top, bottom, weights: survival_at(top, bottom, weights, 52.0),
})
