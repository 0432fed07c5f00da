"""Q17: in which neighbourhood does an offer gain most, and how much? Chosen and measured on other people, or the same.

The largest of sixteen effects is partly luck. Measured on the people by whom it was chosen it flatters itself (winner's
curse); measured on others it does not. The truth is the effect in the group that was chosen, by whichever way.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.luck import luck
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.places import QUARTERS as IN_DISTRICT

RESIDENTS, DISTRICTS, WEEKS = 4000, 4, 13
LEVER, HALF = "service_learning", 0.5
ROOM = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "demand.tasks": 40.0, "demand.people_median": 20.0,
        "service_learning.told": 0.3}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return the trial; where the assumption holds, half of the people are kept for the measuring."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, ROOM)
    made = run(under(base, Policy(lever=LEVER, share=HALF, salt=seed)), seed)
    none, everybody = (person_hours(run(under(base, *policies), seed)) for policies in ((), (Policy(lever=LEVER),)))
    place = np.concatenate([number * IN_DISTRICT + unit.people.quarter for number, unit in enumerate(made.city)])
    frame = pd.DataFrame({"place": place, "hours": person_hours(made), "offered": covered(made)})
    frame["kept"] = luck(seed).permutation(len(frame)) % 2 if holds else 0
    inside = place == best(frame)
    return Drawn(frame, true((everybody - none)[inside].mean(), "ate", HOURS, int(inside.sum())))


def best(frame: pd.DataFrame) -> int:
    """Return the neighbourhood with the largest difference in means among those who are not kept for the measuring."""
    means = frame[frame["kept"] == 0].pivot_table(index="place", columns="offered", values="hours")
    return int(means.index[int((means[1] - means[0]).to_numpy().argmax())])


def in_the_best(frame: pd.DataFrame) -> Estimate:
    """Return the effect in the neighbourhood chosen, among those kept, or among all where none are."""
    inside = frame[frame["place"] == best(frame)]
    measured = inside[inside["kept"] == 1] if frame["kept"].any() else inside
    return difference_in_means(measured, outcome="hours", treated="offered", measured_in=HOURS)


def in_all(frame: pd.DataFrame) -> Estimate:
    """Return the effect in all neighbourhoods, read for the one chosen."""
    return difference_in_means(frame, outcome="hours", treated="offered", measured_in=HOURS)


BEST_GROUP = Design(
    "best_group", "Q17", "How much does an offer do where it does most, among sixteen neighbourhoods?",
    "the neighbourhood is chosen by one half of the people and measured on the other",
    "it is chosen and measured on the same people", +1, drawn,
    (Entrant("difference in the group chosen", in_the_best), Entrant("difference in all groups", in_all, named=False)))
