"""Q8: service counts in an assessment - a reward for half of the people of some districts - where seats are scarce.

The rewarded take seats from their neighbours: what they gain is gross, what the place gains is net of the hours that
the others lose. Near neighbours as controls count the loss as if it were a further gain. Policies hold for districts
and for shares of their residents, so the near neighbours are the other half of a district rather than a ring around a
station.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vsim.evaluate.instruments import iv
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.run.designs.rollout import hash_of
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 4000, 40, 12
RUN_UP = 12                   # weeks
LEVER, HALF = "student_assessment", 0.5
REWARD: dict[str, float | list[float]] = {"weight": 0.2, "hours": 200.0, "verification": 1.0}
READY = {"registration.history_lapsed": 0.0, "retention.exit_base": -6.0, "participation.taste_sd": 0.5,
         "participation.habit_weight": 1.0}      # nearly all who are registered may serve, and are much alike
SCARCE = {**READY, "demand.tasks": 15.0, "demand.people_median": 1.0, "participation.aware_platform": 0.5,
          "participation.taste_mean": -1.0, "student_assessment.pull": 0.5, "participation.ask": 0.0}


def district_of(made: Run) -> np.ndarray:
    """Return the number of the district of every resident."""
    return np.repeat(np.arange(len(made.city)), [unit.people.ids.size for unit in made.city])


def inside(made: Run, codes: Sequence[str]) -> np.ndarray:
    """Return whether every resident lives in one of some districts."""
    return np.isin([unit.district.code for unit in made.city], list(codes))[district_of(made)]


def drawn(seed: int, holds: bool) -> Drawn:
    """Return residents of all districts, or of those alone in which half of them have the reward."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, SCARCE, RUN_UP)
    chosen = sorted(base.districts, key=lambda code: hash_of(seed, code))[: DISTRICTS // 2]
    made = run(under(base, Policy(lever=LEVER, share=HALF, salt=seed, districts=chosen, values=REWARD)), seed)
    hours, here = person_hours(made), inside(made, chosen)
    rewarded = here & (covered(made) > 0)
    frame = pd.DataFrame({"hours": hours, "district": district_of(made), "rewarded": rewarded.astype(int),
                          "drawn": here.astype(int)})
    net = (hours - person_hours(run(base, seed))).sum() / rewarded.sum()
    return Drawn(frame if holds else frame[here].drop(columns="drawn"), true(net, "late", HOURS, len(frame)))


def by_lot(frame: pd.DataFrame) -> Estimate:
    """Return hours for each person rewarded, by the lot of districts; without it all that is left are neighbours."""
    if "drawn" not in frame.columns:
        return by_neighbours(frame)
    return iv(frame, outcome="hours", treatment="rewarded", instruments="drawn", cluster="district",
              measured_in=HOURS).effect


def by_neighbours(frame: pd.DataFrame) -> Estimate:
    """Return the gap of the rewarded to their neighbours of the same districts."""
    some = frame.groupby("district")["rewarded"].transform("max") > 0
    return difference_in_means(frame[some], outcome="hours", treated="rewarded", cluster="district", estimand="late",
                               measured_in=HOURS)


NEIGHBOURS = Design(
    "neighbours", "Q8", "How many hours does a reward add, net of those that neighbours lose?",
    "districts without any reward are in the data, drawn by lot",
    "the controls live in the rewarded districts: the hours that they lose count as gains", +1, drawn,
    (Entrant("lot of districts", by_lot), Entrant("near neighbours", by_neighbours, named=False)))
