"""The office of needs: a request for each need found, and none of the others (clause V.2.b1)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from tests.engine_worlds import SEED, town
from vsim.run.measures import all_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy


@cache
def tables(*policies: tuple[str, str, float]) -> dict[str, pd.DataFrame]:
    """Return all tables of a town, with the levers named and one value of each set."""
    used = [Policy(lever=lever, start_week=4, values={name: value}) for lever, name, value in policies]
    return all_tables(simulate(town(residents=900, districts=2).with_levers(*used), SEED))


def test_requests_are_the_needs_that_were_found() -> None:
    found = tables()
    assert len(found["requests"]) == found["needs"]["found"].sum()
    assert len(found["needs_truth"]) == len(found["needs"])
    assert found["requests"]["request_id"].is_unique


def test_a_request_is_done_where_somebody_came() -> None:
    found = tables()
    tasks = found["tasks"][found["tasks"]["week"] >= 0]
    assert (found["requests"]["state"] == "done").sum() == (tasks["true_staffed"] > 0).sum()


def test_a_promise_bounds_the_days_to_an_answer() -> None:
    quick = tables(("needs_intake", "response_days", 1.0))["requests"]
    slow = tables(("needs_intake", "response_days", 30.0))["requests"]
    after = quick["week"] >= 4
    assert quick.loc[after, "answer_days"].max() <= 2
    assert slow.loc[slow["week"] >= 4, "in_time"].mean() > quick.loc[after, "in_time"].mean()


def test_more_ways_to_ask_are_used() -> None:
    assert set(tables()["requests"]["channel"]) == {"counter", "hotline"}
    assert len(set(tables(("needs_intake", "channels", 5.0))["requests"]["channel"])) == 5
