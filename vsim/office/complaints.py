"""Complaints about organisations: by whom, about what, how long an answer takes, what is still open (IV.2.k, VII.2.g).

People served complain of the service, the more the worse the organisation, and of conduct; volunteers complain that
they came in vain or were harmed. The days promised are those of a card; where volunteers have a channel for grievances,
its promise holds for theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.attended import ends, of_attendance, waits, with_tasks
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.ledgers import BREACH, INCIDENT, UNUSED

if TYPE_CHECKING:
    import pandas as pd

RAISED, TOOK, UPHELD, TOLD = range(4)         # numbers of the draws
COLUMNS = ["week", "district", "organisation", "task", "by", "about", "entity", "source"]


def work(desk: Desk) -> Papers:
    """Return table complaints: one row a complaint, with its clock."""
    import pandas as pd

    c = pd.concat([_of_service(desk), *_of_attendances(desk)], ignore_index=True)
    c = c.sort_values(["week", "district", "about", "entity", "source"], kind="stable").reset_index(drop=True)
    who, week = c["entity"], c["week"]
    usual = desk.value["complaints.promised"]
    own = desk.force.value("grievance", "response_days", c["district"], week, off=usual)
    promised = np.where(c["by"] == "volunteer", own, usual)
    took = desk.uniform(Stream.COMPLAINT, who, week, of_attendance(c, TOOK))
    days = waits(took, desk.value["complaints.pace"] * promised)
    closed = ends(week, days, desk.weeks)
    there = closed >= 0
    good = desk.uniform(Stream.COMPLAINT, who, week, of_attendance(c, UPHELD)) < desk.value["complaints.upheld"]
    return Papers({"complaints": c[["week", "district", "organisation", "task", "by", "about"]].assign(
        complaint_no=[f"C{number + 1:06d}" for number in range(len(c))], promised_days=promised, closed_week=closed,
        days=np.where(there, days, np.nan), late=there & (days > promised),
        outcome=np.select([~there, good], ["open", "upheld"], "dismissed"))})


def _of_service(desk: Desk) -> pd.DataFrame:
    """Return the complaints of people served about an activity: fewer, the better the organisation."""
    tasks = desk.raw["tasks"]
    t = tasks[(tasks["week"] >= 0) & (tasks["true_staffed"] > 0)]
    quality = desk.raw["organisations"]["true_quality"].to_numpy()[t["organisation"]]
    drawn = desk.uniform(Stream.COMPLAINT, t["source"], t["week"], RAISED)
    raised = drawn < desk.value["complaints.service"] * (1 - quality)
    return t[raised].assign(by="served", about="service", entity=lambda rows: rows["source"])[COLUMNS]


def _of_attendances(desk: Desk) -> list[pd.DataFrame]:
    """Return the complaints about a volunteer's conduct, and those of volunteers."""
    p = desk.raw["placements"]
    p = with_tasks(desk.raw, p[(p["week"] >= 0) & (p["flags"] & (BREACH | INCIDENT | UNUSED) > 0)])
    told = desk.uniform(Stream.COMPLAINT, p["person"], p["week"], of_attendance(p, TOLD))
    kinds = [("served", "conduct", BREACH), ("volunteer", "harm", INCIDENT), ("volunteer", "came_in_vain", UNUSED)]
    return [p[(p["flags"] & bit > 0) & (told < desk.value[f"complaints.{about}"])].assign(
        by=by, about=about, entity=lambda rows: rows["person"])[COLUMNS] for by, about, bit in kinds]
