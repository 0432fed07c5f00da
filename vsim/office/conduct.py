"""Conduct: codes that volunteers sign, and breaches with their severity and sanction (clause IV.2.e).

A breach happened in a service whether a code is in force or not; without a code it is noted, and nothing follows. The
ladder counts the breaches of a person that were sanctioned before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.world.ledgers import BREACH, SHOWED

if TYPE_CHECKING:
    import pandas as pd

TYPES = ("late_or_absent_from_post", "breach_of_privacy", "gift_taken", "unsafe_act", "disrespect")
LADDER = ("warning", "order_to_correct", "suspension", "revocation")
NONE = "none"
GRAVE = 1 << 31               # added to the number of a source, for a second draw of the same breach


def work(desk: Desk) -> Papers:
    """Return tables conduct_acks (one row a person and code) and breach_log (one row a breach)."""
    services = _services(desk)
    return Papers({"conduct_acks": _acks(desk, services), "breach_log": _breaches(desk, services)})


def _services(desk: Desk) -> pd.DataFrame:
    """Return the attendances of the run with district, organisation and source, in the order of week and person."""
    placements = desk.raw["placements"]
    rows = placements[(placements["week"] >= 0) & (placements["flags"] & SHOWED > 0)]
    rows = rows[["week", "person", "task", "flags"]].merge(
        desk.raw["tasks"][["task", "district", "organisation", "source"]], on="task")
    return rows.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)


def _acks(desk: Desk, services: pd.DataFrame) -> pd.DataFrame:
    """Return who signed the code: at the first service under a standard that is not empty."""
    level = desk.force.value("conduct", "level", services["district"], services["week"])
    bound = services.assign(level=level.astype(np.int64))[level > 0].drop_duplicates("person")
    return bound[["week", "district", "person", "organisation", "level"]].reset_index(drop=True)


def _breaches(desk: Desk, services: pd.DataFrame) -> pd.DataFrame:
    """Return the breaches; a grave one starts a rung higher, and each one before it adds a rung."""
    rows = services[services["flags"] & BREACH > 0].reset_index(drop=True)
    who, week, source = rows["person"], rows["week"], rows["source"]
    kind = (desk.uniform(Stream.CONDUCT, who, week, source) * len(TYPES)).astype(np.int64)
    grave = desk.uniform(Stream.CONDUCT, who, week, source + GRAVE) < desk.value["conduct_desk.grave"]
    rungs = desk.force.value("conduct", "rungs", rows["district"], week).astype(np.int64)
    bound = desk.force.value("conduct", "level", rows["district"], week) > 0
    before = rows.assign(bound=bound.astype(np.int64)).groupby("person")["bound"].cumsum().to_numpy() - bound
    rung = np.minimum(before + grave, rungs - 1).astype(np.int64)
    sanction = np.where(bound, np.array(LADDER)[np.maximum(rung, 0)], NONE)
    return rows[["week", "district", "person", "organisation", "task"]].assign(
        type=np.array(TYPES)[kind], severity=np.where(grave, "grave", "minor"), sanction=sanction)
