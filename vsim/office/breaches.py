"""Security: breaches of a district's system, what they expose and lose, and the checks of each quarter (V.3.e).

A breach without the policy meets no control, monthly backups and no drill. Each week has its own luck, so that control
takes breaches away and adds none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk, Papers
from vsim.office.texts import with_texts
from vsim.rng import Stream
from vsim.spec.units import QUARTER, WEEK, YEAR

KINDS = ("outage", "ransom", "leak", "intrusion")
LOSES = ("outage", "ransom")  # what happened since the last backup
EXPOSES = ("ransom", "leak", "intrusion")
HAPPENS, KIND, SIZE, DOWN, SEEN, SINCE = range(6)


def work(desk: Desk) -> Papers:
    """Return tables breaches and security_checks."""
    codes = desk.raw["districts"]["district"].to_numpy()
    rows = pd.DataFrame({
        "week": np.repeat(np.arange(desk.weeks), codes.size), "district": np.tile(codes, desk.weeks),
        "place": np.tile(np.arange(codes.size), desk.weeks)})
    said = {
        "level": desk.force.value("security", "level", rows["district"], rows["week"]),
        "backup_days": desk.force.value("security", "backup_days", rows["district"], rows["week"],
                                        off=desk.value["breaches.backup_days"]),
        "drills": desk.force.value("security", "drills", rows["district"], rows["week"])}
    rows = rows.assign(**said)
    return Papers(with_texts({"breaches": _breaches(desk, rows), "security_checks": _checks(desk, rows)}))


def _word(desk: Desk, rows: pd.DataFrame, which: int) -> NDArray[np.float64]:
    return desk.uniform(Stream.SECURITY, rows["place"], rows["week"], which)


def _breaches(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the breaches with kind, downtime, people exposed, records lost and the time until they were told."""
    left = desk.value["breaches.left_level"] ** rows["level"].to_numpy()
    rows = rows[_word(desk, rows, HAPPENS) < desk.value["breaches.yearly"] / YEAR * left].reset_index(drop=True)
    kind = np.array(KINDS, dtype=object)[np.floor(len(KINDS) * _word(desk, rows, KIND)).astype(np.int64)]
    ready = desk.value["breaches.drills_half"] / (desk.value["breaches.drills_half"] + rows["drills"].to_numpy())
    down = np.rint(2 * desk.value["breaches.hours_down"] * ready * _word(desk, rows, DOWN)).astype(np.int64)
    hours = np.rint(2 * desk.value["breaches.hours_seen"] * ready * _word(desk, rows, SEEN)).astype(np.int64)
    share = desk.value["breaches.exposed"] * _word(desk, rows, SIZE)
    exposed = np.where(np.isin(kind, EXPOSES), np.rint(share * _registered(desk, rows)), 0).astype(np.int64)
    lost = np.where(np.isin(kind, LOSES), _lost(desk, rows), 0).astype(np.int64)
    return rows[["week", "district"]].assign(
        kind=kind, downtime_hours=down, people_exposed=exposed, records_lost=lost, hours_to_notice=hours,
        people_told=exposed > 0)


def _registered(desk: Desk, rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many people were on the register of a district in a week."""
    people = desk.raw["people"]
    people = people[people["registered"]]
    since = {code: np.sort(part.to_numpy()) for code, part in people.groupby("district")["since"]}
    none = np.zeros(0, dtype=np.int64)
    return np.array([np.searchsorted(since.get(code, none), week, side="right")
                     for code, week in zip(rows["district"], rows["week"], strict=True)], dtype=np.int64)


def _lost(desk: Desk, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return the records entered since the last backup, whole weeks in full and the week at hand by its days."""
    placed = desk.raw["placements"]
    known = placed[(placed["flags"] & RECORDED > 0) & (placed["due"] >= 0) & (placed["due"] < desk.weeks)]
    known = known[["due", "task"]].merge(desk.raw["tasks"][["task", "district"]], on="task")
    count = known.groupby(["district", "due"]).size()
    days = np.floor(rows["backup_days"].to_numpy() * _word(desk, rows, SINCE))
    return np.array([np.rint(_entered(count, code, week, gap))
                     for code, week, gap in zip(rows["district"], rows["week"], days.tolist(), strict=True)])


def _entered(count: pd.Series, code: str, week: int, days: float) -> float:
    """Return the records entered in the last days before the end of a week."""
    total = 0.0
    while days > 0 and week >= 0:
        total += count.get((code, week), 0) * min(days, WEEK) / WEEK
        days, week = days - WEEK, week - 1
    return total


def _checks(desk: Desk, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the check at the end of each quarter under the policy: level, age of patches, backups and drills."""
    on = desk.force.on("security", rows["district"], rows["week"]) & ((rows["week"] + 1) % QUARTER == 0).to_numpy()
    rows = rows[on].reset_index(drop=True)
    left = desk.value["breaches.left_level"] ** rows["level"].to_numpy()
    return rows[["week", "district"]].assign(
        level=rows["level"].astype(np.int64), patch_days=np.rint(desk.value["breaches.patch_days"] * left).astype(
            np.int64), backups=np.floor(QUARTER * WEEK / rows["backup_days"]).astype(np.int64),
        drills=rows["drills"].astype(np.int64))
