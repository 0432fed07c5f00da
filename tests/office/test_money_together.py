"""All policies of money at once: books without faults, and a cost for each."""

from __future__ import annotations

from functools import cache

import vsim
from tests.engine_worlds import LIVELY, SEED, START, world_of
from tests.office.money_desk import LAWFUL
from vsim.office.accounts import faults
from vsim.run.costs import costs
from vsim.run.measures import all_tables
from vsim.run.run import Run, simulate
from vsim.spec.scenario import Scenario

LEVERS = (vsim.Donations, vsim.Tax, vsim.Purchase, vsim.PublicBudget, vsim.Partnerships, vsim.LocalPolicies)
GIVING = {"donations.gives": 0.1, "donations.firms": 50.0, "donations.firm_gives": 0.3, "tax.claims": 1.0}


@cache
def together() -> Run:
    return simulate(Scenario(
        name="together", world=world_of(1600, 2, 0.5), start=START, weeks=60, warmup_weeks=6,
        parameters={**LIVELY, **LAWFUL, **GIVING},
        policies=[vsim.Fund(start_week=8, payout_rate=0.5).policy(),
                  *(lever(start_week=8).policy() for lever in LEVERS)],
    ), SEED)


def test_the_books_have_no_faults() -> None:
    assert faults(all_tables(together())["money"]) == []


def test_every_policy_has_a_cost() -> None:
    table = costs(together())
    assert set(table["lever"]) == {"fund", *(lever.name for lever in LEVERS)}
    assert (table["yuan"] > 0).all()
