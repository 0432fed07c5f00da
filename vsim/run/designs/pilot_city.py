"""Q9: one pilot city with a package of policies, beside many without; districts stand for cities.

The pilot is drawn by lot among the larger half, so each of the others there could have been the one, and the placebo
effects of all cities show the error; the small ones vary a little more, which makes it a little wide. One treated city
tells nothing of how much cities differ: errors clustered by city are far too small (Conley and Taber 2011).
Nothing in the data tells the package from a campaign of another office in the same city and the same weeks.
"""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.panel import did
from vsim.evaluate.synthetic import synthetic_did
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.run.designs.neighbours import READY
from vsim.run.designs.rollout import hash_of
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy

RESIDENTS, DISTRICTS, SPANS, START = 2560, 32, 9, 6
SPAN, RUN_UP = 3, 12          # weeks
PACKAGE, OTHER = ("student_assessment", "skills"), "service_learning"
ROOM = {**READY, "demand.tasks": 40.0, "demand.people_median": 20.0, "participation.keep": 0.0,
        "participation.aware_platform": 0.3, "participation.taste_mean": -2.0, "choice.extra_mean": 0.0,
        "student_assessment.pull": 0.5, "service_learning.pull": 1.0}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return city-spans of a package in one city, alone or with a campaign of schools from the same week."""
    base = small(RESIDENTS, DISTRICTS, SPANS * SPAN, ROOM, RUN_UP)
    other = run(base, seed)
    pilot, week = min(larger_half(other), key=lambda code: hash_of(seed, code)), START * SPAN
    if not holds:
        base = under(base, Policy(lever=OTHER, start_week=week, districts=[pilot]))
        other = run(base, seed)
    made = run(under(base, *(Policy(lever=lever, start_week=week, districts=[pilot]) for lever in PACKAGE)), seed)
    table = by_span(made)
    table["under"] = ((table["city"] == pilot) & (table["span"] >= START)).astype(int)
    gained = (table["hours"] - by_span(other)["hours"])[table["under"] == 1].mean()
    return Drawn(table, true(gained, "att", HOURS, DISTRICTS))


def larger_half(made: Run) -> list[str]:
    """Return the codes of the cities with more residents than half of them."""
    order = sorted(made.city, key=lambda unit: (unit.people.ids.size, unit.district.code))
    return [unit.district.code for unit in order[len(order) // 2 :]]


def by_span(made: Run) -> pd.DataFrame:
    """Return the hours that a resident served, by city and span of three weeks."""
    people = {unit.district.code: unit.people.ids.size for unit in made.city}
    weekly = made.weekly("district")
    spans = weekly.assign(span=weekly["week"] // SPAN).groupby(["district", "span"], as_index=False)["hours"].sum()
    hours = spans["hours"] / QUARTERS / spans["district"].map(people).astype(float)
    return spans.assign(hours=hours).rename(columns={"district": "city"})


def differences(frame: pd.DataFrame) -> Estimate:
    """Return synthetic difference in differences."""
    return synthetic_did(frame, outcome="hours", unit="city", time="span", treated="under", measured_in=HOURS)


def two_way(frame: pd.DataFrame) -> Estimate:
    """Return two-way fixed effects with errors by city, as if one treated city told how much cities differ."""
    return did(frame, outcome="hours", unit="city", time="span", treated="under", measured_in=HOURS)


PILOT_CITY = Design(
    "pilot_city", "Q9", "What did a package of policies change in the one city that tried it?",
    "the pilot is drawn by lot and nothing else comes to it",
    "schools of the pilot city begin a campaign of their own in the same week", +1, drawn,
    (Entrant("synthetic difference in differences", differences),
     Entrant("two-way fixed effects, errors by city", two_way, named=False)))
