"""Q19: a trial in one city is read for another, where far more people are students, whom the policy moves more.

Both cities are worlds of their own with the same cards but for the mix of people. The trial is in the first; the truth
is what the policy does to everybody in the second, from its twin runs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.randomised import difference_in_means
from vsim.evaluate.transport import transported
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.groups import bit
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 2000, 2, 13
LEVER, HALF = "service_learning", 0.5
BOTH = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "demand.tasks": 40.0, "demand.people_median": 20.0,
        "registration.history_lapsed": 0.0, "retention.exit_base": -10.0, "participation.degree": 0.0,
        "participation.habit_weight": 1.0, "participation.keep": 0.3, "participation.taste_sd": 0.5,
        "participation.student": 1.5, "people.age_14_17": 0.0, "people.age_35_59": 0.1, "service_learning.told": 0.3}
HERE = {"people.age_18_34": 0.4, "people.student_18_24": 0.7}
THERE = {"people.age_18_34": 0.8, "people.student_18_24": 1.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return the people of both cities, whether being a student is in the table or not; hours in the first alone."""
    here, there = (small(RESIDENTS, DISTRICTS, WEEKS, {**BOTH, **city}) for city in (HERE, THERE))
    trial = run(under(here, Policy(lever=LEVER, share=HALF, salt=seed)), seed)
    none, everybody = (run(under(there, *policies), seed) for policies in ((), (Policy(lever=LEVER),)))
    frame = pd.concat([
        pd.DataFrame({"trial": 1, "student": student(trial), "hours": person_hours(trial), "offered": covered(trial)}),
        pd.DataFrame({"trial": 0, "student": student(none)})], ignore_index=True)
    gained = (person_hours(everybody) - person_hours(none)).mean()
    return Drawn(frame if holds else frame.drop(columns="student"), true(gained, "ate_elsewhere", HOURS, RESIDENTS))


def student(made: Run) -> np.ndarray:
    """Return who is a student, 0 or 1 for each resident."""
    return np.concatenate([(unit.people.groups & bit("students")) > 0 for unit in made.city]).astype(np.int64)


def as_it_stands(frame: pd.DataFrame) -> Estimate:
    """Return the effect of the trial, read for the other city."""
    return difference_in_means(frame[frame["trial"] == 1], outcome="hours", treated="offered",
                               estimand="ate_elsewhere", measured_in=HOURS)


def reweighted(frame: pd.DataFrame) -> Estimate:
    """Return the trial re-weighted by being a student; without that column all that is left is the trial."""
    if "student" not in frame.columns:
        return as_it_stands(frame)
    return transported(frame, outcome="hours", treated="offered", study="trial", covariates=["student"],
                       measured_in=HOURS)


TRANSPORT = Design(
    "transport", "Q19", "What would the policy of one city do in another, where more people are students?",
    "being a student is in the data of both cities", "it is not, and the policy moves students more", -1, drawn,
    (Entrant("re-weighted trial", reweighted), Entrant("the trial as it stands", as_it_stands, named=False)))
