"""The office of postings: how complete a posting is and when it came (clause V.2.b2), and who came (clause V.2.b4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.ledgers import SHOWED, STAND_IN, UNUSED

FIELDS = ("title", "place", "time", "people", "skills", "contact", "risk", "description")
FIRST, CONFIRM = 16, 32       # numbers of the draws, clear of those of requests


def work(desk: Desk) -> Papers:
    """Return the postings with their defects, and the attendance list of every shift."""
    tasks = desk.raw["tasks"]
    tasks = tasks[tasks["week"] >= 0].reset_index(drop=True)
    week, district, source = (tasks[name].to_numpy() for name in ("week", "district", "source"))
    required = desk.force.value("posting", "required", district, week)
    reviewed = desk.force.value("posting", "review", district, week) >= 1
    least = desk.force.value("posting", "lead_days", district, week)
    out = tasks[["week", "district", "task", "organisation"]].copy()
    defects = np.zeros(len(tasks), dtype=np.int64)
    for place, name in enumerate(FIELDS):
        chance = np.full(len(tasks), desk.value["postings.defect"])
        chance *= np.where(place < required, desk.value["postings.left_required"], 1.0)
        chance *= np.where(reviewed, desk.value["postings.left_reviewed"], 1.0)
        there = desk.uniform(Stream.REQUEST, source, week, FIRST + place) >= chance
        out[f"has_{name}"] = there
        defects += ~there
    out = out.assign(defects=defects, reviewed=reviewed, lead_days=np.maximum(tasks["lead"], least).astype(np.int64),
                     short_notice=tasks["lead"].to_numpy() < least)
    return Papers({"postings": out, "attendance": _attendance(desk)})


def _attendance(desk: Desk) -> pd.DataFrame:
    placed = desk.raw["placements"]
    rows = placed[placed["week"] >= 0].reset_index(drop=True)
    tasks = desk.raw["tasks"].set_index("task")
    source, district = (tasks[name].reindex(rows["task"]).to_numpy() for name in ("source", "district"))
    week, flags = rows["week"].to_numpy(), rows["flags"].to_numpy()
    asked = desk.force.value("shifts", "reminder", district, week) >= 1
    came = flags & SHOWED > 0
    chance = np.where(came, desk.value["postings.confirmed_came"], desk.value["postings.confirmed_absent"])
    word = desk.uniform(Stream.REQUEST, rows["person"].to_numpy(), week, CONFIRM + source)
    return rows[["week", "person", "task"]].assign(
        district=district, confirmed=asked & (word < chance), stand_in=flags & STAND_IN > 0,
        status=np.select([flags & UNUSED > 0, came], ["sent_home", "came"], "absent"))
