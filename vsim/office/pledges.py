"""Pledges: who took it, in which week and mode (clause VI.2.d).

The engine keeps that a person took the pledge. The office dates it by the engine's own word: the first week on the
register in which it allowed the pledge (for the few who had lapsed then, that is too early).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import WORD, Desk, Papers
from vsim.rng import Stream, draw

if TYPE_CHECKING:
    import pandas as pd


def work(desk: Desk) -> Papers:
    """Return table pledges: one row a person who took the pledge."""
    rows = _dated(desk)
    public = desk.force.value("pledge", "public", rows["district"], rows["week"])
    last = draw(desk.key, Stream.HONOUR, rows["person"].to_numpy(), rows["week"].to_numpy())[3]
    rows = rows.assign(mode=np.where(last / WORD < public, "public", "private"))
    papers = Papers({"pledges": rows})
    each = np.where(rows["mode"] == "public", desk.force.value("pledge", "cost_public", rows["district"], rows["week"]),
                    desk.force.value("pledge", "cost_private", rows["district"], rows["week"]))
    papers.pay("pledges", "district", "suppliers", rows["district"], rows["week"], each)
    return papers


def _dated(desk: Desk) -> pd.DataFrame:
    """Return week, district and person of each pledge, in the order of week and person."""
    people = desk.raw["people"]
    sworn = people.loc[people["sworn"], ["person", "district", "since"]].reset_index(drop=True)
    week = np.full(len(sworn), -1, dtype=np.int64)
    for now in range(desk.weeks):
        chance = desk.force.value("pledge", "chance", sworn["district"], np.full(len(sworn), now))
        word = draw(desk.key, Stream.HONOUR, sworn["person"].to_numpy(), now)[1] / WORD
        week[(week < 0) & (word < chance) & (sworn["since"].to_numpy() <= now)] = now
    rows = sworn.assign(week=week)[week >= 0]
    return rows[["week", "district", "person"]].sort_values(["week", "person"], kind="stable").reset_index(drop=True)
