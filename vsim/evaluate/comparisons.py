"""What a register alone would suggest: simple comparisons of districts, with their errors across districts.

They are shown beside the truth to be judged, not to be believed. Each takes one row a district with the outcome before
and after, so serial correlation within a district does not shrink the error (Bertrand, Duflo and Mullainathan 2004).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError
from vsim.evaluate.intervals import t_quantile
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]


def _mean(values: Float) -> tuple[float, float, int]:
    if values.size < 2:
        raise DataError(f"comparison: {values.size} district on one side; needed 2 or more for an error.")
    return float(values.mean()), float(values.var(ddof=1) / values.size), values.size


def _estimate(value: float, variance: float, freedom: float, n: int, unit: str, method: str, level: float,
              assumption: str) -> Estimate:
    se = math.sqrt(variance)
    half = t_quantile(level, max(1, math.floor(freedom + 1e-6))) * se    # 9.9999999 is 10, whatever the order of rows
    return Estimate(value, se, value - half, value + half, level, unit, n, "att", method, (assumption,))


def _two(a: Float, b: Float, unit: str, method: str, level: float, assumption: str) -> Estimate:
    """Return the difference of two means with Welch's error and degrees of freedom."""
    (ma, va, na), (mb, vb, nb) = _mean(a), _mean(b)
    total = va + vb
    freedom = total**2 / (va**2 / (na - 1) + vb**2 / (nb - 1)) if total > 0 else na + nb - 2
    return _estimate(ma - mb, total, freedom, na + nb, unit, method, level, assumption)


def before_after(districts: pd.DataFrame, *, treated: str, before: str, after: str, unit: str,
                 level: float = 0.95) -> Estimate:
    """Return the change of treated districts.

    Parameters
    ----------
    districts : DataFrame
        One row a district.
    treated, before, after : str
        Columns: whether the policy applies there (bool), the outcome before and after its start.
    unit : str
        Unit of the outcome.
    """
    own = districts[districts[treated]]
    mean, variance, n = _mean((own[after] - own[before]).to_numpy(dtype=np.float64))
    return _estimate(mean, variance, n - 1, n, unit, "before and after", level, "nothing else changed over time")


def with_without(districts: pd.DataFrame, *, treated: str, after: str, unit: str, level: float = 0.95) -> Estimate:
    """Return treated districts minus the others, after the start; arguments as for `before_after`."""
    on = districts[treated].to_numpy(dtype=bool)
    outcome = districts[after].to_numpy(dtype=np.float64)
    return _two(outcome[on], outcome[~on], unit, "with and without", level, "districts were alike before")


def difference_in_differences(districts: pd.DataFrame, *, treated: str, before: str, after: str, unit: str,
                              level: float = 0.95) -> Estimate:
    """Return the change of treated districts minus that of the others; arguments as for `before_after`."""
    on = districts[treated].to_numpy(dtype=bool)
    change = (districts[after] - districts[before]).to_numpy(dtype=np.float64)
    return _two(change[on], change[~on], unit, "difference in differences", level, "parallel trends")
