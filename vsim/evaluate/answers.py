"""Estimates from what libraries give back, and how an estimate is held against the truth."""

from __future__ import annotations

import math
from functools import cache
from importlib.metadata import version

from vsim.errors import DataError
from vsim.evaluate.intervals import t_quantile
from vsim.spec.estimate import Estimate

NORMAL = 10_000_000           # degrees of freedom at which Student's quantile is the normal one


@cache
def release(library: str) -> str:
    """Return the version of a library."""
    return version(library)


def answer(
    value: float, se: float, *, level: float, n: int, estimand: str, method: str, library: str, unit: str = "",
    assumptions: tuple[str, ...] = (), low: float | None = None, high: float | None = None,
    freedom: float | None = None,
) -> Estimate:
    """Return an estimate; the interval is that of Student's t with `freedom`, or normal, unless its ends are given.

    Raises
    ------
    DataError
        When there is no finite value or standard error: the data do not determine the estimate.
    """
    if not math.isfinite(value) or not math.isfinite(se):
        raise DataError(f"{method}: the data do not determine the estimate (value {value:g}, standard error {se:g}); "
                        "look for groups without variation or too few rows.")
    if low is None or high is None:
        half = t_quantile(level, NORMAL if freedom is None else max(1, math.floor(freedom + 1e-6))) * se
        low, high = value - half, value + half
    return Estimate(float(value), float(se), float(low), float(high), level, unit, int(n), estimand, method,
                    assumptions, library, release(library))


def bias(estimate: Estimate, truth: Estimate) -> float:
    """Return estimate minus truth, in their unit.

    Parameters
    ----------
    estimate, truth : Estimate
        Of one estimand and one unit; a unit that was left empty is no hindrance.

    Raises
    ------
    DataError
        When the two do not mean the same: a good answer to another question is no error of this one.
    """
    if estimate.estimand != truth.estimand:
        raise DataError(f"bias: the estimate is of '{estimate.estimand}', the truth of '{truth.estimand}'; allowed one "
                        "estimand. Ask the study for the truth of that estimand.")
    if estimate.unit and truth.unit and estimate.unit != truth.unit:
        raise DataError(f"bias: the estimate is in '{estimate.unit}', the truth in '{truth.unit}'; allowed one unit.")
    return estimate.value - truth.value


def covers(estimate: Estimate, truth: Estimate) -> bool:
    """Return whether the interval of an estimate holds the true value; the two are compared as by `bias`."""
    bias(estimate, truth)
    return estimate.low <= truth.value <= estimate.high
