"""What offices that ask or reach residents share: keys of districts, weeks by district, and who served when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Float
from vsim.spec.units import YEAR
from vsim.world.adstock import stocks
from vsim.world.ledgers import SHOWED

if TYPE_CHECKING:
    import pandas as pd


def district_keys(desk: Desk) -> pd.Series:
    """Return the number of each district for keyed draws, by code: its first resident, the same in every run."""
    return desk.raw["people"].groupby("district")["person"].min()


def grid_of(desk: Desk, every: int = 1, last: bool = False) -> pd.DataFrame:
    """Return one row for each week (the first, or the last, of every so many) and district, with its key."""
    import pandas as pd

    weeks = np.arange(every - 1 if last else 0, desk.weeks, every)
    grid = pd.MultiIndex.from_product([weeks, desk.raw["districts"]["district"]], names=["week", "district"])
    rows = grid.to_frame(index=False)
    return rows.assign(key=district_keys(desk).reindex(rows["district"]).to_numpy(dtype=np.int64))


def stock_of(desk: Desk, lever: str, name: str, half_life: str, rows: pd.DataFrame) -> Float:
    """Return the stock of a value of a lever at the weeks and districts of rows, shape (r,)."""
    codes = desk.raw["districts"]["district"].to_numpy()
    effort = desk.force.value(lever, name, codes[:, None], np.arange(desk.weeks)[None, :])
    place = {code: index for index, code in enumerate(codes)}
    where = rows["district"].map(place).to_numpy(dtype=np.int64)
    return np.asarray(stocks(effort, desk.value[half_life])[where, rows["week"].to_numpy()], dtype=np.float64)


def saturated(stock: Float, half: float) -> Float:
    """Return the share of the largest response that a stock reaches."""
    return stock / (stock + half)


def services(desk: Desk) -> pd.DataFrame:
    """Return week, person and true quarter hours of every attendance, those of the run-up among them."""
    placements = desk.raw["placements"]
    return placements.loc[placements["flags"] & SHOWED > 0, ["week", "person", "true_hours"]]


def asked(rows: pd.DataFrame, size: int, luck: Float) -> pd.DataFrame:
    """Return the sample of a wave: the residents of each district with the smallest numbers of their own."""
    people = rows.assign(luck=luck).sort_values(["district", "luck", "person"], kind="stable")
    return people[people.groupby("district").cumcount() < size].drop(columns="luck")


def recent(served: pd.DataFrame, week: int, weeks: int = YEAR) -> pd.DataFrame:
    """Return attendances of the weeks up to and with one."""
    return served[(served["week"] <= week) & (served["week"] > week - weeks)]
