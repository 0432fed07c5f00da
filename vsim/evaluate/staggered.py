"""Staggered roll-outs: estimators that compare each cohort with those not treated then, and event studies.

Callaway and Sant'Anna (2021), Sun and Abraham (2021), imputation (Borusyak, Jaravel and Spiess 2024), by `diff-diff`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import changes_within, level_of, library, once_each, picked, prepared
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

METHODS = {
    "callaway_santanna": "Callaway and Sant'Anna", "sun_abraham": "Sun and Abraham", "imputation": "imputation (BJS)",
}
CONTROLS = {"never": "never_treated", "not_yet": "not_yet_treated"}
PARALLEL = ("parallel trends in every cohort", "no anticipation", "a start is final")


def staggered_did(
    frame: pd.DataFrame, *, outcome: str, unit: str, time: str, start: str, method: str = "callaway_santanna",
    control: str = "not_yet", measured_in: str = "", level: float = 0.95,
) -> Estimate:
    """Return the average effect on the treated of a roll-out in steps.

    Parameters
    ----------
    frame : DataFrame
        One row for each unit and time.
    outcome, unit, time : str
        Columns; times are numbers.
    start : str
        Column: the time at which the unit starts, missing for one that never does; one value for each unit.
    method : {"callaway_santanna", "sun_abraham", "imputation"}
        Average over group-time effects by size of cohort, over cohorts and times since the start, or over treated rows.
    control : {"not_yet", "never"}
        Whom Callaway and Sant'Anna compare with; Sun and Abraham take those never treated.
    """
    found, units = _fit("staggered_did", frame, outcome, unit, time, start, method, control, level, None)
    low, high = found.overall_conf_int
    return answer(found.overall_att, found.overall_se, level=level, n=units, estimand="att", method=METHODS[method],
                  library="diff-diff", unit=measured_in, assumptions=PARALLEL, low=low, high=high)


def event_study(
    frame: pd.DataFrame, *, outcome: str, unit: str, time: str, start: str, method: str = "callaway_santanna",
    control: str = "not_yet", measured_in: str = "", level: float = 0.95,
) -> dict[int, Estimate]:
    """Return the effect by time since the start; arguments as for `staggered_did`.

    Before the start the estimates are placebo effects. The period of reference, whose effect is nought by construction,
    is left out.
    """
    found, units = _fit("event_study", frame, outcome, unit, time, start, method, control, level, "event_study")
    out = {}
    for since, one in sorted(found.event_study_effects.items()):
        if np.isfinite(one["se"]) and one["se"] > 0:
            low, high = one["conf_int"]
            out[int(since)] = answer(
                one["effect"], one["se"], level=level, n=units, estimand=f"att({int(since)})",
                method=f"{METHODS[method]}, by time since the start", library="diff-diff", unit=measured_in,
                assumptions=PARALLEL, low=low, high=high)
    return out


def _fit(
    who: str, frame: pd.DataFrame, outcome: str, unit: str, time: str, start: str, method: str, control: str,
    level: float, aggregate: str | None,
) -> tuple[Any, int]:
    """Return what the library found, and the number of units."""
    import diff_diff

    level_of(who, level)
    picked(who, "method", method, METHODS)
    picked(who, "control", control, CONTROLS)
    table = prepared(who, frame, {"unit": (unit, "group"), "time": (time, "number"), "outcome": (outcome, "number"),
                                  "start": (start, "start")})
    once_each(who, table)
    if changes_within(table, "unit", "start"):
        raise DataError(f"{who}: '{start}' differs within a {unit}; allowed one start for each.")
    first = table["time"].min()
    inside = table["start"].between(first, table["time"].max(), inclusive="right")
    if not inside.any():
        raise DataError(f"{who}: no {unit} starts after the first time and within the data; needed one or more.")
    if (method == "sun_abraham" or control == "never") and not table["start"].isna().any():
        raise DataError(f"{who}: every {unit} starts at some time; needed some that never do (a missing '{start}'). "
                        "Use control='not_yet' with method callaway_santanna or imputation.")
    table = table[~(table["start"] <= first)]           # treated in every row: they have no before
    table = table.assign(start=(table["start"] - first + 1).fillna(0.0), time=table["time"] - first + 1)
    makers = {
        "callaway_santanna": lambda: diff_diff.CallawaySantAnna(control_group=CONTROLS[control], alpha=1 - level),
        "sun_abraham": lambda: diff_diff.SunAbraham(alpha=1 - level),
        "imputation": lambda: diff_diff.ImputationDiD(alpha=1 - level),
    }
    kept = {} if method == "sun_abraham" else {"aggregate": aggregate}
    with library(who):
        found = makers[method]().fit(table, outcome="outcome", unit="unit", time="time", first_treat="start", **kept)
    return found, int(table["unit"].nunique())
