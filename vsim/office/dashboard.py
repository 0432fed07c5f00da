"""The board of indicators and the memos that rest on it (clause V.3.b2).

A figure counts what was entered by the week in which it comes out, so early figures lack late entries; the truth stands
beside it. Without the policy a paper comes out each quarter.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk, Papers, needed
from vsim.office.texts import with_texts
from vsim.spec.units import HOUR, MONTHS, QUARTER, YEAR

Float = NDArray[np.float64]
NAMES = ("hours", "services", "served", "registrations", "activities", "empty_seats")
UNITS = ("h", "services", "persons", "persons", "activities", "seats")
VERSION_PAPER, VERSION_BOARD = 1, 2


def work(desk: Desk) -> Papers:
    """Return tables indicators and memos."""
    codes = desk.raw["districts"]["district"].to_numpy()
    board = _board(desk, codes)
    return Papers(with_texts({"indicators": board, "memos": _memos(desk, codes)}))


def _grid(desk: Desk, codes: NDArray[np.object_], rows: pd.DataFrame, values: Float | None = None) -> Float:
    """Return sums by district and week of rows, shape (districts, weeks)."""
    out = np.zeros((codes.size, desk.weeks))
    place = pd.Series(np.arange(codes.size), index=codes)
    spot = place.loc[rows["district"]].to_numpy(), rows["week"].to_numpy()
    np.add.at(out, spot, np.ones(len(rows)) if values is None else values)
    return out


def _services(desk: Desk) -> pd.DataFrame:
    placed = desk.raw["placements"]
    rows = placed[placed["week"] >= 0]
    return rows.merge(desk.raw["tasks"][["task", "district"]], on="task")


def _counts(
    desk: Desk, codes: NDArray[np.object_], services: pd.DataFrame, lag: int | None
) -> Mapping[str, Float]:
    """Return the indicators by district and week as they were known `lag` weeks later; the truth where it is None."""
    if lag is None:
        known = services[needed(services)]
        hours = known["true_hours"]
    else:
        known = services[(services["flags"] & RECORDED > 0) & (services["due"] <= services["week"] + lag)]
        hours = known["entered"]
    people = desk.raw["people"]
    joined = people[people["registered"] & (people["since"] >= 0)].rename(columns={"since": "week"})
    tasks = desk.raw["tasks"]
    tasks = tasks[tasks["week"] >= 0]
    empty = np.maximum(tasks["seats"].to_numpy() - tasks["filled"].to_numpy(), 0).astype(np.float64)
    return {
        "hours": _grid(desk, codes, known, hours.to_numpy(dtype=np.float64) / HOUR),
        "services": _grid(desk, codes, known),
        "served": _grid(desk, codes, known.drop_duplicates(["person", "week"])),
        "registrations": _grid(desk, codes, joined), "activities": _grid(desk, codes, tasks),
        "empty_seats": _grid(desk, codes, tasks, empty),
    }


def _board(desk: Desk, codes: NDArray[np.object_]) -> pd.DataFrame:
    """Return the figures that came out, one row a district, week and indicator."""
    weeks = np.arange(desk.weeks)
    where, when = codes[:, None], weeks[None, :]
    on = desk.force.on("decision_support", where, when)
    lag = desk.force.value("decision_support", "lag_weeks", where, when, off=desk.value["dashboard.lag"]).astype(int)
    shown = desk.force.value("decision_support", "indicators", where, when, off=desk.value["dashboard.indicators"])
    sure = desk.force.value("decision_support", "interval", where, when) >= 1
    out = on | ((weeks + 1) % QUARTER == 0)[None, :]
    services = _services(desk)
    true = _counts(desk, codes, services, None)
    parts = []
    for late in np.unique(lag[out]).tolist() or [0]:            # a short run has no figure yet
        figures = _counts(desk, codes, services, late)
        place, week = np.nonzero(out & (lag == late) & (weeks >= late)[None, :])
        for number, name in enumerate(NAMES):
            kept = number < shown[place, week]
            spot = place[kept], week[kept] - late
            value, own = figures[name][spot], sure[place[kept], week[kept]]
            spread = desk.value["dashboard.z"] * np.sqrt(value)
            parts.append(pd.DataFrame({
                "week": week[kept], "district": codes[place[kept]], "of_week": week[kept] - late, "indicator": name,
                "value": value, "unit": UNITS[number], "low": np.where(own, np.maximum(value - spread, 0), np.nan),
                "high": np.where(own, value + spread, np.nan),
                "definition_version": np.where(on[place[kept], week[kept]], VERSION_BOARD, VERSION_PAPER),
                "true_value": true[name][spot]}))
    return pd.concat(parts, ignore_index=True).sort_values(
        ["week", "district", "indicator"], kind="stable").reset_index(drop=True)


def _memos(desk: Desk, codes: NDArray[np.object_]) -> pd.DataFrame:
    """Return the memos: recent hours and seats filled, their weighted index, and a forecast of hours."""
    weeks = np.arange(desk.weeks)
    where, when = codes[:, None], weeks[None, :]
    value = {name: desk.force.value("decision_support", name, where, when)
             for name in ("memos", "horizon", "hours_weight", "lag_weeks")}
    due = (weeks + 1) * value["memos"] // YEAR > weeks * value["memos"] // YEAR
    figures = _counts(desk, codes, _services(desk), int(value["lag_weeks"].max()))
    tasks = desk.raw["tasks"]
    tasks = tasks[tasks["week"] >= 0]
    seats = _grid(desk, codes, tasks, tasks["seats"].to_numpy(dtype=np.float64))
    rows = []
    for place, week in zip(*np.nonzero(due), strict=True):
        ahead, late = int(value["horizon"][place, week]), int(value["lag_weeks"][place, week])
        past = slice(max(week - late - MONTHS + 1, 0), max(week - late + 1, 1))
        hours, room = figures["hours"][place, past], seats[place, past].sum()
        filled = 1.0 - figures["empty_seats"][place, past].sum() / room if room > 0 else 0.0
        best = figures["hours"][place, : week + 1].max()
        weight = value["hours_weight"][place, week]
        mean, total = hours.mean(), hours.mean() * ahead
        wide = desk.value["dashboard.z"] * np.sqrt(hours.var() * ahead * (1.0 + ahead / hours.size))
        rows.append((week, codes[place], ahead, mean, filled, weight * (mean / best if best > 0 else 0.0)
                     + (1.0 - weight) * filled, total, max(total - wide, 0.0), total + wide))
    names = ("week", "district", "horizon_weeks", "hours_mean", "filled", "index", "forecast_hours", "forecast_low",
             "forecast_high")
    frame = pd.DataFrame(rows, columns=list(names))
    return frame.astype(dict.fromkeys(names[3:], "float64") | {"week": "int64", "horizon_weeks": "int64"})
