"""Courses: a catalogue by tier and field, and records of who took which (clause IV.3.f).

A course asks for one of the tier below, so the catalogue has no circle. The first tier is the course of the engine;
under the policy those who passed may go on, a tier every two months. Nobody serves more or less for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import WEEKS_A_MONTH
from vsim.world.people import FIELDS

if TYPE_CHECKING:
    import pandas as pd

TIERS = ("L0", "L1", "L2", "L3", "L4")
HOURS = ("induction_hours", "induction_hours", "role_hours", "role_hours", "leader_hours")
BY_FIELD = 2                  # first tier that differs by field


def work(desk: Desk) -> Papers:
    """Return tables course_catalogue (one row a course and district) and course_records (one row a course taken)."""
    return Papers({"course_catalogue": _catalogue(desk), "course_records": _records(desk)})


def course(tier: int, field: int) -> str:
    """Return the code of a course: "L1" or "L2-health".

    >>> course(1, 3), course(2, 3)
    ('L1', 'L2-health')
    """
    return TIERS[tier] if tier < BY_FIELD else f"{TIERS[tier]}-{FIELDS[field]}"


def _catalogue(desk: Desk) -> pd.DataFrame:
    """Return the courses on offer from the first week of the policy in each district."""
    import pandas as pd

    rows = []
    weeks = np.arange(desk.weeks)
    for code in desk.raw["districts"]["district"]:
        on = desk.force.on("training_tiers", np.full(desk.weeks, code, dtype=object), weeks)
        if not on.any():
            continue
        week = int(np.argmax(on))
        fields = int(desk.force.value("training_tiers", "fields", code, week))
        for tier, name in enumerate(TIERS):
            for field in range(fields if tier >= BY_FIELD else 1):
                rows.append({
                    "week": week, "district": code, "course": course(tier, field), "tier": name,
                    "field": FIELDS[field] if tier >= BY_FIELD else "all",
                    "prerequisite": course(tier - 1, field) if tier else None,
                    "hours": float(desk.force.value("training_tiers", HOURS[tier], code, week)),
                })
    names = ("week", "district", "course", "tier", "field", "prerequisite", "hours")
    return pd.DataFrame(rows, columns=list(names)).astype(
        dict.fromkeys(names, object) | {"week": "int64", "hours": "float64"})


def _records(desk: Desk) -> pd.DataFrame:
    """Return the courses taken: that of the engine, and under the policy those of the tiers above, in order."""
    import pandas as pd

    taken = desk.raw["courses"]
    people = desk.raw["people"][["person", "district"]]
    rows = taken[taken["week"] >= 0].merge(people, on="person").assign(tier=0, field=0)
    parts = [rows]
    for tier in range(1, len(TIERS)):
        before = parts[-1][parts[-1]["passed"] == 1]
        fields = desk.force.value("training_tiers", "fields", before["district"], before["week"])
        luck = desk.uniform(Stream.COURSE, before["person"], before["week"], tier)
        field = (desk.uniform(Stream.COURSE, before["person"], 0, 0) * np.maximum(fields, 1)).astype(np.int64)
        passed = desk.uniform(Stream.COURSE, before["person"], before["week"], tier + len(TIERS))
        goes = (fields > 0) & (luck < desk.value["courses.goes_on"])
        parts.append(before.assign(
            week=before["week"] + int(desk.value["courses.step"]), tier=tier, field=field,
            passed=(passed < desk.value["training.passed"]).astype(np.int64))[goes])
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["week"] < desk.weeks].sort_values(["week", "person", "tier"], kind="stable")
    code, week = rows["district"], rows["week"]
    usual = desk.value["training.hours"]
    hours = np.select([rows["tier"] == tier for tier in range(len(TIERS))], [
        desk.force.value("training_tiers", name, code, week, off=usual) for name in HOURS])
    valid = desk.value["training.validity"] / WEEKS_A_MONTH
    months = desk.force.value("training_tiers", "refresh_months", code, week, off=valid)
    return rows[["week", "district", "person"]].assign(
        course=[course(t, f) for t, f in zip(rows["tier"], rows["field"], strict=True)],
        tier=np.array(TIERS)[rows["tier"]], hours=hours, passed=rows["passed"] == 1,
        refresh_week=week + np.ceil(months * WEEKS_A_MONTH).astype(np.int64)).reset_index(drop=True)
