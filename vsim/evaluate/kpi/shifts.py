"""Indicators of shifts and matching: filled, staffed, absent, late, crowded, quick, skilled, and use of stations.

`activities` has a row for each shift with its places; `attendance` one for each place taken; arguments are as in
`vsim.evaluate.kpi.people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.evaluate.kpi.parts import Parts
from vsim.evaluate.kpi.rows import days, floats, needs, once, options, per

if TYPE_CHECKING:
    import pandas as pd

CAME, ABSENT = "came", "absent"
MINUTES = 60


def fill_rate(activities: pd.DataFrame, attendance: pd.DataFrame, *, activity: str = "activity_id",
              needed: str = "people_needed") -> Parts:
    """Return the share of places that are taken (12): sum min(taken, places) / sum places."""
    shifts, seats = needs("fill_rate", activities, activity, needed), needs("fill_rate", attendance, activity)
    once("fill_rate", shifts, activity)
    places = floats(shifts, needed)
    taken = per(seats, activity, shifts[activity])
    return Parts(shifts, np.minimum(taken, places), places, "ratio", cluster=activity)


def staffed_rate(activities: pd.DataFrame, attendance: pd.DataFrame, *, activity: str = "activity_id",
                 needed: str = "people_needed", status: str = "status", came: str = CAME) -> Parts:
    """Return the share of places whose volunteer came (13): what those who are served feel."""
    shifts, seats = needs("staffed_rate", activities, activity, needed), needs("staffed_rate", attendance, activity,
                                                                              status)
    once("staffed_rate", shifts, activity)
    places = floats(shifts, needed)
    there = per(seats[seats[status] == came], activity, shifts[activity])
    return Parts(shifts, np.minimum(there, places), places, "ratio", cluster=activity)


def no_show(attendance: pd.DataFrame, *, status: str = "status", absent: str = ABSENT,
            stand_in: str = "stand_in") -> Parts:
    """Return the share of those expected who did not come (14); who stands in was not expected."""
    seats = needs("no_show", attendance, status, stand_in)
    expected = 1 - floats(seats, stand_in)
    away = np.asarray(seats[status] == absent, dtype=np.float64)
    return Parts(seats, expected * away, expected, "share")


def late_cancellation(withdrawals: pd.DataFrame, *, notice: str = "notice", in_time: str = "in_time") -> Parts:
    """Return the share of cancellations that came inside the cut-off (15); who gave no notice is a no-show."""
    rows = needs("late_cancellation", withdrawals, notice, in_time)
    told = floats(rows, notice)
    return Parts(rows, told * (1 - floats(rows, in_time)), told, "share")


def over_subscription(activities: pd.DataFrame, sign_ups: pd.DataFrame, *, activity: str = "activity_id",
                      needed: str = "people_needed") -> Parts:
    """Return the share of sign-ups beyond the places (16): sum max(sign-ups - places, 0) / sum sign-ups."""
    shifts, asked = needs("over_subscription", activities, activity, needed), needs("over_subscription", sign_ups,
                                                                                   activity)
    once("over_subscription", shifts, activity)
    count = per(asked, activity, shifts[activity])
    return Parts(shifts, np.maximum(count - floats(shifts, needed), 0), count, "ratio", cluster=activity)


def unplaced_share(weekly: pd.DataFrame, *, unplaced: str = "unplaced", willing: str = "willing",
                   cluster: str = "district") -> Parts:
    """Return the share of those who want to serve in a week and find no place (16), from weekly counts."""
    rows = needs("unplaced_share", weekly, unplaced, willing, cluster)
    return Parts(rows, floats(rows, unplaced), floats(rows, willing), "ratio", cluster=cluster)


def time_to_fill(activities: pd.DataFrame, matches: pd.DataFrame, *, activity: str = "activity_id",
                 needed: str = "people_needed", lead_days: str = "lead_days",
                 accepted_days: str = "accepted_days") -> Parts:
    """Return the median days from posting to the last place taken (17); a shift never filled goes on, by Kaplan-Meier.

    `lead_days` is how long before the shift it was posted, `accepted_days` how long before it each place was taken.
    """
    shifts = needs("time_to_fill", activities, activity, needed, lead_days)
    seats = needs("time_to_fill", matches, activity, accepted_days)
    once("time_to_fill", shifts, activity)
    lead, places = floats(shifts, lead_days), floats(shifts, needed)
    taken = per(seats, activity, shifts[activity])
    order = seats.assign(order=seats.groupby(activity)[accepted_days].rank(method="first", ascending=False))
    wanted = order.merge(shifts[[activity, needed]], on=activity, how="inner")
    last = wanted[wanted["order"] == wanted[needed]].set_index(activity)[accepted_days]
    filled = (taken >= places) & (places > 0)
    at = np.asarray(last.reindex(shifts[activity]), dtype=np.float64)
    wait = np.where(filled, np.maximum(lead - at, 0), lead)
    return Parts(shifts, wait, filled.astype(np.float64), "shape", "days", shape="survival_median")


def response_time(dispatch_log: pd.DataFrame, *, arrived: str = "arrived_minutes", shape: str = "median") -> Parts:
    """Return hours from a request to the first service (18), median or what nine in ten do not exceed.

    Requests that nobody came for have no time and are left out; see `unmet_need` for them.
    """
    options("response_time", "shape", shape, ("median", "ninth_decile"))
    rows = needs("response_time", dispatch_log, arrived)
    minutes = floats(rows, arrived)
    known = np.isfinite(minutes)
    return Parts(rows, np.where(known, minutes, 0.0) / MINUTES, known.astype(np.float64), "shape", "h", shape=shape)


def match_quality(matches: pd.DataFrame, *, skilled: str = "experienced", way: str = "way",
                  assigned: str | None = None) -> Parts:
    """Return the share of assignments to somebody with the skill (19); `assigned` keeps one way of matching."""
    rows = needs("match_quality", matches, skilled, *([] if assigned is None else [way]))
    counts = np.ones(len(rows)) if assigned is None else np.asarray(rows[way] == assigned, dtype=np.float64)
    return Parts(rows, counts * floats(rows, skilled), counts, "share")


def certified_share(
    activities: pd.DataFrame, attendance: pd.DataFrame, training_records: pd.DataFrame, *,
    activity: str = "activity_id", gated: str = "gated", date: str = "date", volunteer: str = "volunteer_id",
    status: str = "status", passed: str = "passed", valid_to: str = "valid_to", came: str = CAME,
) -> Parts:
    """Return the share of service in shifts that ask for a certificate given by people who hold one that day (28)."""
    shifts = needs("certified_share", activities, activity, gated, date)
    once("certified_share", shifts, activity)
    seats = needs("certified_share", attendance, activity, volunteer, status)
    papers = needs("certified_share", training_records, volunteer, date, passed, valid_to)
    seats = seats[seats[status] == came].drop(columns=[date, gated], errors="ignore")
    seats = seats.merge(shifts[[activity, gated, date]], on=activity, how="inner").reset_index(names="seat")
    papers = papers[floats(papers, passed) > 0].rename(columns={date: "since"})
    held = seats[["seat", volunteer, date]].merge(papers[[volunteer, "since", valid_to]], on=volunteer, how="inner")
    on, until = days(held, date), days(held, valid_to)
    good = held["seat"][(days(held, "since") <= on) & (until.isna() | (until >= on))]
    asks = floats(seats, gated)
    return Parts(seats, asks * np.asarray(seats["seat"].isin(good), dtype=np.float64), asks, "share")


def capacity_use(activities: pd.DataFrame, service_records: pd.DataFrame, *, activity: str = "activity_id",
                 needed: str = "people_needed", planned: str = "planned_hours", hours: str = "hours",
                 station: str = "station_id") -> Parts:
    """Return hours served over places times hours planned (24), of the shifts that a station hosts."""
    shifts = needs("capacity_use", activities, activity, needed, planned, station)
    rows = needs("capacity_use", service_records, activity, hours)
    once("capacity_use", shifts, activity)
    hosted = np.asarray(shifts[station].notna() & (shifts[station].astype(str) != ""), dtype=np.float64)
    served = per(rows, activity, shifts[activity], floats(rows, hours))
    return Parts(shifts, hosted * served, hosted * floats(shifts, needed) * floats(shifts, planned), "ratio",
                 cluster=station)
