"""Help beside formal service: a household survey of both, and employers' schemes of leave (clause VI.3.a).

The survey asks, as the ILO does, about work through organisations and about help given directly in the last four weeks.
People who like to serve also help; whether service crowds help in or out is a card, none by default. Schemes say what
employers granted and offered, not what was served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.office.waves import asked, recent, saturated, services
from vsim.rng import Stream
from vsim.spec.units import HOUR, MONTH, QUARTER, QUARTERS

if TYPE_CHECKING:
    import pandas as pd

SAMPLE, HELP, HOURS, RECALL, LEAVE = range(5)                  # draws
DAY_HOURS = 8                 # hours of a day of leave, each one micro-task


def work(desk: Desk) -> Papers:
    """Return tables informal_help_survey and workplace_schemes."""
    import pandas as pd

    served = services(desk)
    every = round(desk.value["informal.weeks"])
    waves = [_wave(desk, served, week) for week in range(every - 1, desk.weeks, every)]
    return Papers({
        "informal_help_survey": pd.concat(waves, ignore_index=True) if waves else _wave(desk, served, 0).iloc[:0],
        "workplace_schemes": _schemes(desk)})


def _wave(desk: Desk, served: pd.DataFrame, week: int) -> pd.DataFrame:
    """Return the answers of one wave, numbered in each district in the order in which people were drawn."""
    value = desk.value
    people = desk.raw["people"][["person", "district", "age", "female", "true_taste"]]
    luck = desk.uniform(Stream.INFORMAL, people["person"], week, SAMPLE)
    rows = asked(people.assign(week=week), round(value["informal.sample"]), luck)
    who = rows["person"].to_numpy()
    month = recent(served, week, MONTH)
    kept = month[desk.uniform(Stream.INFORMAL, month["person"], month["week"], RECALL) < value["informal.recalled"]]
    hours = kept.groupby("person")["true_hours"].sum().reindex(who, fill_value=0).to_numpy() / HOUR
    truly = np.isin(who, month["person"].to_numpy())
    effort = desk.force.value("everyday", "reciprocity", rows["district"], week)
    chance = (value["informal.base"] + value["informal.slope"] * (rows["true_taste"] - people["true_taste"].mean())
              + value["informal.crowding"] * truly + value["everyday.informal"] * effort)
    helped = desk.uniform(Stream.INFORMAL, who, week, HELP) < chance.to_numpy()
    longer = -np.log1p(-desk.uniform(Stream.INFORMAL, who, week, HOURS)) * value["informal.hours"]
    given = np.where(helped, np.maximum(np.rint(HOUR * longer), 1) / HOUR, 0.0)
    number = rows.groupby("district").cumcount().to_numpy() + 1
    return rows.assign(
        respondent=number, formal=hours > 0, formal_hours=hours, direct=helped, direct_hours=given,
        true_helped=helped.astype(np.float64), true_served=truly,
    ).drop(columns=["person", "true_taste"]).reset_index(drop=True)


def _schemes(desk: Desk) -> pd.DataFrame:
    """Return employers with a scheme at the start of each quarter: staff, days granted in it, micro-tasks offered."""
    import pandas as pd

    people = desk.raw["people"]
    staff = people.loc[people["employer"] > 0, ["person", "district", "employer"]]
    grid = staff.merge(pd.DataFrame({"week": np.arange(0, desk.weeks, QUARTER)}), how="cross")
    days = desk.force.value("everyday", "leave_days", grid["district"], grid["week"])
    most = desk.value["informal.take_up"] * saturated(days, desk.value["everyday.half_days"])
    takes = desk.uniform(Stream.INFORMAL, grid["person"], grid["week"], LEAVE) < most
    grid = grid.assign(staff=1, takers=takes, days=days)[days > 0]
    rows = grid.groupby(["week", "district", "employer"], as_index=False).agg(
        {"staff": "sum", "takers": "sum", "days": "first"})
    granted = rows["takers"] * rows["days"] / QUARTERS
    micro = granted * DAY_HOURS * desk.force.value("everyday", "micro_share", rows["district"], rows["week"])
    return rows.drop(columns="days").rename(columns={"employer": "employer_number"}).assign(
        days_granted=granted, micro_tasks=np.rint(micro).astype(np.int64))
