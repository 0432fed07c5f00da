"""The office of resources: offers, and their use without a clash (clause V.1.e)."""

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


def test_without_the_lever_nothing_is_offered() -> None:
    assert tables()["resource_offers"].empty


def test_no_task_uses_two_offers_and_each_use_fits() -> None:
    found = tables(("open_resources", "open_share", 1.0))
    offers = found["resource_offers"]
    used = offers[offers["used"]]
    assert len(used) > 0
    assert used["task"].is_unique
    assert not offers.duplicated(["station", "week", "slot"]).any()
    tasks = found["tasks"].set_index("task").loc[used["task"]]
    assert (tasks["needed"].to_numpy() <= used["capacity"].to_numpy()).all()
    for name in ("week", "slot", "district"):
        assert (tasks[name].to_numpy() == used[name].to_numpy()).all()


def test_hours_and_cover_change_what_is_offered() -> None:
    some = tables(("open_resources", "hours", 9.0))["resource_offers"]
    assert len(tables(("open_resources", "hours", 21.0))["resource_offers"]) > len(some)
    bare = tables(("open_resources", "liability_cover", 0.0))
    used = bare["resource_offers"][bare["resource_offers"]["used"]]
    assert (bare["tasks"].set_index("task").loc[used["task"], "risk"] == 0).all()
