"""What several offices read of the raw tables: attendances with their tasks, weekly counts as a grid, keyed clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.exact import normal16
from vsim.office.desk import Desk, Float
from vsim.rng import Stream
from vsim.spec.units import HOUR, WEEK
from vsim.world.ledgers import SHOWED

if TYPE_CHECKING:
    import pandas as pd

Int = NDArray[np.int64]
RISKS = ("low", "middle", "high")
OF_TASK = ["district", "organisation", "source", "risk", "station", "field25"]
KINDS = 16                    # draws that offices may make of one attendance from one stream


def with_tasks(raw: Mapping[str, pd.DataFrame], placements: pd.DataFrame) -> pd.DataFrame:
    """Return placements with the columns of their task that offices need."""
    rows = placements.reset_index(drop=True)
    tasks = raw["tasks"].iloc[rows["task"].to_numpy()].reset_index(drop=True)
    return rows.assign(**{name: tasks[name] for name in OF_TASK})


def attended(raw: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the attendances of the run, one row each, with columns of their task and `hours` (true, h)."""
    p = raw["placements"]
    rows = with_tasks(raw, p[(p["week"] >= 0) & (p["flags"] & SHOWED > 0) & (p["true_hours"] > 0)])
    return rows.assign(hours=rows["true_hours"] / HOUR)


def grid(desk: Desk, name: str) -> tuple[list[str], NDArray[Any]]:
    """Return the codes of the districts and a weekly count, shape (districts, weeks of the run)."""
    w = desk.raw["weekly"]
    codes = [str(code) for code in desk.raw["districts"]["district"]]
    table = w[w["week"] >= 0].pivot_table(index="district", columns="week", values=name, aggfunc="sum", observed=True)
    return codes, table.reindex(index=codes, columns=range(desk.weeks), fill_value=0).to_numpy()


def of_attendance(rows: pd.DataFrame, kind: int) -> Int:
    """Return the item of a draw about an attendance: the same in every arm; `kind` is below 16."""
    return rows["source"].to_numpy().astype(np.int64) * KINDS + kind


def spread(desk: Desk, stream: Stream, entity: ArrayLike, week: ArrayLike, item: ArrayLike, log_sd: float) -> Float:
    """Return keyed lognormal factors with median one."""
    z = normal16(desk.words(stream, entity, week, item)) / 65536
    return np.asarray(np.exp(log_sd * z), dtype=np.float64)


def waits(uniform: Float, mean: ArrayLike) -> Int:
    """Return whole days, at least one, that an answer takes: exponential with a mean, before rounding."""
    return np.asarray(1 + np.floor(-np.log1p(-uniform) * mean), dtype=np.int64)


def ends(week: ArrayLike, days: Int, weeks: int) -> Int:
    """Return the week in which days that begin on a Monday are over, -1 where that is after the run."""
    over = np.asarray(week, dtype=np.int64) + days // WEEK
    return np.where(over < weeks, over, -1)
