"""Q2: how many more people stand at and just above a star than would without its pull (goal gradient).

Close to a star steered people serve more often, and hours bunch above it. Half of the residents have the star by lot,
the others a ladder out of reach: a change of the ladder that comes from outside. The truth is the excess when all have
the star against a twin world in which it pulls nobody. It fails where schools ask those with the star for as many
hours: a requirement bunches as well, and neither the two halves nor the bunching can tell them apart.

Bunching, read from those with the star alone, is shown and not named: its interval is that of the smooth density, and
the luck of the counts above the star, which it leaves out, is as large.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.discontinuity import bunching
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.run.designs.star_cutoff import APART, NO_ERRORS, STEADY
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS, HALF = 3000, 2, 16, 0.5
CUTOFF, WIDTH = 20.0, 1.0     # hours: of the star, of a bin
BELOW, ABOVE = 6, 8           # bins that the star disturbs
LEAST, MOST, DEGREE = 2.0, 40.0, 5             # hours between which the smooth density is drawn, and its degree
LEVER, OTHER = "stars", "service_learning"
STAR: dict[str, float | list[float]] = {"thresholds": [CUTOFF]}
ALONE = {"stars.goal": 1.3, "stars.goal_steepness": 3.0, "stars.steered": 0.3, "stars.award": 0.0, "stars.reset": 0.0,
         "retention.exit_award": 0.0, "service_learning.told": 0.0, "service_learning.kept": 0.0,
         "service_learning.join": 0.0, "service_learning.pull": 1.0, "belonging.duty_cost": 0.0,
         "belonging.duty_quality": 0.0}
ESTIMAND, UNIT = "excess_mass", "bins of a smooth density"


def in_bunch(hours: np.ndarray) -> np.ndarray:
    """Return whose hours lie at the star or a little above it."""
    return (hours >= CUTOFF) & (hours < CUTOFF + ABOVE * WIDTH)


def drawn(seed: int, holds: bool) -> Drawn:
    """Return hours in the register of people with the star and without, and the excess if all had it."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**NO_ERRORS, **APART, **STEADY, **ALONE}, 0)
    asked = () if holds else (Policy(lever=OTHER, share=HALF, salt=seed, values={"hours": CUTOFF}),)
    made = run(under(base, Policy(lever=LEVER, share=HALF, salt=seed, values=STAR), *asked), seed)
    everybody, nobody = (int(in_bunch(person_hours(run(under(base, *policies), seed))).sum())
                         for policies in ((Policy(lever=LEVER, values=STAR),), ()))
    return Drawn(pd.DataFrame({"verified": person_hours(made), "star": covered(made)}),
                 true((everybody - nobody) / (nobody / ABOVE), ESTIMAND, UNIT, RESIDENTS))


def two_halves(frame: pd.DataFrame) -> Estimate:
    """Return the difference between the halves in the share above the star, in bins of both (a little too small)."""
    above = in_bunch(frame["verified"].to_numpy())
    return difference_in_means(frame.assign(bins=above * (ABOVE / above.mean())), outcome="bins", treated="star",
                               estimand=ESTIMAND, measured_in=UNIT)


def excess(frame: pd.DataFrame) -> Estimate:
    """Return the excess above the star among those who have it, against a smooth density through the other bins."""
    hours = frame["verified"]
    return bunching(frame[(frame["star"] == 1) & (hours >= LEAST) & (hours < MOST)], running="verified", cutoff=CUTOFF,
                    width=WIDTH, bins_below=BELOW, bins_above=ABOVE, degree=DEGREE)


GOAL_BUNCHING = Design(
    "goal_bunching", "Q2", "How much do hours bunch at a star because it pulls?",
    "nothing else happens to those with the star", "schools ask those with the star for as many hours", +1, drawn,
    (Entrant("two halves by lot", two_halves), Entrant("bunching", excess, named=False)))
