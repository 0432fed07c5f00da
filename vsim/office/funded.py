"""What the offices of money share: organisations that may be funded, services that count, quarters of a lever."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, needed
from vsim.office.sites import months_of
from vsim.spec.units import QUARTER
from vsim.world.bodies import BY_LAW, PERIOD, Event

NEVER = 1 << 30               # a week after every run
KEY = ["week", "district", "organisation"]


def funded(desk: Desk) -> pd.DataFrame:
    """Return organisations that are at work and registered by law, at each look of the engine at them.

    Returns
    -------
    DataFrame
        Columns week (of the look), district, organisation, hours (true quarter hours since the look before).
    """
    table = desk.raw["organisations"].reset_index(names="organisation")
    events = desk.raw["org_events"]
    first = {kind: events[events["kind"] == kind].groupby("organisation")["week"].min()
             for kind in (Event.STARTED, Event.CLOSED, Event.REGISTERED)}
    started, closed, entered = (first[kind].reindex(table["organisation"]).fillna(NEVER).to_numpy()
                                for kind in (Event.STARTED, Event.CLOSED, Event.REGISTERED))
    rows = table[["organisation", "district"]].assign(
        begins=np.maximum(np.where(table["latent"] == 0, -NEVER, started),
                          np.where(table["form"] <= BY_LAW, -NEVER, entered)), ends=closed)
    rows = rows.merge(pd.DataFrame({"week": months_of(desk, PERIOD)}), how="cross")
    rows = rows[(rows["begins"] <= rows["week"]) & (rows["week"] < rows["ends"])]
    served = services(desk).groupby(KEY)["true_hours"].sum().rename("hours").reset_index()
    rows = rows[KEY].merge(served, how="left", on=KEY)
    return rows.assign(hours=rows["hours"].fillna(0).astype(np.int64)).sort_values(
        ["week", "organisation"], kind="stable").reset_index(drop=True)


def services(desk: Desk) -> pd.DataFrame:
    """Return the services that count with organisations, each with the look (week) that counts it."""
    placements = desk.raw["placements"]
    kept = (placements["week"] >= 0) & needed(placements)
    rows = placements.loc[kept, ["week", "task", "true_hours", "entered", "flags"]]
    rows = rows.merge(desk.raw["tasks"][["task", "district", "organisation"]], on="task")
    return rows.assign(week=rows["week"] // PERIOD * PERIOD + PERIOD - 1)


def quarters(desk: Desk, lever: str) -> pd.DataFrame:
    """Return the calendar quarters in which a lever is in force in a district.

    Returns
    -------
    DataFrame
        Columns district, quarter, week (the first in force), weeks (in force), residents, place (of the district).
    """
    places = desk.raw["districts"].reset_index(drop=True).rename_axis("place").reset_index()
    rows = places[["place", "district", "residents"]].merge(pd.DataFrame({"week": np.arange(desk.weeks)}), how="cross")
    rows = rows[desk.force.on(lever, rows["district"], rows["week"])]
    rows = rows.assign(quarter=rows["week"] // QUARTER)
    grouped = rows.groupby(["district", "quarter"], as_index=False, observed=True)
    return grouped.agg(week=("week", "min"), weeks=("week", "size"), residents=("residents", "first"),
                       place=("place", "first")).sort_values(["week", "place"], kind="stable").reset_index(drop=True)


def districts_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the column "district" as text even when there are none."""
    return rows.astype({"district": "str"})
