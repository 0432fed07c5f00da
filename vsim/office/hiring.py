"""Hiring: applications for jobs, the service claimed in them, checks of it, and calls (clause VII.3.h).

A call depends on a degree, on what service truly taught (human capital), and on the claim as far as employers heed it
(the signal). Who serves is no random draw, so the three must be told apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.services import recorded
from vsim.rng import Stream

APPLIES, MENTIONS, CLAIMS, CHECKED, CALLED = range(5)          # draws of one person and week


def work(desk: Desk) -> Papers:
    """Return table job_applications: one row an application, whether a policy is in force or not."""
    rows = _applications(desk)
    value, who, week = desk.value, rows["person"], rows["week"]
    weight, checks = (desk.force.value("hiring", name, rows["district"], week) for name in ("weight", "verification"))
    luck = {item: desk.uniform(Stream.HIRING, who, week, item) for item in (MENTIONS, CLAIMS, CHECKED, CALLED)}
    hours, true = rows["hours"].to_numpy(), rows["true_hours"].to_numpy()
    mentions = (hours > 0) & (luck[MENTIONS] < value["hiring_desk.mention"])
    claims = mentions | ((hours == 0) & (luck[CLAIMS] < value["hiring.false_claims"] * weight))
    checked = claims & (luck[CHECKED] < checks)
    rejected = checked & (hours == 0)
    taught = value["hiring_desk.skill"] * true / (true + value["hiring_desk.skill_hours"])
    heeded = value["hiring.callback"] * weight * (claims & ~rejected)
    chance = value["hiring_desk.base_callback"] + value["hiring_desk.degree"] * rows["degree"] + taught + heeded
    table = rows[["week", "district", "person", "degree"]].assign(
        claims_service=claims, checked=checked, hours_found=np.where(checked, hours, np.nan), rejected=rejected,
        called=luck[CALLED] < chance, true_hours=true, true_chance=chance)
    return Papers({"job_applications": table})


def _applications(desk: Desk) -> pd.DataFrame:
    """Return who applied in which week, with the hours on the register and those truly served before it."""
    people = desk.raw["people"]
    people = people.loc[people["age"] < desk.value["hiring_desk.retired"], ["person", "district", "degree"]]
    people = people.sort_values("person").reset_index(drop=True)
    served = recorded(desk)
    parts = []
    for week in range(desk.weeks):
        luck = desk.uniform(Stream.HIRING, people["person"], week, APPLIES)
        parts.append(people[luck < desk.value["hiring_desk.apply"]].assign(week=week))
    rows = pd.concat(parts, ignore_index=True)
    known = served[served["person"].isin(rows["person"])]
    pairs = rows[["person", "week"]].merge(known, on="person", suffixes=("", "_served"))
    pairs = pairs[pairs["due"] < pairs["week"]]
    sums = pairs.groupby(["person", "week"], as_index=False)[["hours", "true_hours"]].sum()
    rows = rows.merge(sums, on=["person", "week"], how="left")
    return rows.fillna({"hours": 0.0, "true_hours": 0.0})
