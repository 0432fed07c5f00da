"""How sure an indicator is: Wilson's interval of a share, Byar's of a rate, a bootstrap of whole clusters for the rest.

Sources: Wilson (1927); Newcombe (1998) for the difference of two shares; Breslow and Day (1987), volume II, for Byar's
approximation to the exact Poisson limits; Field and Welsh (2007) for resampling clusters whole.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from vsim.evaluate.luck import luck

Float = NDArray[np.float64]
Ends = tuple[float, float]
NOWHERE: Ends = (math.nan, math.nan)
DRAWS = 999                   # resamples of clusters
MANY = 2000                   # clusters above which the linear form serves in place of resampling


def normal(level: float) -> float:
    """Return the half-width of a normal interval in standard errors."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(top: float, bottom: float, level: float = 0.95) -> Ends:
    """Return Wilson's score interval of a share; without trials there is none.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if bottom <= 0:
        return NOWHERE
    z, p = normal(level), top / bottom
    middle = (p + z**2 / (2 * bottom)) / (1 + z**2 / bottom)
    half = z / (1 + z**2 / bottom) * math.sqrt(p * (1 - p) / bottom + z**2 / (4 * bottom**2))
    low = 0.0 if top <= 0 else middle - half
    high = 1.0 if top >= bottom else middle + half
    return low, high


def byar(events: float, exposure: float, level: float = 0.95) -> Ends:
    """Return the interval of a rate of events, known from their number alone; none without exposure.

    Examples
    --------
    >>> [round(end, 2) for end in byar(10, 1)]
    [4.79, 18.39]
    """
    if exposure <= 0:
        return NOWHERE
    z, more = normal(level), events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3 if events > 0 else 0.0
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return max(0.0, low) / exposure, high / exposure


def newcombe(top: float, bottom: float, other_top: float, other_bottom: float, level: float = 0.95) -> Ends:
    """Return the interval of a share less another share, from the Wilson interval of each.

    Examples
    --------
    >>> [round(end, 4) for end in newcombe(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    if bottom <= 0 or other_bottom <= 0:
        return NOWHERE
    p, q = top / bottom, other_top / other_bottom
    (low, high), (low2, high2) = wilson(top, bottom, level), wilson(other_top, other_bottom, level)
    return (p - q - math.hypot(p - low, high2 - q), p - q + math.hypot(high - p, q - low2))


def weights(clusters: int, draws: int, seed: int, sizes: Float | None = None) -> NDArray[np.int64]:
    """Return how often each cluster is drawn in each resample, shape (draws, clusters); clusters stand in one order.

    `sizes` are numbers of units that are alike and each drawn by itself, where a row stands for many.
    """
    chance = np.full(clusters, 1 / clusters) if sizes is None else sizes / sizes.sum()
    many = clusters if sizes is None else int(sizes.sum())
    return np.asarray(luck(seed).multinomial(many, chance, size=draws), dtype=np.int64)


def resampled(top: Float, bottom: Float, *, level: float = 0.95, seed: int = 1, draws: int = DRAWS) -> Ends:
    """Return the interval of a ratio of sums over clusters, by drawing whole clusters again.

    Parameters
    ----------
    top, bottom : ndarray of float, shape (clusters,)
        Sums of each cluster, in an order that does not depend on that of the rows.

    Returns
    -------
    (float, float)
        Percentiles of the resamples; above `MANY` clusters the linear form of the ratio, which they then equal but for
        the luck of drawing. None for fewer than two clusters.
    """
    if top.size < 2 or bottom.sum() == 0:
        return NOWHERE
    if top.size > MANY:
        value = top.sum() / bottom.sum()
        away = top - value * bottom
        half = normal(level) * math.sqrt(top.size / (top.size - 1) * float((away**2).sum())) / abs(bottom.sum())
        return float(value - half), float(value + half)
    drawn = weights(top.size, draws, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (drawn @ top) / (drawn @ bottom)
    return percentiles(ratios, level)


def percentiles(found: Float, level: float) -> Ends:
    """Return the ends of the middle share of resamples, those without a value left out."""
    some = found[np.isfinite(found)]
    if some.size == 0:
        return NOWHERE
    low, high = np.quantile(some, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
