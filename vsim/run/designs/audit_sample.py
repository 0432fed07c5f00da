"""Q15: service that counts in an assessment draws people, and tempts them to add hours to their records.

Half of the residents get the assessment by lot. The question is what it does to hours truly served. An audit of some
people, drawn by lot, compares each of their records with the truth; the register holds what was entered. Records that
were never made are no matter here: all attendances are recorded.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import (
    HOURS,
    PERSON,
    QUARTERS,
    WEEK,
    Design,
    Drawn,
    Entrant,
    covered,
    person_hours,
    run,
    small,
    true,
    under,
)
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.ledgers import Book

RESIDENTS, DISTRICTS, WEEKS = 4000, 4, 16
AUDITED = 0.5                 # share of people whose records are compared with the truth
ENTERED = 4                   # column of the book of placements
ROOM = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "demand.tasks": 40.0, "demand.people_median": 20.0,
        "recording.missing": 0.0, "student_assessment.pull": 0.3, "student_assessment.temptation": 0.2}
WEIGHT: dict[str, float | list[float]] = {"weight": 0.3, "verification": 0.0, "hours": 200.0}
LEVER, HALF = "student_assessment", 0.5


def drawn(seed: int, holds: bool) -> Drawn:
    """Return hours of those audited as the audit found them, or of everybody as they were recorded."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, ROOM)
    policy = Policy(lever=LEVER, values=WEIGHT)
    half = run(under(base, Policy(lever=LEVER, values=WEIGHT, share=HALF, salt=seed)), seed)
    none, everybody = (person_hours(run(under(base, *policies), seed)) for policies in ((), (policy,)))
    frame = pd.DataFrame({"offered": covered(half), "recorded": recorded_hours(half)})
    if holds:
        frame["hours"] = person_hours(half)
        frame = frame[luck(seed).random(len(frame)) < AUDITED].reset_index(drop=True)
    else:
        frame["hours"] = frame["recorded"]
    return Drawn(frame, true((everybody - none).mean(), "ate", HOURS, none.size))


def recorded_hours(made: Run) -> np.ndarray:
    """Return the hours of every resident as entered in the register, without second copies."""
    parts = []
    for unit, end in zip(made.city, made.ends, strict=True):
        rows = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])]
        rows = rows[rows[:, WEEK] >= 0]
        parts.append(np.bincount(rows[:, PERSON], weights=rows[:, ENTERED] / QUARTERS,
                                 minlength=unit.people.ids.size))
    return np.concatenate(parts)


def by_audit(frame: pd.DataFrame) -> Estimate:
    """Return the difference in means of the hours that the analyst goes by."""
    return difference_in_means(frame, outcome="hours", treated="offered", measured_in=HOURS)


def by_register(frame: pd.DataFrame) -> Estimate:
    """Return the difference in means of recorded hours."""
    return difference_in_means(frame, outcome="recorded", treated="offered", measured_in=HOURS)


AUDIT_SAMPLE = Design(
    "audit_sample", "Q15", "What does an assessment that counts service do to the hours truly served?",
    "the records of half of the people, drawn by lot, are compared with the truth",
    "recorded hours are taken for hours: whoever is assessed adds to them", +1, drawn,
    (Entrant("difference in means of hours", by_audit), Entrant("recorded hours as they stand", by_register, False)))
