"""Classical test theory on a table of points: learners in rows, items in columns; every figure with an interval.

Difficulty is the mean share of an item's points, with Wilson's interval (1927, J. Am. Stat. Assoc. 22, 209-212); for
shares between 0 and 1 it is at least as wide as it need be, since no such share varies more than one that is 0 or 1.
Discrimination is the mean share in the upper less that in the lower 27 % of the class (Kelley 1939, J. Educ. Psychol.
30, 17-24); learners with equal points at the edge share its places. The item-rest correlation has Fisher's interval
(1921, Metron 1, 3-32). Reliability is Cronbach's alpha (1951, Psychometrika 16, 297-334), the standard error of
measurement follows from it. Intervals of discrimination, alpha and this error are percentiles over resampled classes
(Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13), with draws that are the same each time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from vsim.rng import philox4x32, stream_key
from vsim.spec.estimate import Estimate

LEVEL = 0.95
TAIL = 0.27                   # share of a class in its upper and in its lower group
RESAMPLES = 1_000
CHUNK = 100                   # resampled classes at a time
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Theory:
    """What classical test theory says of a table of points.

    Attributes
    ----------
    difficulty, discrimination, item_rest : tuple of Estimate
        By item.
    alpha, sem : Estimate
        Of the whole; the error in points.
    """

    difficulty: tuple[Estimate, ...]
    discrimination: tuple[Estimate, ...]
    item_rest: tuple[Estimate, ...]
    alpha: Estimate
    sem: Estimate


def theory(points: Floats, most: Floats) -> Theory:
    """Return difficulty, discrimination, item-rest correlation, reliability and error of measurement.

    Parameters
    ----------
    points : (n, k)
        Points earned by n learners on k items.
    most : (k,)
        Points of each item.
    """
    n, k = points.shape
    shares = points / most
    total = points.sum(axis=1)
    groups, alphas, errors = _resampled(points, shares, total)
    one = np.ones((1, n))
    found = upper_lower(one, shares, total)[0] if n else np.full(k, np.nan)
    whole = float(alpha_of(one, points)[0]) if n else math.nan
    return Theory(
        tuple(mean_share(shares[:, item]) for item in range(k)),
        tuple(_drawn(float(found[item]), groups[:, item], "share of points", n, "discrimination",
                     "upper less lower 27 %, bootstrap") for item in range(k)),
        tuple(item_rest(points[:, item], total - points[:, item]) for item in range(k)),
        _drawn(whole, alphas, "", n, "reliability", "Cronbach's alpha, bootstrap"),
        _drawn(float(error_of(one, points)[0]) if n else math.nan, errors, "points", n, "error of measurement",
               "from alpha, bootstrap"),
    )


def mean_share(shares: Floats) -> Estimate:
    """Return the mean of shares between 0 and 1, with Wilson's interval."""
    n = len(shares)
    if not n:
        return _estimate(math.nan, math.nan, (0.0, 1.0), "share of points", 0, "difficulty", "mean share, Wilson")
    p = float(np.mean(shares))
    middle, half = (p + Z * Z / (2 * n)) / (1 + Z * Z / n), math.sqrt(max(0.0, p * (1 - p) / n + (Z / (2 * n)) ** 2))
    half *= Z / (1 + Z * Z / n)
    ends = max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))
    return _estimate(p, math.sqrt(max(0.0, p * (1 - p)) / n), ends, "share of points", n, "difficulty",
                     "mean share, Wilson")


def item_rest(item: Floats, rest: Floats) -> Estimate:
    """Return the correlation of an item with the sum of all others; NaN where one of them does not vary."""
    n = len(item)
    r = math.nan
    if n > 2 and np.ptp(item) > 0 and np.ptp(rest) > 0:
        r = float(np.clip(np.corrcoef(item, rest)[0, 1], -1.0, 1.0))
    ends, se = (-1.0, 1.0), math.nan
    if math.isfinite(r) and n > 3:
        se = (1 - r * r) / math.sqrt(n - 1)
        if abs(r) < 1:
            z, half = math.atanh(r), Z / math.sqrt(n - 3)
            ends = math.tanh(z - half), math.tanh(z + half)
        else:
            ends = r, r
    return _estimate(r, se, ends, "", n, "item-rest correlation", "Pearson, Fisher's z")


def upper_lower(weights: Floats, shares: Floats, total: Floats) -> Floats:
    """Return the mean share in the upper less that in the lower 27 %, for each row of weights.

    Parameters
    ----------
    weights : (b, n)
        How often each learner is in a class; every row has the same sum.
    shares : (n, k)
    total : (n,)
        By which learners are ordered; those with equal points share the places at the edge of a group.

    Returns
    -------
    (b, k)
    """
    order = np.argsort(total, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(total[order]) > 0]))
    ordered = weights[:, order]
    count = np.add.reduceat(ordered, starts, axis=1)
    places = TAIL * ordered.sum(axis=1, keepdims=True)
    below = np.cumsum(count, axis=1)
    lower = np.clip(places - (below - count), 0, count)
    upper = np.clip(places - (below[:, -1:] - below), 0, count)
    taken = np.divide(upper - lower, count, out=np.zeros_like(count), where=count > 0) / places
    return np.stack([
        (taken * np.add.reduceat(ordered * shares[order, item], starts, axis=1)).sum(axis=1)
        for item in range(shares.shape[1])
    ], axis=1)


def alpha_of(weights: Floats, points: Floats) -> Floats:
    """Return Cronbach's alpha for each row of weights (b, n); NaN for one item, one learner, or no spread."""
    k = points.shape[1]
    parts, whole = _variances(weights, points)
    safe = np.where(whole > 1e-12, whole, np.nan)
    return k / (k - 1) * (1 - parts / safe) if k > 1 else np.full(len(weights), np.nan)


def error_of(weights: Floats, points: Floats) -> Floats:
    """Return the standard error of measurement for each row of weights: spread of the sum, less what is reliable."""
    _, whole = _variances(weights, points)
    return np.sqrt(np.clip(whole * (1 - alpha_of(weights, points)), 0, None))


def _variances(weights: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Return the sum of the items' variances and that of the whole, for each row of weights."""
    n = weights.sum(axis=1)
    centred = points - points.mean(axis=0)
    both = np.column_stack([centred, centred.sum(axis=1)])
    mean = weights @ both / n[:, None]
    free = np.where(n > 1, n - 1, np.nan)[:, None]
    spread = (weights @ both**2 / n[:, None] - mean**2) * n[:, None] / free
    return spread[:, :-1].sum(axis=1), spread[:, -1]


def _resampled(points: Floats, shares: Floats, total: Floats) -> tuple[Floats, Floats, Floats]:
    """Return discrimination (b, k), alpha (b,) and error (b,) over resampled classes."""
    n, k = points.shape
    if n < 3:
        nothing = np.full(RESAMPLES, np.nan)
        return np.full((RESAMPLES, k), np.nan), nothing, nothing
    groups, alphas, errors = [], [], []
    for first in range(0, RESAMPLES, CHUNK):
        weights = _resampled_weights(n, k, np.arange(first, first + CHUNK))
        groups.append(upper_lower(weights, shares, total))
        alphas.append(alpha_of(weights, points))
        errors.append(error_of(weights, points))
    return np.concatenate(groups), np.concatenate(alphas), np.concatenate(errors)


def _resampled_weights(n: int, k: int, classes: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
    """Return how often each of n learners is in each class; a draw is keyed to n, k, the class and the place in it."""
    word, *_ = philox4x32((np.arange(n), classes[:, None], 0, 0), stream_key(n, k))
    learner = (word.astype(np.uint64) * np.uint64(n)) >> np.uint64(32)
    cell = (learner.astype(np.int64) + n * np.arange(len(classes))[:, None]).ravel()
    return np.bincount(cell, minlength=n * len(classes)).reshape(len(classes), n).astype(float)


def _drawn(value: float, draws: Floats, unit: str, n: int, what: str, method: str) -> Estimate:
    """Return an estimate with the percentiles of its draws; a class in which nothing varies has no interval."""
    real = draws[np.isfinite(draws)]
    if not math.isfinite(value) or len(real) < RESAMPLES / 2 or np.ptp(real) < 1e-12:
        return _estimate(value, math.nan, (math.nan, math.nan), unit, n, what, method)
    low, high = np.quantile(real, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return _estimate(value, float(real.std()), (min(float(low), value), max(float(high), value)), unit, n, what, method)


def _estimate(
    value: float, se: float, ends: tuple[float, float], unit: str, n: int, what: str, method: str
) -> Estimate:
    return Estimate(value, se, *ends, LEVEL, unit, n, what, method)
