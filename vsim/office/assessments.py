"""Assessments: what students claim each term, what of it is checked, and what counts (clause VI.3.c).

A claim starts from the register, is rounded up by some, and stretched to the hours of the full mark by some who are
just below: the more the mark weighs and the less is checked. Where a claim is checked, the register counts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.services import recorded, students
from vsim.rng import Stream
from vsim.spec.units import PER_HUNDRED, TENTHS, YEAR

ITEM = 320                    # from here on: draws of assessments, beside those of courses and schools


def work(desk: Desk) -> Papers:
    """Return table assessment_records: one row a student and term under the policy, with or without service."""
    served, everybody = recorded(desk), students(desk)
    term = int(desk.value["assessments.term_weeks"])
    parts = [_term(desk, everybody, served, week, term) for week in range(term - 1, desk.weeks, term)]
    rows = pd.concat(parts, ignore_index=True) if parts else _term(desk, everybody[:0], served, 0, term)
    return Papers({"assessment_records": rows})


def _term(desk: Desk, everybody: pd.DataFrame, served: pd.DataFrame, week: int, term: int) -> pd.DataFrame:
    """Return the records of one term, which ends with a week."""
    value, force = desk.value, desk.force
    rows = everybody[force.on("student_assessment", everybody["district"], week)].sort_values("person")
    who, code = rows["person"].to_numpy(), rows["district"]
    weight, hours, checks = (
        force.value("student_assessment", name, code, week) for name in ("weight", "hours", "verification"))
    cap = hours * term / YEAR
    inside = served[(served["week"] > week - term) & (served["week"] <= week) & (served["due"] <= week)]
    sums = inside.groupby("person")[["hours", "true_hours"]].sum().reindex(who, fill_value=0.0)
    register = sums["hours"].to_numpy()
    luck = [desk.uniform(Stream.COURSE, who, week, ITEM + item) for item in range(3)]
    claimed = np.where(luck[0] < value["assessments.rounding"], np.ceil(register), register)
    chance = value["student_assessment.stretch"] * TENTHS * weight * (1 - checks)
    near = (register > 0) & (claimed < cap) & (claimed >= cap - value["student_assessment.stretch_reach"])
    stretched = near & (luck[1] < chance)
    claimed = np.where(stretched, np.ceil(cap), claimed)
    checked = luck[2] < checks
    counted = np.minimum(np.where(checked, np.minimum(register, claimed), claimed), cap)
    return rows.assign(
        week=week, cap_hours=cap, claimed_hours=claimed, checked=checked,
        verified_hours=np.where(checked, register, np.nan), counted_hours=counted,
        points=PER_HUNDRED * weight * counted / cap, true_hours=sums["true_hours"].to_numpy(), true_stretched=stretched)
