"""Q6 and Q14: an offer to half of the residents by lot - with seats for all or too few, on all or on the active alone.

The question is what offering to everybody would do. Where seats are scarce, those who got the offer take them from
those who did not: the comparison of the two halves then says more than the policy can do (displacement).
"""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 4000, 4, 26
PLENTY = {"demand.tasks": 40.0, "demand.people_median": 20.0}      # seats for all who want one
SCARCE = {"demand.tasks": 1.0}
APART = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "people.student_18_24": 1.0}      # nobody asks another
LEVER, HALF = "service_learning", 0.5


def _arms(seed: int, seats: dict[str, float]) -> tuple[pd.DataFrame, float]:
    """Return the trial, and the mean effect of offering to everybody."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**APART, **seats})
    half = run(under(base, Policy(lever=LEVER, share=HALF, salt=seed)), seed)
    none, everybody = (person_hours(run(under(base, *policies), seed)) for policies in ((), (Policy(lever=LEVER),)))
    frame = pd.DataFrame({"hours": person_hours(half), "offered": covered(half)})
    return frame, float((everybody - none).mean())


def offer(seed: int, holds: bool) -> Drawn:
    """Return a trial among all residents, with seats for everybody or too few."""
    frame, effect = _arms(seed, PLENTY if holds else SCARCE)
    return Drawn(frame, true(effect, "ate", HOURS, len(frame)))


def active_only(seed: int, holds: bool) -> Drawn:
    """Return the trial with seats for everybody, of all residents or of those alone who served."""
    frame, effect = _arms(seed, PLENTY)
    return Drawn(frame if holds else frame[frame["hours"] > 0], true(effect, "ate", HOURS, len(frame)))


def difference(frame: pd.DataFrame) -> Estimate:
    """Return the difference in means of the trial."""
    return difference_in_means(frame, outcome="hours", treated="offered", measured_in=HOURS)


ENTRANTS = (Entrant("difference in means", difference),)
OFFER = Design(
    "offer", "Q6", "What would an offer to everybody do? Half of the residents get it by lot",
    "there are seats for all who want to serve, and nobody brings anybody along",
    "seats are scarce: who has the offer takes them from who has not", +1,
    offer, ENTRANTS)
ACTIVE_ONLY = Design(
    "active_only", "Q14", "The same offer, read from the log of those who served",
    "all residents are in the data", "only those with a service are: the offer itself brings people into the log", -1,
    active_only, ENTRANTS)
