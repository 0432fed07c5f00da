"""Indicators of people: reach, funnel, activity, retention, intensity, diversity.

Plain arguments are tables, keywords are names of columns (those of vsim's tables unless others are given), windows and
settings. A window runs from `start` up to and without `end`; by default it is the last 52 weeks of the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.evaluate.kpi.parts import Parts, codes
from vsim.evaluate.kpi.rows import WEEK, YEAR, Day, Float, days, floats, inside, needs, once, options, per, window

if TYPE_CHECKING:
    import pandas as pd

STAGES = ("trained", "first_shift", "third_shift")
VERIFIED = "verified"
THIRD = 3
FOREVER = 10**9               # shifts, more than anybody has


def reach(recall_survey: pd.DataFrame, *, asked: str = "asked", recalled: str = "recalled",
          cluster: str = "district") -> Parts:
    """Return the share of people asked who have met the message: 1, by a survey of the target population."""
    rows = needs("reach", recall_survey, asked, recalled, cluster)
    return Parts(rows, floats(rows, recalled), floats(rows, asked), "ratio", cluster=cluster)


def funnel_step(
    volunteers: pd.DataFrame, training_records: pd.DataFrame, service_records: pd.DataFrame, *,
    volunteer: str = "volunteer_id", registered_on: str = "registered_on", date: str = "date",
    verify_state: str | None = None, stage: str = "first_shift", within: int = 90, since: Day = None, end: Day = None,
) -> Parts:
    """Return the share of a cohort that reaches a stage within some days of registering (2, 3).

    The cohort are those registered from `since` on (by default from the first day with a record on) early enough that
    `within` days were seen; with `verify_state` only verified records count.
    """
    options("funnel_step", "stage", stage, STAGES)
    people = needs("funnel_step", volunteers, volunteer, registered_on)
    once("funnel_step", people, volunteer)
    source = training_records if stage == "trained" else service_records
    rows = needs("funnel_step", source, volunteer, date, *([] if verify_state is None else [verify_state]))
    if verify_state is not None:
        rows = rows[rows[verify_state] == VERIFIED]
    on = days(rows, date)
    last = window("funnel_step", days(service_records, date), None, end)[1]
    first = days(service_records, date).min() if since is None else window("funnel_step", on, since, last)[0]
    joined = days(people, registered_on)
    order = on.groupby(rows[volunteer]).rank(method="first")
    chosen = order == (THIRD if stage == "third_shift" else 1)
    reached = dict(zip(rows[volunteer][chosen], on[chosen], strict=True))
    at = days(people.assign(at=people[volunteer].map(reached)), "at")
    wait = (at - joined).dt.days.to_numpy(dtype=np.float64)
    cohort = ((joined >= first) & (last - joined >= np.timedelta64(within, "D"))).to_numpy(dtype=bool)
    hit = cohort & (wait <= within)
    return Parts(people, hit.astype(np.float64), cohort.astype(np.float64), "share")


def _active(rows: pd.DataFrame, people: pd.Series, volunteer: str, date: str, ends: tuple[Any, Any]) -> Float:
    """Return whether each volunteer has a record in a window, 0 or 1, shape (volunteers,)."""
    seen = rows[inside(days(rows, date), ends)]
    return (per(seen, volunteer, people) > 0).astype(np.float64)


def active_rate(
    volunteers: pd.DataFrame, service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date",
    registered_on: str = "registered_on", gone: str | None = None, start: Day = None, end: Day = None,
) -> Parts:
    """Return the share of those registered before the end of a window who have a record in it (4).

    `gone` names a column that is true for those who have left; they are counted nowhere.
    """
    people = needs("active_rate", volunteers, volunteer, registered_on, *([] if gone is None else [gone]))
    once("active_rate", people, volunteer)
    rows = needs("active_rate", service_records, volunteer, date)
    ends = window("active_rate", days(rows, date), start, end)
    there = (days(people, registered_on) < ends[1]).to_numpy(dtype=np.float64)
    if gone is not None:
        there *= 1 - floats(people, gone)
    return Parts(people, there * _active(rows, people[volunteer], volunteer, date, ends), there, "share")


def retention(
    volunteers: pd.DataFrame, service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date",
    length: int = YEAR // 2, end: Day = None,
) -> Parts:
    """Return the share of those active in one window who are active in the next (5); the second ends at `end`."""
    return _twice("retention", volunteers, service_records, (volunteer, date), length, end, back=False)


def reactivation(
    volunteers: pd.DataFrame, service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date",
    length: int = YEAR // 4, end: Day = None,
) -> Parts:
    """Return the share of the lapsed who come back in the last window (9).

    The lapsed were active before the window that comes before it, and not in that one.
    """
    return _twice("reactivation", volunteers, service_records, (volunteer, date), length, end, back=True)


def _twice(who: str, volunteers: pd.DataFrame, records: pd.DataFrame, names: tuple[str, str], length: int, end: Day, *,
           back: bool) -> Parts:
    volunteer, date = names
    people, rows = needs(who, volunteers, volunteer), needs(who, records, volunteer, date)
    once(who, people, volunteer)
    on, span = days(rows, date), np.timedelta64(length, "D")
    first, last = window(who, on, None, end, length)
    before = _active(rows, people[volunteer], volunteer, date, (first - span, first))
    now = _active(rows, people[volunteer], volunteer, date, (first, last))
    if back:
        ever = _active(rows, people[volunteer], volunteer, date, (on.min(), first - span)) if len(rows) else before
        before = ever * (1 - before)
    return Parts(people, before * now, before, "share")


def committed_retention(terms: pd.DataFrame, *, agreed: str = "agreed_until", served: str = "served_until",
                        end: Day = None) -> Parts:
    """Return the share of agreed terms that have ended which were served to their end (6)."""
    rows = needs("committed_retention", terms, agreed, served)
    until = window("committed_retention", days(rows, agreed), None, end)[1]
    over = (days(rows, agreed) < until).to_numpy(dtype=np.float64)
    kept = (days(rows, served) >= days(rows, agreed)).to_numpy(dtype=np.float64)
    return Parts(rows, over * kept, over, "share")


def survival(
    service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date", gap: int = YEAR // 2,
    end: Day = None, shape: str = "survival_median",
) -> Parts:
    """Return how long people go on from their first record, in weeks (7), by Kaplan and Meier.

    Who has no record for `gap` days has left on the day of the last one; `gap` is a choice: show it with others.
    """
    options("survival", "shape", shape, ("survival_median", "survival_year"))
    rows = needs("survival", service_records, volunteer, date)
    on = days(rows, date)
    last = window("survival", on, None, end)[1]
    spells = on[on < last].groupby(rows[volunteer]).agg(["min", "max"]).reset_index()
    silent = (last - spells["max"]).dt.days.to_numpy(dtype=np.float64)
    left = silent > gap
    gone = (spells["max"] - spells["min"]).dt.days.to_numpy(dtype=np.float64)
    seen = (last - spells["min"]).dt.days.to_numpy(dtype=np.float64)
    weeks = np.where(left, gone, seen) / WEEK
    return Parts(spells, weeks, left.astype(np.float64), "shape", "weeks" if shape == "survival_median" else "share",
                 shape=shape, method=f"exit after {gap} days without a record")


def turnover(weekly: pd.DataFrame, *, left: str = "left", headcount: str = "volunteers", week: str = "week",
             cluster: str = "district") -> Parts:
    """Return those who left over the mean headcount, for a year of 52 weeks (8), from weekly counts."""
    rows = needs("turnover", weekly, left, headcount, week, cluster)
    return Parts(rows, floats(rows, left), floats(rows, headcount) / (YEAR // WEEK), "ratio", "per year",
                 cluster=cluster)


def hours_per_person(
    volunteers: pd.DataFrame, service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date",
    hours: str = "hours", of: str = "active", shape: str = "", start: Day = None, end: Day = None,
) -> Parts:
    """Return hours of a window for each active, or registered, volunteer (10, 53): mean, median, top tenth or Gini."""
    options("hours_per_person", "of", of, ("active", "registered"))
    people = needs("hours_per_person", volunteers, volunteer)
    once("hours_per_person", people, volunteer)
    rows = needs("hours_per_person", service_records, volunteer, date, hours)
    rows = rows[inside(days(rows, date), window("hours_per_person", days(rows, date), start, end))]
    given = per(rows, volunteer, people[volunteer], floats(rows, hours))
    counts = (given > 0).astype(np.float64) if of == "active" else np.ones(len(people))
    unit = "share" if shape == "top_tenth" else "index" if shape == "gini" else "h per volunteer"
    return Parts(people, given, counts, "shape" if shape else "ratio", unit, shape=shape)


def intensity(
    volunteers: pd.DataFrame, service_records: pd.DataFrame, *, volunteer: str = "volunteer_id", date: str = "date",
    least: int = 1, most: int = FOREVER, start: Day = None, end: Day = None,
) -> Parts:
    """Return the share of the active with `least` to `most` records in a window (11): episodic, regular, core."""
    people, rows = needs("intensity", volunteers, volunteer), needs("intensity", service_records, volunteer, date)
    once("intensity", people, volunteer)
    rows = rows[inside(days(rows, date), window("intensity", days(rows, date), start, end))]
    count = per(rows, volunteer, people[volunteer])
    some = (count >= least) & (count <= most)
    return Parts(people, some.astype(np.float64), (count > 0).astype(np.float64), "share")


def diversity(volunteers: pd.DataFrame, *, group: str = "education") -> Parts:
    """Return Simpson's diversity of volunteers over groups (25): how often two of them are of different groups."""
    rows = needs("diversity", volunteers, group)
    return Parts(rows, codes(rows[group]).astype(np.float64), np.ones(len(rows)), "shape", "index", shape="simpson")


def representation(volunteers: pd.DataFrame, population: pd.DataFrame, *, group: str = "sex", persons: str = "persons",
                   label: str = "F") -> Parts:
    """Return the share of a group among volunteers over its share in the population (25); 1 is even."""
    rows = needs("representation", volunteers, group)
    people = needs("representation", population, group, persons)
    count = floats(people, persons)
    share = float(count[(people[group].astype(str) == label).to_numpy()].sum() / count.sum()) if count.sum() else 0.0
    mine = np.asarray(rows[group].astype(str) == label, dtype=np.float64)
    return Parts(rows, mine, np.full(len(rows), share), "ratio", "ratio")
