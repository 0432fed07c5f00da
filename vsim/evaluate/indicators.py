"""Indicators: what a number means - numerator, denominator, window, unit - in one list.

An indicator is computed from weekly counts (arrays whose last axis is the week). A rate over a stock divides by the
mean stock of the window and is stated for a year of 52 weeks; a ratio divides one count by another; a share of a year
counts each person once in a window of 52 weeks and is known for whole windows only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError, did_you_mean

YEAR = 52
Float = NDArray[np.float64]
Kind = Literal["rate", "ratio", "yearly", "stock", "share_year"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; `kind` says how numerator and denominator meet.

    rate: sum of the numerator over the mean stock of the denominator, per year. ratio: sum over sum. yearly: sum per
    year. stock: mean over the window. share_year: persons counted once in a 52-week window over the mean stock.
    """

    key: str
    label: str
    unit: str
    kind: Kind
    numerator: str
    denominator: str | None = None
    scale: float = 1.0
    view: Literal["truth", "register"] = "truth"


ALL = (
    Indicator("hours_per_registered", "True hours per registered volunteer", "h per registered volunteer-year", "rate",
              "hours", "registered", 0.25),
    Indicator("person_times_per_registered", "Attendances per registered volunteer",
              "attendances per registered volunteer-year", "rate", "attended", "registered"),
    Indicator("verified_hours_per_registered", "Verified hours per registered volunteer",
              "h per registered volunteer-year", "rate", "verified_hours", "registered", 0.25, "register"),
    Indicator("recorded_hours_per_registered", "Recorded hours per registered volunteer",
              "h per registered volunteer-year", "rate", "recorded_hours", "registered", 0.25, "register"),
    Indicator("hours_per_volunteer", "True hours per volunteer ready to serve", "h per volunteer-year", "rate", "hours",
              "volunteers", 0.25),
    Indicator("hours", "True hours", "h per year", "yearly", "hours", None, 0.25),
    Indicator("recorded_hours", "Recorded hours", "h per year", "yearly", "recorded_hours", None, 0.25, "register"),
    Indicator("attendances", "Attendances", "attendances per year", "yearly", "attended"),
    Indicator("registered", "Registered volunteers", "persons", "stock", "registered"),
    Indicator("volunteers", "Volunteers ready to serve", "persons", "stock", "volunteers"),
    Indicator("joined", "New registrations", "persons per year", "yearly", "joined"),
    Indicator("left", "Volunteers who leave", "persons per year", "yearly", "left"),
    Indicator("active_share_year", "Active registered volunteers (a record in 52 weeks)",
              "share of registered volunteers", "share_year", "active_year", "registered", 1.0, "register"),
    Indicator("served_share_year", "Registered volunteers who truly served in 52 weeks",
              "share of registered volunteers", "share_year", "served_year", "registered"),
    Indicator("active_share_week", "Volunteers who serve in a week", "share of volunteers ready to serve", "ratio",
              "serving", "volunteers"),
    Indicator("hours_per_attendance", "Hours of an attendance", "h per attendance", "ratio", "hours", "attended", 0.25),
    Indicator("unplaced_share", "Willing volunteers who find no seat", "share of the willing", "ratio", "unplaced",
              "willing"),
    Indicator("no_show_share", "Placed volunteers who do not come", "share of the placed", "ratio", "absent", "placed"),
    Indicator("record_ratio", "Recorded hours, second copies included, over true hours", "ratio", "ratio",
              "all_recorded_hours", "hours", 1.0, "register"),
    Indicator("fill_rate", "Seats filled", "share of seats", "ratio", "filled", "seats"),
    Indicator("staffed_rate", "Seats staffed", "share of seats", "ratio", "staffed", "seats"),
    Indicator("trained", "Volunteers who pass a course", "persons per year", "yearly", "trained"),
    Indicator("stars", "Stars granted", "stars per year", "yearly", "stars"),
    Indicator("points_held", "Points held", "points", "stock", "points_held"),
)
BY_KEY = {indicator.key: indicator for indicator in ALL}


def indicator(key: str) -> Indicator:
    """Return the indicator of a key, or raise UsageError naming the nearest."""
    found = BY_KEY.get(key)
    if found is None:
        raise UsageError(
            f"indicator is '{key}'; allowed {', '.join(BY_KEY)}.{did_you_mean(key, BY_KEY)}"
        )
    return found


def measure(what: Indicator, columns: Mapping[str, NDArray[np.int64]], first: int | None = None) -> Float:
    """Return the indicator from weekly counts; the last axis (weeks) is used up.

    Parameters
    ----------
    what : Indicator
    columns : mapping of column to ndarray of shape (..., weeks)
        Weekly counts of the window; "all_recorded_hours" is recorded plus second copies.
    first : int, optional
        Week of the run in which the window begins. The years of a share of a year are counted from week 0, so only
        those that lie wholly in the window are used; without it the window must end with such a year.

    Returns
    -------
    ndarray of float, shape (...)
        NaN where the denominator is zero: nothing over nothing is not zero.
    """
    top = _column(columns, what.numerator)
    weeks = top.shape[-1]
    if what.kind == "share_year":
        begin = weeks % YEAR if first is None else -first % YEAR
        years = (weeks - begin) // YEAR
        if years <= 0:
            return np.full(top.shape[:-1], np.nan)
        span = slice(begin, begin + years * YEAR)
        stock = _column(columns, str(what.denominator))[..., span].mean(axis=-1)
        return _over(top[..., span].sum(axis=-1) * what.scale / years, stock)
    total = top.sum(axis=-1) * what.scale
    if what.kind == "yearly":
        return np.asarray(total * YEAR / max(weeks, 1), dtype=np.float64)
    if what.kind == "stock":
        return np.asarray(total / max(weeks, 1), dtype=np.float64)
    bottom = _column(columns, str(what.denominator))
    if what.kind == "rate":
        return _over(total * YEAR / max(weeks, 1), bottom.mean(axis=-1) if weeks else np.zeros(top.shape[:-1]))
    return _over(total, bottom.sum(axis=-1))


def _column(columns: Mapping[str, NDArray[np.int64]], name: str) -> NDArray[np.int64]:
    if name == "all_recorded_hours":
        return columns["recorded_hours"] + columns["copied_hours"]
    return columns[name]


def _over(top: Float, bottom: Float) -> Float:
    top, bottom = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    out = np.full(np.broadcast(top, bottom).shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom != 0)
    return out
