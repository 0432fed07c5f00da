"""Costs for a search: those of `vsim.costs` to the fen, with paperwork only where a lever asks for it."""

from __future__ import annotations

import numpy as np
import pytest

import vsim
from tests.cli.small import town_run
from tests.engine_worlds import run_of
from tests.run.choosing import price
from vsim.levers import BY_NAME
from vsim.run import policy_costs
from vsim.run.measures import all_tables
from vsim.run.policy_costs import AT_HAND, Tables, at_hand, yuan_of


@pytest.mark.slow
@pytest.mark.parametrize("world", ["everything", "otherwise"])
def test_costs_at_hand_are_those_of_the_full_tables_for_every_lever(world: str) -> None:
    run = run_of(world)
    told = vsim.costs(run)
    assert set(told["lever"]) == set(BY_NAME)
    np.testing.assert_array_equal(yuan_of(run), told["yuan"].to_numpy())


@pytest.mark.slow
def test_a_lever_whose_cost_is_at_hand_costs_the_same_without_any_paperwork() -> None:
    run = run_of("everything")
    told = dict(zip(vsim.costs(run)["lever"], vsim.costs(run)["yuan"], strict=True))
    cheap = set()
    for policy in run.settled.policies:
        if at_hand([policy]):
            tables = Tables(run)
            counts = policy_costs.Counts(tables, policy, run.settled.weeks)
            assert BY_NAME[policy.lever].cost(policy.values, counts) == told[policy.lever], policy.lever
            assert set(tables._made) <= set(AT_HAND), policy.lever
            cheap.add(policy.lever)
    assert len(cheap) >= 20
    assert {"stars", "points", "shifts", "records", "culture", "training_gate"} <= cheap
    assert not {"fund", "insurance", "matching"} & cheap


def test_levers_that_count_weeks_and_people_make_no_paperwork(monkeypatch: pytest.MonkeyPatch) -> None:
    run = town_run()

    def refused(*_: object) -> None:
        raise AssertionError("paperwork was made")

    monkeypatch.setattr(policy_costs, "desk_tables", refused)
    monkeypatch.setattr(policy_costs, "papers", refused)
    assert yuan_of(run).sum() == pytest.approx(price(run), rel=1e-12)
    assert (yuan_of(run) > 0).any()
    with pytest.raises(AssertionError, match="paperwork"):
        Tables(run)["matches"]


@pytest.mark.slow
def test_tables_are_those_of_a_run_by_name() -> None:
    run = town_run()
    tables = Tables(run)
    assert "weekly" in tables
    assert "no_such_table" not in tables
    assert set(tables) == set(all_tables(run))
    assert len(tables) == len(all_tables(run))
