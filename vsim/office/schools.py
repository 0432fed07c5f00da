"""Schools: service learning by student and quarter, with a mark for reflection and credit (clause VI.3.b).

The school reads hours from the register, so what was never entered does not count, and what was added does.
"""

from __future__ import annotations

import numpy as np

from vsim.office.desk import Desk, Papers
from vsim.office.services import recorded, school_years, students
from vsim.rng import Stream
from vsim.spec.units import PER_HUNDRED, QUARTER

ITEM = 300                    # from here on: draws of schools, beside those of courses


def work(desk: Desk) -> Papers:
    """Return table service_learning_log: one row a student and quarter with recorded service under the policy."""
    rows = recorded(desk).merge(students(desk)[["person", "stage"]], on="person")
    rows = rows[desk.force.on("service_learning", rows["district"], rows["week"])]
    rows = rows.assign(year=school_years(desk, rows["week"]), quarter=rows["week"] // QUARTER)
    log = rows.groupby(["person", "year", "quarter"], as_index=False).agg(
        week=("week", "max"), district=("district", "last"), stage=("stage", "last"), hours=("hours", "sum"),
        true_hours=("true_hours", "sum"))
    log["year_hours"] = log.groupby(["person", "year"])["hours"].cumsum()
    code, week = log["district"], log["week"]
    asked, required, quality = (
        desk.force.value("service_learning", name, code, week) for name in ("hours", "required", "reflection"))
    luck = 2 * desk.uniform(Stream.COURSE, log["person"], log["quarter"], ITEM) - 1
    mark = np.clip(quality + desk.value["schools.noise"] * luck, 0, 1)
    log = log.assign(
        required=required >= 1, hours_asked=asked, reflection=np.rint(PER_HUNDRED * mark),
        credit=log["year_hours"].to_numpy() >= asked * desk.value["schools.credit_share"])
    log = log.sort_values(["week", "person"], kind="stable").reset_index(drop=True)
    return Papers({"service_learning_log": log})
