"""Q4: a time bank in steps, its districts drawn by lot: net hours of service, or the hours that its accounts gained.

Whoever serves where there is a time bank is credited, also for what they did before it came. So the accounts count
ordinary volunteering that only changed its name: hours in the bank are gross, and what they displaced is not in them.
Net hours are all hours served, and those of help between members.
"""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.panel import did
from vsim.evaluate.staggered import staggered_did
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.run.designs.neighbours import READY
from vsim.run.designs.rollout import hash_of
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS = 4000, 40, 18
STARTS = (7, 12)              # weeks in which a quarter of the districts each begins; half never does
LEVER = "time_bank"
RUN_UP = 12                   # weeks
ROOM = {**READY, "demand.tasks": 40.0, "choice.extra_mean": 0.0, "time_bank.pull": 0.5, "time_bank.redeem": 1.0}
RULES: dict[str, float | list[float]] = {"credit_per_hour": 1.0, "redeem_age": 50.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return district-weeks with the net hours of service, or with the hours credited by the bank."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, ROOM, RUN_UP)
    order = sorted(base.districts, key=lambda code: hash_of(seed, code))
    cohorts = [order[k * DISTRICTS // 4 : (k + 1) * DISTRICTS // 4] for k in range(len(STARTS))]
    pilot = under(base, *(Policy(lever=LEVER, start_week=week, districts=codes, values=RULES)
                          for week, codes in zip(STARTS, cohorts, strict=True)))
    made, other = (run(scenario, seed).weekly("district") for scenario in (pilot, base))
    start = {code: week for week, codes in zip(STARTS, cohorts, strict=True) for code in codes}
    net = (made["hours"] + made["credit_spent"]) / QUARTERS
    table = pd.DataFrame({"district": made["district"], "week": made["week"],
                          "hours": net if holds else made["credit_earned"] / QUARTERS,
                          "first": made["district"].map(start).astype(float)})
    table["under"] = (table["week"] >= table["first"]).astype(int)
    gained = (net - other["hours"] / QUARTERS).to_numpy()[table["under"] == 1].mean()
    return Drawn(table, true(gained, "att", HOURS, DISTRICTS))


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


TIME_BANK = Design(
    "time_bank", "Q4", "What did a time bank in steps add to the hours of service?",
    "all hours of service are counted, in the bank or not", "the hours on its accounts are counted: ordinary "
    "volunteering is in them, which would have been there anyway", +1, drawn,
    (Entrant("Callaway and Sant'Anna", callaway_santanna), Entrant("imputation", imputation),
     Entrant("two-way fixed effects", two_way, named=False)))
