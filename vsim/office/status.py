"""Status of registrants and organisations: active, noticed, dormant, exited, and back by serving (clause IV.2.l).

Only months without service count, as the register knows them. Without the policy volunteers have no status but the one
of registering, and organisations that of their stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import WEEKS_A_MONTH
from vsim.world.ledgers import SHOWED

if TYPE_CHECKING:
    import pandas as pd

STAGES = {0: "started", 1: "active", 3: "closed", 6: "suspended"}      # by kind of event of an organisation


def work(desk: Desk) -> Papers:
    """Return table status_history: one row a change of a volunteer or an organisation, with its reason."""
    import pandas as pd

    rows = pd.concat([_organisations(desk), *_volunteers(desk)], ignore_index=True)
    return Papers({"status_history": rows.sort_values(
        ["week", "district", "entity", "person", "organisation", "step"], kind="stable").reset_index(drop=True)})


def _organisations(desk: Desk) -> pd.DataFrame:
    events = desk.raw["org_events"]
    rows = events[(events["week"] >= 0) & events["kind"].isin(list(STAGES))]
    return rows[["week", "district", "organisation"]].assign(
        entity="organisation", person=-1, status=rows["kind"].map(STAGES).astype(object), reason="stage", step=0)


def _volunteers(desk: Desk) -> list[pd.DataFrame]:
    """Return notices, dormancy and returns: for each person the weeks between one service and the next."""
    import pandas as pd

    if not desk.force.anywhere("dormancy"):
        return []
    people = desk.raw["people"]
    people = people.loc[people["registered"], ["person", "district", "since"]]
    placements = desk.raw["placements"]
    came = placements.loc[placements["flags"] & SHOWED > 0, ["person", "week"]].merge(people, on="person")
    marks = pd.concat([people.assign(week=people["since"], served=False), came.assign(served=True)])
    marks = marks.sort_values(["person", "week", "served"], kind="stable").reset_index(drop=True)
    same = marks["person"].to_numpy()[1:] == marks["person"].to_numpy()[:-1]
    upcoming = np.append(np.where(same, marks["week"].to_numpy()[1:], desk.weeks), desk.weeks)
    first = _first_week(desk)
    since = marks["week"].to_numpy()
    code = marks["district"].to_numpy()
    begun = np.array([first.get(c, desk.weeks) for c in code], dtype=np.int64)
    known = np.minimum(begun, desk.weeks - 1)
    months = desk.force.value("dormancy", "months", code, known)
    grace = desk.force.value("dormancy", "grace_months", code, known)
    noticed = np.maximum(since + np.ceil(months * WEEKS_A_MONTH).astype(np.int64), begun)
    asleep = noticed + np.ceil(grace * WEEKS_A_MONTH).astype(np.int64)
    heard = desk.force.value("dormancy", "appeal", code, known) >= 1
    luck = desk.uniform(Stream.REGISTER, marks["person"], since)
    spared = heard & (luck < desk.value["status_desk.appealed"])
    parts = [
        (noticed, noticed < upcoming, "noticed", "no_service"),
        (asleep, (asleep < upcoming) & spared, "active", "appeal"),
        (asleep, (asleep < upcoming) & ~spared, "dormant", "no_service"),
        (upcoming, (asleep < upcoming) & ~spared, "active", "served"),
    ]
    out = []
    for step, (week, happens, status, reason) in enumerate(parts):
        kept = happens & (week < desk.weeks) & (week >= begun) & desk.force.on("dormancy", code, week)
        out.append(pd.DataFrame({
            "week": week[kept], "district": code[kept], "organisation": -1, "entity": "volunteer",
            "person": marks["person"].to_numpy()[kept], "status": status, "reason": reason, "step": step}))
    return out


def _first_week(desk: Desk) -> dict[str, int]:
    """Return the first week in which the policy is in force, by district."""
    weeks = np.arange(desk.weeks)
    return {
        code: int(np.argmax(on)) for code in desk.raw["districts"]["district"]
        if (on := desk.force.on("dormancy", np.full(desk.weeks, code, dtype=object), weeks)).any()
    }
