"""Q12: a lot in two stages, of districts and then of people in them, where the asked bring their contacts along.

Half of the residents of half of the districts are asked to serve. The others there, beside the people of districts
where nobody is asked, show the spill-over; the asked beside the same people show the whole effect on them. Without
districts left alone, the untreated that remain have been moved as well: the spill-over vanishes from both comparisons.
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
SHARE, LESS = 0.5, 0.25       # of residents who are asked; the smaller lot is part of the larger
MARK: dict[str, float | list[float]] = {"weight": 0.2, "hours": 200.0, "verification": 1.0}
TIES = {**READY, "demand.tasks": 40.0, "demand.people_median": 20.0, "participation.ask": 0.9,
        "participation.keep": 0.0, "participation.aware_platform": 0.02, "participation.taste_mean": -1.0,
        "student_assessment.pull": 0.5}
SPILL_OVER, TOTAL = "spillover", "att"


def _lot(seed: int, less: bool) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the residents of a lot in two stages, and what it changed for each; `less` asks some elsewhere too."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, TIES, RUN_UP)
    order = sorted(base.districts, key=lambda code: hash_of(seed, code))
    chosen, others = order[: DISTRICTS // 2], order[DISTRICTS // 2 :]
    asked = [Policy(lever=LEVER, share=SHARE, salt=seed, districts=chosen, values=MARK)]
    if less:
        asked.append(Policy(lever=LEVER, share=LESS, salt=seed, districts=others, values=MARK))
    made = run(under(base, *asked), seed)
    hours = person_hours(made)
    frame = pd.DataFrame({"hours": hours, "district": district_of(made), "chosen": inside(made, chosen).astype(int),
                          "lot": (covered(made) > 0).astype(int)})
    return frame, hours - person_hours(run(base, seed))


def spill_over(seed: int, holds: bool) -> Drawn:
    """Return those whom neither lot takes, with nobody or a few of the other districts asked."""
    frame, gained = _lot(seed, not holds)
    left = frame["lot"] == 0
    effect = gained[left & (frame["chosen"] == 1)].mean()
    return Drawn(frame[left], true(effect, SPILL_OVER, HOURS, int(left.sum())))


def whole(seed: int, holds: bool) -> Drawn:
    """Return the asked and all people of other districts, or the people of chosen districts alone."""
    frame, gained = _lot(seed, False)
    frame["asked"] = frame["lot"] * frame["chosen"]
    kept = (frame["asked"] == 1) | ((frame["chosen"] == 0) if holds else (frame["chosen"] == 1))
    return Drawn(frame[kept], true(gained[frame["asked"] == 1].mean(), TOTAL, HOURS, int(kept.sum())))


def of_districts(frame: pd.DataFrame) -> Estimate:
    """Return the untreated of chosen districts less those of the others, with errors by district."""
    return difference_in_means(frame, outcome="hours", treated="chosen", cluster="district", estimand=SPILL_OVER,
                               measured_in=HOURS)


def of_persons(frame: pd.DataFrame) -> Estimate:
    """Return the same gap with the errors of a lot of persons."""
    return difference_in_means(frame, outcome="hours", treated="chosen", estimand=SPILL_OVER, measured_in=HOURS)


def of_asked(frame: pd.DataFrame) -> Estimate:
    """Return the asked less whoever else is in the data, with errors by district."""
    return difference_in_means(frame, outcome="hours", treated="asked", cluster="district", estimand=TOTAL,
                               measured_in=HOURS)


SATURATION = Design(
    "saturation", "Q12", "What does asking half of a district do to those who are not asked?",
    "in other districts, drawn by lot, nobody is asked",
    "in the other districts a quarter is asked: their untreated are moved as well", -1, spill_over,
    (Entrant("untreated by lot of districts", of_districts),
     Entrant("the same, errors of persons", of_persons, named=False)))
INTERFERENCE = Design(
    "interference", "Q12", "What does asking half of a district do to those who are asked?",
    "the others are of districts where nobody is asked, drawn by lot",
    "the others are of the same districts, as if nobody moved anybody", -1, whole,
    (Entrant("asked against the others", of_asked),))
