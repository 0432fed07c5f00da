"""What the offices of stations and of hosts share: sites by number, their weeks and months, first services there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk
from vsim.spec.units import MONTH


def sites_of(desk: Desk) -> pd.DataFrame:
    """Return the stations of a run, numbered in the column "station"."""
    return desk.raw["stations"].reset_index(drop=True).rename_axis("station").reset_index()


def spread(sites: pd.DataFrame, weeks: NDArray[np.int64]) -> pd.DataFrame:
    """Return one row for each station and each of some weeks."""
    rows = sites.loc[np.repeat(sites.index.to_numpy(), weeks.size)].reset_index(drop=True)
    return rows.assign(week=np.tile(weeks, len(sites)))


def months_of(desk: Desk, weeks: int = MONTH) -> NDArray[np.int64]:
    """Return the last week of each month, shape (m,)."""
    return np.arange(weeks - 1, desk.weeks, weeks, dtype=np.int64)


def first_served(desk: Desk) -> pd.DataFrame:
    """Return the first recorded service of each person at each station: week, station, person."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & RECORDED > 0)][["week", "person", "task"]]
    tasks = desk.raw["tasks"].set_index("task")["station"]
    rows = rows.assign(station=tasks.reindex(rows["task"]).to_numpy())
    return rows.drop_duplicates(["person", "station"])[["week", "station", "person"]]
