"""Q1: a star title that is given on one day to all with enough hours, read at the cutoff.

Whoever has `CUTOFF` hours in the register at the end of week `DAY` gets the title, and recognition pulls from then on.
The model's stars are given as soon as the hours are there, so the ladder is in force in that week only, and striving
for the title of a later day is played by required hours: a pull until a person has as many, for half of the people by
lot. Just above the cutoff then stand people who rest, just below it people who are on the run.

The truth is the effect on people with the title, at the cutoff: their hours with recognition less their hours of the
same luck without it, by a line through those just above.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.discontinuity import rd
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, person_hours, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, DAY, AFTER = 2500, 2, 11, 8
CUTOFF, REACH = 12.0, 10.0    # hours for the title; hours above it whose effects the truth is drawn from
LEVER, OTHER, HALF = "stars", "service_learning", 0.5
FAR_OFF, DONUT = 5000.0, 2.0  # hours: of a star that nobody reaches; left out on either side
ESTIMAND = "effect_at_cutoff"
NO_ERRORS = {"recording.missing": 0.0, "recording.late_mean": 0.0, "recording.duplicate": 0.0,
             "recording.rounded_half": 0.0, "recording.rounded_up": 0.0, "recording.inflated": 0.0,
             "recording.verified": 1.0}
APART = {"participation.ask": 0.0, "demand.tasks": 40.0, "demand.people_median": 20.0, "registration.base": -10.0,
         "registration.history_lapsed": 0.0, "retention.exit_base": -10.0}
STEADY = {"participation.taste_mean": -1.5, "participation.taste_sd": 0.5, "participation.habit_weight": 1.0,
          "participation.aware_platform": 0.6, "choice.extra_mean": 0.0, "choice.extra_by_taste": 0.0}
TITLE = {"stars.award": 0.5, "stars.award_half_life": 104.0, "stars.reset": 0.0, "stars.goal": 0.0,
         "retention.exit_award": 0.0, "participation.taste_mean": -2.0, "participation.habit_weight": 3.0}
STRIVING = {"service_learning.pull": 2.0, "service_learning.told": 0.0, "service_learning.kept": 0.0,
            "service_learning.join": 0.0, "belonging.duty_cost": 0.0, "belonging.duty_quality": 0.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return residents with their hours up to the day and after it; the title comes as a surprise or is striven for."""
    base = small(RESIDENTS, DISTRICTS, DAY + 1 + AFTER, {**NO_ERRORS, **APART, **STEADY, **STRIVING, **TITLE}, 0)
    if not holds:
        base = under(base, Policy(lever=OTHER, end_week=DAY + 1, share=HALF, salt=seed, values={"hours": CUTOFF}))
    given = Policy(lever=LEVER, start_week=DAY, end_week=DAY + 1, values={"thresholds": [CUTOFF]})
    kept = Policy(lever=LEVER, start_week=DAY + 1, values={"thresholds": [FAR_OFF]})
    made, plain = run(under(base, given, kept), seed), run(under(base, given), seed)
    after = person_hours(made, DAY + 1)
    frame = pd.DataFrame({"verified": person_hours(made) - after, "hours": after,
                          "before": person_hours(made, DAY + 1 - AFTER) - after})
    frame["starred"] = (frame["verified"] >= CUTOFF).astype(int)
    gained = after - person_hours(plain, DAY + 1)
    above = frame["verified"].to_numpy() - CUTOFF
    near = (above >= 0) & (above < REACH)
    effect = np.polynomial.Polynomial.fit(above[near], gained[near], 1)(0.0)
    return Drawn(frame, true(effect, ESTIMAND, HOURS, int(near.sum())))


def local_linear(frame: pd.DataFrame) -> Estimate:
    """Return the jump at the cutoff."""
    return rd(frame, outcome="hours", running="verified", cutoff=CUTOFF, measured_in=HOURS).jump


def without_the_nearest(frame: pd.DataFrame) -> Estimate:
    """Return the jump when those nearest to the cutoff are left out, as is advised against sorting."""
    return rd(frame, outcome="hours", running="verified", cutoff=CUTOFF, donut=DONUT, bandwidth=REACH,
              measured_in=HOURS).jump


def starred_less_others(frame: pd.DataFrame) -> Estimate:
    """Return those with the title less all others, who are other people."""
    return difference_in_means(frame, outcome="hours", treated="starred", estimand=ESTIMAND, measured_in=HOURS)


def before_and_after(frame: pd.DataFrame) -> Estimate:
    """Return hours of those with the title after the day less those of as many weeks before: a lucky streak ends."""
    own = frame[frame["starred"] == 1]
    both = pd.DataFrame({
        "hours": pd.concat([own["hours"], own["before"]]), "later": [1] * len(own) + [0] * len(own),
        "person": [*range(len(own))] * 2})
    return difference_in_means(both, outcome="hours", treated="later", cluster="person", estimand=ESTIMAND,
                               measured_in=HOURS)


STAR_CUTOFF = Design(
    "star_cutoff", "Q1", "What does a star title do to later hours of those who just reached it?",
    "nobody knows of the title before the day on which it is given",
    "the day is known, and half strive for the title until they have the hours", -1, drawn,
    (Entrant("discontinuity, local linear", local_linear),
     Entrant("discontinuity without the nearest", without_the_nearest, named=False),
     Entrant("starred less others", starred_less_others, named=False),
     Entrant("before and after the title", before_and_after, named=False)))
