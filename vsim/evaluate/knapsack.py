"""The best mix of policies that are on or off under a budget, where effects add up; and whether they do.

Maximise the sum of values of what is chosen, subject to the sum of costs, by mixed-integer programming (HiGHS, in
scipy). Effects of policies seldom add up exactly, so a mix chosen in this way is run as a whole before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.errors import DataError, UsageError
from vsim.evaluate.intervals import t_quantile

Float = NDArray[np.float64]
TOLERANCE = 0.1               # share of the sum by which a whole may differ and still count as a sum


@dataclass(frozen=True, slots=True)
class Additivity:
    """Whether the effect of a mix is the sum of the effects of its parts.

    Attributes
    ----------
    total, joint : float
        Sum of the parts by themselves, and the mix as a whole.
    gap, low, high : float
        Whole less sum, paired over replicates, with its interval.
    holds : bool
        Whether the gap is at most a tenth of the sum.
    """

    total: float
    joint: float
    gap: float
    low: float
    high: float
    holds: bool


def knapsack(values: ArrayLike, costs: ArrayLike, budget: float,
             apart: Iterable[tuple[int, int]] = ()) -> NDArray[np.bool_]:
    """Return which items to take, shape (n,).

    Parameters
    ----------
    values, costs : array of shape (n,)
    budget : float
    apart : iterable of (int, int)
        Pairs of items that exclude each other.

    Raises
    ------
    DataError
        When numbers are missing or shapes differ.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    v, c = np.asarray(values, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    if v.shape != c.shape or v.ndim != 1 or not (np.isfinite(v).all() and np.isfinite(c).all()):
        raise DataError(f"knapsack: {v.size} values and {c.size} costs; needed one finite number of each for every "
                        "item.")
    if not budget >= 0:
        raise UsageError(f"knapsack: budget is {budget}; allowed 0 or more.")
    rows, tops = [c], [float(budget)]
    for one, other in apart:
        row = np.zeros(v.size)
        row[[one, other]] = 1.0
        rows.append(row)
        tops.append(1.0)
    if v.size == 0:
        return np.zeros(0, dtype=np.bool_)
    done = milp(-v, constraints=LinearConstraint(np.stack(rows), ub=np.array(tops)), integrality=np.ones(v.size),
                bounds=Bounds(0, 1))
    if done.x is None:
        raise DataError(f"knapsack: no choice keeps the budget of {budget:g}; a policy may cost less than nothing.")
    return np.asarray(np.rint(done.x) > 0, dtype=np.bool_)


def additivity(parts: ArrayLike, joint: ArrayLike, *, level: float = 0.95) -> Additivity:
    """Return whether the effect of a mix is the sum of the effects of its parts.

    Parameters
    ----------
    parts : array of shape (parts, replicates)
        Effect of each part by itself, under the same luck as the mix.
    joint : array of shape (replicates,)
    """
    single, whole = np.asarray(parts, dtype=np.float64), np.asarray(joint, dtype=np.float64)
    if single.ndim != 2 or single.shape[1:] != whole.shape or whole.size < 2:
        raise DataError(f"additivity: parts have shape {single.shape}, the mix {whole.shape}; needed the same two "
                        "replicates or more.")
    total = single.sum(axis=0)
    gap = whole - total
    half = t_quantile(level, gap.size - 1) * float(gap.std(ddof=1)) / np.sqrt(gap.size)
    mean, size = float(gap.mean()), TOLERANCE * abs(float(total.mean()))
    return Additivity(float(total.mean()), float(whole.mean()), mean, mean - half, mean + half, bool(abs(mean) <= size))
