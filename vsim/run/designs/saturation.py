"""Q12: a lot in two stages, of districts and then of people in them, where the rewarded bring contacts along.

Service counts in an assessment for half of the residents of half of the districts. The others there, beside the people
of districts where it counts for nobody, show the spill-over; the rewarded beside the same people show the whole effect.
Without districts left alone, the untreated that remain have been moved as well, and both comparisons miss it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.run.designs.neighbours import READY, district_of, inside
from vsim.run.designs.rollout import hash_of
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 4000, 40, 12
RUN_UP = 12                   # weeks
LEVER = "student_assessment"
SHARE, LESS = 0.5, 0.25       # of residents who are rewarded; the smaller lot is part of the larger
MARK: dict[str, float | list[float]] = {"weight": 0.2, "hours": 200.0, "verification": 1.0}
TIES = {**READY, "demand.tasks": 40.0, "demand.people_median": 20.0, "participation.ask": 0.9,
        "participation.keep": 0.0, "participation.aware_platform": 0.02, "participation.taste_mean": -1.0,
        "student_assessment.pull": 0.5}
SPILL_OVER, TOTAL = "spillover", "att"


def _lot(seed: int, less: bool) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the residents of a lot in two stages, and what it changed for each; `less` rewards some elsewhere too."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, TIES, RUN_UP)
    order = sorted(base.districts, key=lambda code: hash_of(seed, code))
    chosen, others = order[: DISTRICTS // 2], order[DISTRICTS // 2 :]
    given = [Policy(lever=LEVER, share=SHARE, salt=seed, districts=chosen, values=MARK)]
    if less:
        given.append(Policy(lever=LEVER, share=LESS, salt=seed, districts=others, values=MARK))
    made = run(under(base, *given), seed)
    hours = person_hours(made)
    frame = pd.DataFrame({"hours": hours, "district": district_of(made), "chosen": inside(made, chosen).astype(int),
                          "lot": (covered(made) > 0).astype(int)})
    return frame, hours - person_hours(run(base, seed))


def spill_over(seed: int, holds: bool) -> Drawn:
    """Return those whom neither lot takes, with nobody or a few of the other districts rewarded."""
    frame, gained = _lot(seed, not holds)
    left = frame["lot"] == 0
    effect = gained[left & (frame["chosen"] == 1)].mean()
    return Drawn(frame[left], true(effect, SPILL_OVER, HOURS, int(left.sum())))


def whole(seed: int, holds: bool) -> Drawn:
    """Return the rewarded and all people of other districts, or the people of chosen districts alone."""
    frame, gained = _lot(seed, False)
    frame["rewarded"] = frame["lot"] * frame["chosen"]
    kept = (frame["rewarded"] == 1) | ((frame["chosen"] == 0) if holds else (frame["chosen"] == 1))
    return Drawn(frame[kept], true(gained[frame["rewarded"] == 1].mean(), TOTAL, HOURS, int(kept.sum())))


def of_districts(frame: pd.DataFrame) -> Estimate:
    """Return the untreated of chosen districts less those of the others, with errors by district."""
    return difference_in_means(frame, outcome="hours", treated="chosen", cluster="district", estimand=SPILL_OVER,
                               measured_in=HOURS)


def of_persons(frame: pd.DataFrame) -> Estimate:
    """Return the same gap with the errors of a lot of persons."""
    return difference_in_means(frame, outcome="hours", treated="chosen", estimand=SPILL_OVER, measured_in=HOURS)


def of_rewarded(frame: pd.DataFrame) -> Estimate:
    """Return the rewarded less whoever else is in the data, with errors by district."""
    return difference_in_means(frame, outcome="hours", treated="rewarded", cluster="district", estimand=TOTAL,
                               measured_in=HOURS)


SATURATION = Design(
    "saturation", "Q12", "What does a reward for half of a district do to the other half?",
    "in other districts, drawn by lot, nobody is rewarded",
    "in the other districts a quarter is rewarded: their untreated are moved as well", -1, spill_over,
    (Entrant("untreated by lot of districts", of_districts),
     Entrant("the same, errors of persons", of_persons, named=False)))
INTERFERENCE = Design(
    "interference", "Q12", "What does a reward for half of a district do to those who have it?",
    "the others are of districts where nobody is rewarded, drawn by lot",
    "the others are of the same districts, as if nobody moved anybody", -1, whole,
    (Entrant("rewarded against the others", of_rewarded),))
