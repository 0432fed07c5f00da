"""Service online: the log of each attendance, hours credited, and what moderators flagged (clause V.3.f)."""

from __future__ import annotations

import numpy as np

from vsim.office.desk import Desk, Papers, needed
from vsim.office.texts import with_texts
from vsim.rng import Stream
from vsim.spec.units import HOUR

DRAWS, FLAGGED, REASON = 8, 6, 7         # the last two of the eight draws of a record; the others are the hub's
REASONS = ("private_contact", "data_shared", "left_early", "tone")


def work(desk: Desk) -> Papers:
    """Return table online_logs: one row an attendance online."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & needed(placed)]
    rows = rows[["week", "person", "task", "true_hours", "entered"]].merge(
        desk.raw["tasks"][["task", "district", "organisation", "source", "online"]], on="task")
    rows = rows[rows["online"] == 1].sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    code, week, person, source = (rows[name] for name in ("district", "week", "person", "source"))
    vetting = desk.force.value("online_service", "vetting", code, week)
    weight = desk.force.value("online_service", "hour_weight", code, week, off=1.0)
    chance = desk.value["online_work.flagged"] * desk.value["online_work.left_vetting"] ** vetting
    flagged = desk.uniform(Stream.PLATFORM, person, week, DRAWS * source.to_numpy() + FLAGGED) < chance
    reason = np.floor(len(REASONS) * desk.uniform(Stream.PLATFORM, person, week, DRAWS * source.to_numpy() + REASON))
    out = rows[["week", "district", "person", "organisation", "task"]].assign(
        logged_hours=rows["true_hours"] / HOUR, credited_hours=rows["entered"] / HOUR * weight,
        vetting=vetting.astype(np.int64), flagged=flagged,
        reason=np.where(flagged, np.array(REASONS, dtype=object)[reason.astype(np.int64)], "none"))
    return Papers(with_texts({"online_logs": out}))
