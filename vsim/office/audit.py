"""The office of audit: for a sample of the records the truth is found out (clause VII.2.d)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import HOUR, WEEK


def work(desk: Desk) -> Papers:
    """Return the audited records: hours as entered and as found, hours struck, and whether the entry came too late."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & RECORDED > 0) & (placed["due"] < desk.weeks)]
    tasks = desk.raw["tasks"].set_index("task")
    source, district = (tasks[name].reindex(rows["task"]).to_numpy() for name in ("source", "district"))
    week = rows["week"].to_numpy()
    fraction = desk.force.value("audit", "fraction", district, week, desk.value["audit.office_fraction"])
    drawn = desk.uniform(Stream.AUDIT, rows["person"].to_numpy(), week, source) < fraction
    rows, week, district = rows[drawn].reset_index(drop=True), week[drawn], district[drawn]
    added = np.maximum(rows["entered"].to_numpy() - rows["true_hours"].to_numpy(), 0) / HOUR
    penalty = desk.force.value("audit", "penalty", district, week)
    allowed = desk.force.value("audit", "deadline_days", district, week, desk.value["audit.office_deadline"])
    return Papers({"audited_records": rows[["week", "person", "task"]].assign(
        district=pd.Series(district, dtype=tasks["district"].dtype), hours_entered=rows["entered"] / HOUR,
        hours_found=rows["true_hours"] / HOUR,
        finding=np.select([added >= desk.value["audit.office_grave"], added > 0], ["inflated", "rounded"], "right"),
        hours_struck=np.minimum(np.where(added > 0, added * penalty, 0.0), rows["entered"].to_numpy() / HOUR),
        late=(rows["due"].to_numpy() - week) * WEEK > allowed,
    )})
