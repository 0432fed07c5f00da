"""The office of resources: what employers offer, by time of the week, and which task uses it (clause V.1.e)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.stations import EMPLOYER

KINDS = ("room", "hall", "equipment", "vehicle")
SLOTS = 21                    # of a week: three a day
KEY = ["district", "week", "slot"]
WHAT, SIZE, TIME = range(3)


def work(desk: Desk) -> Papers:
    """Return the offers; at most one task uses an offer, in the time that both have, and no task uses two."""
    stations, value = desk.raw["stations"].reset_index(drop=True), desk.value
    hosts = stations[(stations["plan"] == EMPLOYER) & (stations["opens"] >= 0)]
    grid = hosts.loc[np.repeat(hosts.index.to_numpy(), desk.weeks), ["district", "opens"]]
    grid = grid.rename_axis("station").reset_index().assign(week=np.tile(np.arange(desk.weeks), len(hosts)))
    hours = desk.force.value("open_resources", "hours", grid["district"], grid["week"])
    slots = np.where(grid["week"] >= grid["opens"], hours // value["resources.offer_hours"], 0).astype(np.int64)
    offers = grid.loc[np.repeat(grid.index.to_numpy(), slots), ["station", "week", "district"]].reset_index(drop=True)
    number = offers.groupby(["station", "week"]).cumcount().to_numpy() if len(offers) else np.zeros(0, np.int64)
    station, week = offers["station"].to_numpy(), offers["week"].to_numpy()
    first = np.floor(desk.uniform(Stream.RESOURCE, station, 0, TIME) * SLOTS).astype(np.int64)
    size = desk.uniform(Stream.RESOURCE, station, 0, SIZE)
    offers = offers.assign(
        kind=np.array(KINDS)[np.floor(desk.uniform(Stream.RESOURCE, station, 0, WHAT) * len(KINDS)).astype(np.int64)],
        capacity=1 + np.floor(size * value["resources.capacity_most"]).astype(np.int64),
        slot=(first + number) % SLOTS, hours=value["resources.offer_hours"],
        covered=desk.force.value("open_resources", "liability_cover", offers["district"], week) >= 1,
    )
    offers["task"] = _used(offers, desk.raw["tasks"])
    offers["used"] = offers["task"] >= 0
    return Papers({"resource_offers": offers})


def _used(offers: pd.DataFrame, tasks: pd.DataFrame) -> NDArray[np.int64]:
    """Return the task that uses each offer, or -1: first come, first served; a pair that does not fit is lost."""
    here = tasks[(tasks["week"] >= 0) & (tasks["online"] == 0)].sort_values(
        [*KEY, "lead", "source"], ascending=[True, True, True, False, True])
    asked = here[[*KEY, "task", "needed", "risk"]].assign(turn=here.groupby(KEY).cumcount())
    offered = offers[[*KEY, "capacity", "covered"]].assign(turn=offers.groupby(KEY).cumcount())
    both = offered.merge(asked, how="left", on=[*KEY, "turn"])
    fits = (both["needed"] <= both["capacity"]) & ((both["risk"] == 0) | both["covered"])
    return np.asarray(np.where(fits, both["task"].fillna(-1), -1), dtype=np.int64)
