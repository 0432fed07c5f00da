"""Straight lines with honest errors: what a city, or a section, adds to what learners earn.

Errors are HC3 (MacKinnon and White 1985, J. Econometrics 29, 305-325; Long and Ervin 2000, Am. Stat. 54, 217-224),
since shares of points spread unequally. Student's quantile is the expansion 26.7.5 of Abramowitz and Stegun (1964).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from vsim.course.items_theory import LEVEL, Floats
from vsim.spec.estimate import Estimate

LEAST = 10                    # learners that a line needs, for each of two groups or in all
SIDES = 2                     # standard deviations between a city of large and one of small values
FREEDOM = 3                   # degrees below which the expansion is not used


@dataclass(frozen=True, slots=True)
class Tilt:
    """What a value, or belonging to a group, adds to the share of points.

    Attributes
    ----------
    name : str
        Of the value of the city, or of the section.
    item : str
        Of the task; "" for the whole unit.
    effect : Estimate
    """

    name: str
    item: str
    effect: Estimate


def hc3(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return least-squares coefficients and their HC3 errors; NaN where the columns of x say the same.

    Parameters
    ----------
    y : (n,)
    x : (n, p)
        With a column of ones where a constant is wanted.
    """
    n, p = x.shape
    if n <= p or np.linalg.matrix_rank(x) < p:
        return np.full(p, np.nan), np.full(p, np.nan)
    bread = np.linalg.inv(x.T @ x)
    slopes = bread @ x.T @ y
    lever = np.clip(np.einsum("ij,jk,ik->i", x, bread, x), 0, 1 - 1e-9)
    left = (y - x @ slopes) / (1 - lever)
    errors = bread @ (x.T * left**2) @ x @ bread
    return slopes, np.sqrt(np.clip(np.diag(errors), 0, None))


def student(level: float, freedom: int) -> float:
    """Return the two-sided quantile of Student's t; infinite below three degrees of freedom."""
    if freedom < FREEDOM:
        return math.inf
    z = NormalDist().inv_cdf(0.5 + level / 2)
    return z + math.fsum(term / freedom**power for power, term in enumerate((
        (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160), start=1))


def city_tilts(share: Floats, values: Mapping[str, Sequence[float]]) -> list[Tilt]:
    """Return how the share of points changes from a city of small to one of large values, for each value of the truth.

    Parameters
    ----------
    share : (n,)
        Share of a unit's points.
    values : mapping of str to sequence of n floats
        What is true of each learner's own city; small and large are one standard deviation below and above the mean.

    Returns
    -------
    list of Tilt
        The largest effect first. Intervals are widened for the number of values that were looked at (Bonferroni).
        Values that do not vary, and classes of fewer than ten, have none.
    """
    n = len(share)
    useful = {name: np.asarray(column, float) for name, column in values.items()}
    useful = {name: column for name, column in useful.items() if np.isfinite(column).all() and column.std() > 0}
    if n < LEAST or not useful:
        return []
    level = 1 - (1 - LEVEL) / len(useful)
    found = []
    for name, column in useful.items():
        x = np.column_stack([np.ones(n), (column - column.mean()) / (SIDES * column.std())])
        slopes, errors = hc3(share, x)
        found.append(Tilt(name, "", _line(float(slopes[1]), float(errors[1]), level, n - 2, n, "seed fairness")))
    return sorted(found, key=lambda one: -abs(one.effect.value))


def section_tilts(
    points: Floats, most: Floats, items: Sequence[str], sections: Sequence[str]
) -> list[Tilt]:
    """Return what belonging to a section adds to an item's share, for learners alike on all the other items.

    The item is regressed on the section and on the share of the other items' points (analysis of covariance); Dorans
    and Holland (1993, in Differential Item Functioning) look twice where such a difference is 0.1 or more. Intervals
    are widened for the number of differences (Bonferroni); a section of fewer than ten has none.

    Parameters
    ----------
    points : (n, k)
    most : (k,)
    items : sequence of k str
    sections : sequence of n str
        "" where the roster names none.
    """
    names = sorted({name for name in sections if name})
    mine = np.asarray(sections, object)
    here = mine != ""
    compared = [name for name in (names[:1] if len(names) == 2 else names)
                if len(items) > 1 and min((mine == name).sum(), (here & (mine != name)).sum()) >= LEAST]
    level = 1 - (1 - LEVEL) / max(1, len(compared) * len(items))
    found = []
    for name in compared:
        inside = (mine == name).astype(float)
        for place, item in enumerate(items):
            others = np.delete(points, place, axis=1).sum(axis=1) / np.delete(most, place).sum()
            x = np.column_stack([np.ones(len(points)), inside, others])[here]
            if np.ptp(x[:, 2]) == 0:
                x = x[:, :2]
            slopes, errors = hc3((points[:, place] / most[place])[here], x)
            n = int(here.sum())
            found.append(Tilt(name, item, _line(float(slopes[1]), float(errors[1]), level, n - x.shape[1], n,
                                                "difference between sections")))
    return found


def _line(value: float, se: float, level: float, freedom: int, n: int, what: str) -> Estimate:
    half = student(level, freedom) * se
    ends: tuple[Any, Any] = (value - half, value + half)
    return Estimate(value, se, *ends, level, "share of points", n, what, "least squares, HC3")
