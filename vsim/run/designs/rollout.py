"""Q3: a roll-out in steps, drawn by lot; another programme of the same districts and weeks breaks parallel trends."""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.panel import did
from vsim.evaluate.staggered import staggered_did
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 8000, 40, 24
STARTS = (8, 14)              # weeks in which a quarter of the districts each begins; half never does
LEVER, OTHER = "skills", "service_learning"
ROOM = {"people.student_18_24": 1.0, "demand.tasks": 40.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return district-weeks of a roll-out by lot, alone or with another programme in the same districts."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, ROOM)
    order = sorted(base.districts, key=lambda code: hash_of(seed, code))
    cohorts = [order[k * DISTRICTS // 4 : (k + 1) * DISTRICTS // 4] for k in range(len(STARTS))]
    if not holds:
        base = under(base, *(Policy(lever=OTHER, start_week=week, districts=codes)
                             for week, codes in zip(STARTS, cohorts, strict=True)))
    pilot = under(base, *(Policy(lever=LEVER, start_week=week, districts=codes)
                          for week, codes in zip(STARTS, cohorts, strict=True)))
    frame, other = (run(scenario, seed).weekly("district") for scenario in (pilot, base))
    start = {code: week for week, codes in zip(STARTS, cohorts, strict=True) for code in codes}
    table = pd.DataFrame({"district": frame["district"], "week": frame["week"], "hours": frame["hours"] / QUARTERS,
                          "first": frame["district"].map(start).astype(float)})
    table["under"] = (table["week"] >= table["first"]).astype(int)
    gained = (frame["hours"] - other["hours"]).to_numpy()[table["under"] == 1].mean() / QUARTERS
    return Drawn(table, true(gained, "att", HOURS, DISTRICTS))


def hash_of(seed: int, code: str) -> int:
    """Return the place of a district in the lot of a seed."""
    from vsim.rng import mix64

    return mix64(mix64(seed) + sum(ord(letter) << 8 * k for k, letter in enumerate(code)))


def callaway_santanna(frame: pd.DataFrame) -> Estimate:
    """Return group-time effects, averaged."""
    return staggered_did(frame, outcome="hours", unit="district", time="week", start="first", measured_in=HOURS)


def imputation(frame: pd.DataFrame) -> Estimate:
    """Return what was seen minus what was to be expected, averaged over treated district-weeks."""
    return staggered_did(frame, outcome="hours", unit="district", time="week", start="first", method="imputation",
                         measured_in=HOURS)


def two_way(frame: pd.DataFrame) -> Estimate:
    """Return two-way fixed effects."""
    return did(frame, outcome="hours", unit="district", time="week", treated="under", measured_in=HOURS)


ROLLOUT = Design(
    "rollout", "Q3", "What did a roll-out in steps change in the districts that had it?",
    "districts are drawn by lot and nothing else comes with it", "courses of service at schools come to the same "
    "districts in the same weeks", +1, drawn,
    (Entrant("Callaway and Sant'Anna", callaway_santanna), Entrant("imputation", imputation),
     Entrant("two-way fixed effects", two_way, named=False)))
