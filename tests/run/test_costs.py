"""Costs: what each policy of a run costs, from what happened in its weeks and districts, and nothing else."""

from __future__ import annotations

import math

import pytest

import vsim
from tests.engine_worlds import SEED, run_of, town
from vsim.levers import BY_NAME
from vsim.run.costs import Counts
from vsim.run.measures import all_tables
from vsim.run.run import COLUMNS
from vsim.world.metrics import STOCKS, A, M

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("world", ["everything", "otherwise"])
def test_every_lever_has_a_cost_that_can_be_worked_out(world: str) -> None:
    found = vsim.costs(run_of(world))
    assert set(found["lever"]) == set(BY_NAME)
    assert found["yuan"].map(math.isfinite).all()
    assert (found["yuan"] >= 0).all()
    assert (found["yuan"] > 0).mean() > 0.8


def test_a_count_is_of_the_policy_s_own_weeks_and_districts() -> None:
    stars = vsim.Stars(thresholds=[1, 2], start_week=5, end_week=15, districts=["D02"])
    run = vsim.simulate(town(policies=(stars,)), SEED)
    (policy,) = run.settled.policies
    counts = Counts(all_tables(run), policy, run.settled.weeks)
    weekly = run.weekly("district")
    here = weekly[(weekly["district"] == "D02") & weekly["week"].between(5, 14)]
    assert counts["years"] == 10 / 52
    assert counts["stars"] == here["stars"].sum() > 0
    assert counts["registered"] == pytest.approx(here["registered"].mean())
    assert counts["residents"] == run.city[1].district.residents
    (row,) = vsim.costs(run).to_dict("records")
    assert row == {"lever": "stars", "start_week": 5, "end_week": 15, "districts": "D02", "yuan": 12 * counts["stars"]}


def test_stocks_are_columns_and_the_rest_of_what_is_counted_are_flows() -> None:
    names = {member.name.lower() for member in (*M, *A)}
    assert names >= STOCKS
    assert {"attended", "hours", "joined"} <= set(COLUMNS) - STOCKS


def test_a_count_that_is_not_there_is_refused_with_those_that_are() -> None:
    run = run_of("lively")
    counts = Counts(all_tables(run), run.settled.policies[0], run.settled.weeks)
    with pytest.raises(vsim.UsageError, match="allowed"):
        counts["nothing"]
    with pytest.raises(vsim.UsageError, match="allowed tables"):
        counts["nothing.rows"]
    assert "attended" in set(counts)
    assert len(counts) == len(list(counts))
