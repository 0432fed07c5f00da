"""Q18: what an extra hour of service costs, where some of the hours of the treated are taken from their neighbours.

Districts stand in pairs by their hours before; in one of each pair, by lot, outreach asks half of the residents. Net
hours are those of all residents of a district, gross hours those of the half that is asked. Seats are few: who is asked
takes some of them from who is not, so gross hours say too much and a gross hour costs too little.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.errors import DataError
from vsim.evaluate.cost_effectiveness import icer, plane
from vsim.evaluate.intervals import t_quantile
from vsim.evaluate.luck import luck
from vsim.levers import BY_NAME
from vsim.run.designs.kinds import Design, Drawn, Entrant, covered, person_hours, run, small, true, under
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.metrics import YEAR

RESIDENTS, DISTRICTS, BEFORE, AFTER, SETTLED = 5600, 28, 12, 12, 8
LEVER, HALF = "skills", 0.5
PRICE = "yuan/h"
OUTREACH: dict[str, float | list[float]] = {"outreach": 20000.0}       # yuan a year for 1,000 residents
FEW = {"participation.ask": 0.0, "choice.extra_mean": 0.0, "demand.tasks": 120.0, "demand.people_median": 1.0,
       "demand.people_log_sd": 0.0, "registration.history_lapsed": 0.0, "participation.keep": 0.3,
       "skills.asked": 0.6, "skills.outreach_half": 50.0}
CALM = {"demand.winter_dip": 0.0, "demand.peak_march": 0.0, "participation.peak_march": 0.0,
        "participation.taste_mean": -1.0, "participation.taste_sd": 0.2, "participation.habit_weight": 0.5,
        "choice.dissimilarity": 0.05, "retention.exit_base": -8.0}        # districts that differ little of themselves
ESTIMAND = "cost_effectiveness"


def drawn(seed: int, holds: bool) -> Drawn:
    """Return the pairs: cost and the hours gained, of all residents or of those alone who are asked."""
    base = small(RESIDENTS, DISTRICTS, BEFORE + AFTER, {**FEW, **CALM}, SETTLED)
    twin = run(base, seed)
    own = Policy(lever=LEVER, values=OUTREACH, start_week=BEFORE, share=HALF, salt=seed)
    districts = np.repeat(np.arange(DISTRICTS), [unit.people.ids.size for unit in twin.city])
    earlier = np.bincount(districts, person_hours(twin) - person_hours(twin, BEFORE))
    order = np.argsort(earlier, kind="stable").reshape(-1, 2)
    first = luck(seed).random(order.shape[0]) < HALF
    chosen, other = np.where(first, order.T, order.T[::-1])
    made = run(under(base, own.model_copy(update={"districts": [base.districts[k] for k in sorted(chosen)]})), seed)
    every = run(under(base, own), seed)
    asked = covered(made)
    cost = yearly(np.bincount(districts, asked))
    net, gross = (gained(made, districts, part) for part in (np.ones_like(asked), asked))
    table = pd.DataFrame({"pair": np.arange(order.shape[0]), "cost": cost[chosen], "net": (net[chosen] - net[other]),
                          "gross": gross[chosen] - gross[other]})
    table["hours"] = table["net"] if holds else table["gross"]
    extra = person_hours(every, BEFORE).sum() - person_hours(twin, BEFORE).sum()
    return Drawn(table, true(cost.sum() / extra, ESTIMAND, PRICE, DISTRICTS))


def yearly(residents: np.ndarray) -> np.ndarray:
    """Return the cost of outreach to some residents of each district, yuan."""
    return np.array([BY_NAME[LEVER].cost(OUTREACH, {"residents": float(n), "years": AFTER / YEAR}) for n in residents])


def gained(made: Run, districts: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return the hours of each district after the start, less those before it at the same length."""
    late = person_hours(made, BEFORE)
    early = person_hours(made) - late
    return np.bincount(districts, (late - early * AFTER / BEFORE) * part)


def ratio(table: pd.DataFrame, hours: str) -> Estimate:
    """Return the cost of an extra hour over the pairs, with Fieller's interval."""
    draws = table.assign(policy="outreach")
    found = icer(plane(draws, policy="policy", draw="pair", cost="cost", effect=hours, nothing="nothing"), "outreach")
    if not np.isfinite([found.low, found.high]).all():
        raise DataError("cost per hour: the extra hours may be nought; needed more pairs of districts.")
    error = (found.high - found.low) / 2 / t_quantile(found.level, len(table) - 1)
    return Estimate(found.value, error, found.low, found.high, found.level, PRICE, len(table), ESTIMAND,
                    "ratio of means, Fieller",
                    ("districts of a pair were drawn by lot", "no hour counted was lost by others"))


def per_hour(table: pd.DataFrame) -> Estimate:
    """Return what an extra hour costs, by the hours that the analyst goes by."""
    return ratio(table, "hours")


def per_gross_hour(table: pd.DataFrame) -> Estimate:
    """Return what an extra hour of those asked costs."""
    return ratio(table, "gross")


COST_PER_HOUR = Design(
    "cost_per_hour", "Q18", "What does an extra hour of service cost, where seats are few?",
    "hours of all residents are counted, also of those who were not asked",
    "only hours of those who were asked are counted, some of which others would have served", -1, drawn,
    (Entrant("cost per hour", per_hour), Entrant("cost per gross hour", per_gross_hour, named=False)))
