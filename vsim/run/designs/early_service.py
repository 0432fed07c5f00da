"""Q11: a requirement draws people to serve early, and some of what it does later goes through that first service.

In the model recognition does not act on satisfaction, so recognition, satisfaction and staying cannot be taken apart.
The nearest chain is habit: the requirement raises service in its first week, which makes a habit, and it goes on
drawing by itself. The paths are switched by the weeks of the policy: in force in the first week alone it acts later
through early service alone, in force from the second on it acts past it. So the natural effects are differences of
twin runs. Whoever is keen serves more in every week: left out, own motive stands behind early and later service both.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.mediators import mediation
from vsim.evaluate.randomised import difference_in_means
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.state import VOLUNTEER

RESIDENTS, DISTRICTS, WEEKS, EARLY = 2000, 1, 4, 1
ONE = 1024                    # of own motive, one standard deviation
DRAWS = 64                    # of coefficients, behind the interval
LEVER, HALF = "service_learning", 0.5
LONG: dict[str, float | list[float]] = {"hours": 200.0}       # a requirement that nobody meets in these weeks
ALIKE = {"participation.women": 0.0, "participation.degree": 0.0, "participation.student": 0.0,
         "participation.party_member": 0.0, "service.show_reliability": 0.0,
         "service.show_distance": 0.0, "choice.dissimilarity": 0.05, "choice.fit": 0.0}
ROOM = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "demand.tasks": 40.0, "demand.people_median": 20.0,
        "participation.aware_base": 0.6, "participation.keep": 0.6, "retention.exit_base": -10.0,
        "registration.history_lapsed": 0.0, "participation.taste_mean": -1.0, "participation.taste_sd": 1.2,
        "service_learning.told": 0.0, "service_learning.kept": 0.0, "service_learning.pull": 0.7,
        "service_learning.join": 0.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return early and later service of a trial, whether own motive is in the table or not."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**ALIKE, **ROOM}, 0)
    trial = run(under(base, Policy(lever=LEVER, values=LONG, share=HALF, salt=seed)), seed)

    def later(start: int, end: int) -> np.ndarray:
        policy = Policy(lever=LEVER, values=LONG, start_week=start, end_week=end)
        return person_hours(run(under(base, policy), seed), EARLY)

    nothing = person_hours(run(base, seed), EARLY)
    on = np.concatenate([unit.state.status == VOLUNTEER for unit in trial.city])
    through = (later(0, EARLY) - nothing + later(0, WEEKS) - later(EARLY, WEEKS))[on].mean() / 2
    hours = person_hours(trial, EARLY)
    motive = np.concatenate([unit.people.keen / ONE for unit in trial.city])
    frame = pd.DataFrame({"offered": covered(trial), "early": (person_hours(trial) > hours).astype(int),
                          "hours": hours, "motive": motive})[on].reset_index(drop=True)
    return Drawn(frame if holds else frame.drop(columns="motive"), true(through, "indirect", HOURS, len(frame)))


def through_early(frame: pd.DataFrame) -> Estimate:
    """Return the effect through early service, given own motive where it is known."""
    covariates = ["motive"] if "motive" in frame.columns else []
    return mediation(frame, outcome="hours", treated="offered", mediator="early", covariates=covariates, draws=DRAWS,
                     measured_in=HOURS).indirect


def all_of_it(frame: pd.DataFrame) -> Estimate:
    """Return the whole later effect, as if all of it went through early service."""
    return difference_in_means(frame, outcome="hours", treated="offered", estimand="indirect", measured_in=HOURS)


EARLY_SERVICE = Design(
    "early_service", "Q11", "How much of what a requirement does later goes through the service it brought early?",
    "own motive, which stands behind early and later service, is in the data",
    "own motive is not in the data", +1, drawn,
    (Entrant("mediation", through_early), Entrant("the whole effect", all_of_it, named=False)))
