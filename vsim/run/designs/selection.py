"""Q14 and weighting: a policy that reaches Party members more often, who serve more in any case."""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.randomised import difference_in_means
from vsim.evaluate.weighting import weighted
from vsim.run.designs.kinds import HOURS, Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.groups import bit
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 4000, 4, 26
LEVER = "pledge"
OFTEN, SELDOM = 0.7, 0.3      # chance that the policy reaches a Party member, and anybody
ROOM = 40.0                   # tasks that arise for 1,000 residents and week


def drawn(seed: int, holds: bool) -> Drawn:
    """Return residents with the policy and without, whether membership is in the table or not."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {"demand.tasks": ROOM, "participation.party_member": 1.2})
    some = (Policy(lever=LEVER, share=SELDOM, salt=seed),
            Policy(lever=LEVER, share=(OFTEN - SELDOM) / (1 - SELDOM), salt=seed + 1, groups=["party_members"]))
    made = run(under(base, *some), seed)
    none, everybody = (person_hours(run(under(base, *policies), seed)) for policies in ((), (Policy(lever=LEVER),)))
    member = [(unit.people.groups & bit("party_members")) > 0 for unit in made.city]
    frame = pd.DataFrame({"hours": person_hours(made), "reached": (covered(made) > 0).astype(int),
                          "member": pd.concat([pd.Series(part) for part in member], ignore_index=True).astype(float)})
    effect = float((everybody - none).mean())
    return Drawn(frame if holds else frame.drop(columns="member"), true(effect, "ate", HOURS, len(frame)))


def doubly_robust(frame: pd.DataFrame) -> Estimate:
    """Return AIPW on membership; without it all that is left is the difference in means."""
    if "member" not in frame.columns:
        return difference_in_means(frame, outcome="hours", treated="reached", measured_in=HOURS)
    return weighted(frame, outcome="hours", treated="reached", covariates=["member"], measured_in=HOURS)


def by_weights(frame: pd.DataFrame) -> Estimate:
    """Return inverse probability weighting on membership."""
    if "member" not in frame.columns:
        return difference_in_means(frame, outcome="hours", treated="reached", measured_in=HOURS)
    return weighted(frame, outcome="hours", treated="reached", covariates=["member"], method="ipw", measured_in=HOURS)


SELECTION = Design(
    "selection", "Q14", "What does a pledge do, when Party members are asked for it more often?",
    "membership is in the data", "membership is not in the data, and members serve more in any case", +1, drawn,
    (Entrant("doubly robust", doubly_robust), Entrant("inverse probability weights", by_weights)))
