"""Q13: hours that schools require of students, and what they do to service of one's own accord afterwards.

Two cohorts, students and those who have just left school age, are followed over the weeks before the requirement and
the weeks after it was lifted. The truth is the change in the students' later hours against a twin world without the
requirement. Another reform for students in the same weeks, a campaign that outlasts its weeks, breaks the comparison.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.comparisons import before_after, difference_in_differences, with_without
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, person_hours, run, small, true, under
from vsim.run.designs.star_cutoff import APART, STEADY
from vsim.spec.estimate import Estimate
from vsim.spec.groups import bit
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, RUN_UP = 3000, 20, 20
BEFORE, LASTS, AFTER = 12, 12, 12      # weeks
LEVER, OTHER = "service_learning", "media"
ASKED = 6.0                   # hours
ADVERTS = 20.0                # yuan for each resident and year
LEVEL = {"demand.winter_dip": 0.0, "demand.peak_march": 0.0, "participation.peak_march": 0.0,
         "participation.summer": 0.0, "participation.student": 0.0, "participation.degree": 0.0,
         "people.age_14_17": 0.0, "people.age_18_34": 1.0, "people.age_35_59": 0.0, "people.student_18_24": 1.0,
         "participation.aware_platform": 0.3, "service_learning.pull": 1.5, "belonging.duty_cost": 0.6,
         "media.heard": 0.2, "media.advert_half_life": 26.0}


def for_students(lever: str, values: dict[str, float | list[float]]) -> Policy:
    """Return a policy for students in the weeks of the requirement."""
    return Policy(lever=lever, start_week=BEFORE, end_week=BEFORE + LASTS, groups=["students"], values=values)


def drawn(seed: int, holds: bool) -> Drawn:
    """Return two cohorts of each district before the requirement and after it."""
    base = small(RESIDENTS, DISTRICTS, BEFORE + LASTS + AFTER, {**APART, **STEADY, **LEVEL}, RUN_UP)
    if not holds:
        base = under(base, for_students(OTHER, {"adverts": ADVERTS, "places": 0.0}))
    made, twin = run(under(base, for_students(LEVER, {"hours": ASKED})), seed), run(base, seed)
    student = np.concatenate([(unit.people.groups & bit("students")) > 0 for unit in made.city])
    after = person_hours(made, BEFORE + LASTS)
    frame = pd.DataFrame({
        "district": np.concatenate([np.full(unit.people.ids.size, unit.district.code) for unit in made.city]),
        "student": student, "before": person_hours(made) - person_hours(made, BEFORE), "after": after})
    gained = (after - person_hours(twin, BEFORE + LASTS))[student]
    cohorts = frame.groupby(["district", "student"], as_index=False)[["before", "after"]].mean()
    return Drawn(cohorts, true(gained.mean(), "att", HOURS, int(student.sum())))


def by_cohorts(frame: pd.DataFrame) -> Estimate:
    """Return the change of the students minus that of the older cohort."""
    return difference_in_differences(frame, treated="student", before="before", after="after", unit=HOURS)


def later_alone(frame: pd.DataFrame) -> Estimate:
    """Return students less the older cohort, afterwards."""
    return with_without(frame, treated="student", after="after", unit=HOURS)


def students_alone(frame: pd.DataFrame) -> Estimate:
    """Return the change of the students."""
    return before_after(frame, treated="student", before="before", after="after", unit=HOURS)


DOUBLE_COHORT = Design(
    "double_cohort", "Q13", "What do required hours do to service of one's own accord, once they are over?",
    "nothing else is new for students in these weeks", "a campaign among students begins in the same weeks and "
    "outlasts them", +1, drawn,
    (Entrant("difference in differences of two cohorts", by_cohorts),
     Entrant("students after the requirement and before", students_alone, named=False),
     Entrant("students less the older, afterwards", later_alone, named=False)))
