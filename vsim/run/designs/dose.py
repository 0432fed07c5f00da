"""Q7: no, a small and a large dose by lot: the weight that service has in an assessment.

The hours come from the register. While every claim is checked they are true; where none is, records are inflated the
more, the more they count, and the register grows faster than service does.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import (
    HOURS,
    QUARTERS,
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
from vsim.run.designs.star_cutoff import APART, NO_ERRORS, STEADY
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 3000, 2, 12
LEVER = "student_assessment"
SMALL, LARGE = 0.1, 0.3       # weights of service
THIRD, HALF = 1 / 3, 0.5      # share with the large dose; share of the others with the small one
ARMS = {0: "none", 1: "large", 2: "small", 3: "large"}     # by class: 1 where the large share reaches, 2 the small
SALT = 10**9                  # where two policies meet, the one with the later salt stands; all of ten digits
MOST = 200.0                  # hours that give the full mark: more than anybody serves
STAKES = {"demand.tasks": 100.0, "student_assessment.pull": 0.2, "student_assessment.temptation": 0.1,
          "belonging.duty_cost": 0.0, "recording.inflated_hours": 1.5}


def recorded(made: Run) -> np.ndarray:
    """Return the verified hours of every resident at the end; the run has no weeks before."""
    return np.concatenate([end.state.verified for end in made.ends]) / QUARTERS


def _values(weight: float, checked: bool) -> dict[str, float | list[float]]:
    return {"weight": weight, "hours": MOST, "verification": 1.0 if checked else 0.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return a trial with three arms, and the mean effect of the large dose on true hours."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**NO_ERRORS, **APART, **STEADY, **STAKES}, 0)
    little, much = (_values(weight, holds) for weight in (SMALL, LARGE))
    made = run(under(base, Policy(lever=LEVER, share=HALF, salt=SALT + 2 * seed, values=little),
                     Policy(lever=LEVER, share=THIRD, salt=SALT + 2 * seed + 1, values=much)), seed)
    none, everybody = (person_hours(run(under(base, *policies), seed)) for policies in (
        (), (Policy(lever=LEVER, values=much),)))
    frame = pd.DataFrame({"hours": recorded(made), "arm": pd.Series(covered(made)).map(ARMS)})
    return Drawn(frame, true((everybody - none).mean(), "ate", HOURS, RESIDENTS))


def against_none(frame: pd.DataFrame, arm: str, times: float = 1.0) -> Estimate:
    """Return the difference in means of one arm and that without a dose, as it is or scaled up."""
    two = frame[frame["arm"].isin(["none", arm])]
    table = pd.DataFrame({"hours": two["hours"] * times, "dose": (two["arm"] == arm).astype(int)})
    return difference_in_means(table, outcome="hours", treated="dose", measured_in=HOURS)


def entrants_only(frame: pd.DataFrame) -> Estimate:
    """Return the difference among those with hours: a larger dose also brings in those who serve little."""
    return against_none(frame[frame["hours"] > 0], "large")


DOSE = Design(
    "dose", "Q7", "What does a large weight of service in an assessment do to hours? None, small and large by lot",
    "every claim is checked: the register holds true hours", "no claim is checked: records are inflated the more, the "
    "more they count", +1, drawn,
    (Entrant("difference in means", partial(against_none, arm="large")),
     Entrant("small dose, scaled up", partial(against_none, arm="small", times=LARGE / SMALL), named=False),
     Entrant("those who served alone", entrants_only, named=False)))
