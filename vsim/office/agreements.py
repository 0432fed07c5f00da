"""Agreements between volunteer, organisation and the people served, and notices of withdrawal (clause IV.2.f).

An agreement is signed before the first task of a person in a tier of risk with an organisation. Whoever is
bound and does not come gives notice more often than not; nobody comes more often for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.ledgers import SHOWED

if TYPE_CHECKING:
    import pandas as pd

SECOND, THIRD = 1 << 30, 1 << 31      # added to the number of a source, for further draws about one placement
HOURS = 168                   # in a week: the longest notice


def work(desk: Desk) -> Papers:
    """Return tables agreements (one row a person, organisation and tier) and withdrawals (one row an absence)."""
    placements = desk.raw["placements"]
    rows = placements.loc[placements["week"] >= 0, ["week", "person", "task", "flags"]].merge(
        desk.raw["tasks"][["task", "district", "organisation", "source", "risk", "beneficiary", "mode"]], on="task")
    rows = rows.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    lowest = desk.force.value("agreements", "lowest_tier", rows["district"], rows["week"], off=np.inf)
    bound = rows["risk"].to_numpy() >= lowest
    return Papers({"agreements": _signed(desk, rows[bound]), "withdrawals": _absences(desk, rows, bound)})


def _signed(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the agreements: content, mode and safety by the parts that article 14 names."""
    first = rows.drop_duplicates(["person", "organisation", "risk"]).reset_index(drop=True)
    full = desk.uniform(Stream.AGREEMENT, first["person"], first["week"], first["source"])
    complete = full < desk.value["agreements_desk.complete"]
    return first[["week", "district", "person", "organisation", "risk", "mode", "beneficiary"]].assign(
        risk_disclosed=complete,
        notice_hours=desk.force.value("agreements", "notice_hours", first["district"], first["week"]))


def _absences(desk: Desk, rows: pd.DataFrame, bound: np.ndarray) -> pd.DataFrame:
    """Return who did not come, whether they said so, how many hours before, and whether that was in time."""
    away = (rows["flags"].to_numpy() & SHOWED) == 0
    rows, bound = rows[away].reset_index(drop=True), bound[away]
    who, week, source = rows["person"], rows["week"], rows["source"]
    chance = np.where(bound, desk.value["agreements_desk.notice_bound"], desk.value["agreements_desk.notice_free"])
    told = desk.uniform(Stream.AGREEMENT, who, week, source + SECOND) < chance
    hours = np.rint(HOURS * desk.uniform(Stream.AGREEMENT, who, week, source + THIRD) ** 2)
    asked = desk.force.value("agreements", "notice_hours", rows["district"], week, off=np.nan)
    return rows[["week", "district", "person", "organisation", "task"]].assign(
        bound=bound, notice=told, hours_before=np.where(told, hours, np.nan), in_time=told & bound & (hours >= asked))
