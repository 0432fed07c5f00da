"""What several offices read of the raw tables: services on the register, who is a student, and school years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk
from vsim.spec.calendar import weeks_with
from vsim.spec.units import ADULT, HOUR

if TYPE_CHECKING:
    import pandas as pd

SCHOOL_YEAR = (9, 1)          # month and day on which it begins


def recorded(desk: Desk) -> pd.DataFrame:
    """Return the services of the run that are on the register at its end, in the order of week and person.

    Columns week, person, district, due, flags; hours as entered, and true_hours, in hours.
    """
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & RECORDED > 0) & (placed["due"] < desk.weeks)]
    rows = rows.merge(desk.raw["tasks"][["task", "district", "source"]], on="task")
    rows = rows.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    return rows[["week", "person", "district", "due", "flags"]].assign(
        hours=rows["entered"] / HOUR, true_hours=rows["true_hours"] / HOUR)


def students(desk: Desk) -> pd.DataFrame:
    """Return the students: person, district and stage."""
    people = desk.raw["people"]
    rows = people.loc[people["student"], ["person", "district", "age"]].reset_index(drop=True)
    return rows[["person", "district"]].assign(stage=np.where(rows["age"] < ADULT, "school", "college"))


def school_years(desk: Desk, weeks: Any) -> NDArray[np.int64]:
    """Return the school year of each week, counted from that of the first week."""
    begins = weeks_with(*SCHOOL_YEAR, desk.start, range(1, desk.weeks))
    return np.searchsorted(np.array(begins, dtype=np.int64), np.asarray(weeks), side="right").astype(np.int64)
