"""The oldest comparison: districts after the start of a policy and before it, in years with and without a summer."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vsim.evaluate.comparisons import before_after, difference_in_differences
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, WEEKS, START = 4800, 24, 16, 8
SUMMER = -1.0                 # logits of taking part in July and August
SETTLED = 104                 # weeks of run-up, after which the year is level
LEVER = "service_learning"
MONDAY = date(2025, 5, 5)     # eight weeks before July
EVEN = {"demand.winter_dip": 1.0, "people.student_18_24": 1.0, "demand.tasks": 40.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return districts before and after; half of them have the policy from week eight on."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**EVEN, "participation.summer": 0.0 if holds else SUMMER},
                 SETTLED)
    base = base.model_copy(update={"start": MONDAY})
    codes = [code for number, code in enumerate(base.districts) if number % 2 == seed % 2]
    made = run(under(base, Policy(lever=LEVER, start_week=START, districts=codes)), seed)
    twin = run(base, seed)
    frame = made.weekly("district")
    hours = frame.pivot_table(index="district", columns="week", values="hours", observed=True) / QUARTERS
    table = pd.DataFrame({"before": hours.loc[:, : START - 1].mean(axis=1), "after": hours.loc[:, START:].mean(axis=1)})
    table["pilot"] = table.index.isin(codes)
    other = twin.weekly("district").pivot_table(index="district", columns="week", values="hours", observed=True)
    gained = (hours - other / QUARTERS).loc[codes, START:].to_numpy().mean()
    return Drawn(table.reset_index(), true(gained, "att", HOURS, len(codes)))


def by_before_after(frame: pd.DataFrame) -> Estimate:
    """Return the change of the treated."""
    return before_after(frame, treated="pilot", before="before", after="after", unit=HOURS)


def by_differences(frame: pd.DataFrame) -> Estimate:
    """Return the change of the treated minus that of the others, who have the same summer."""
    return difference_in_differences(frame, treated="pilot", before="before", after="after", unit=HOURS)


BEFORE_AFTER = Design(
    "before_after", "Q3", "What did a policy change in half of the districts, after and before its start?",
    "nothing else changes: a year without a summer", "July and August begin with the policy, and many are away", -1,
    drawn, (Entrant("before and after", by_before_after), Entrant("difference in differences", by_differences, False)))
