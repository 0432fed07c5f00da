"""The two scenarios of time banks: rules of a real scheme, and the published figures as an agency would count them."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from vsim.run.offices import paperwork
from vsim.run.record import registers
from vsim.run.run import simulate
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.schemes import scheme
from vsim.spec.targets import target
from vsim.spec.world_spec import WorldSpec

pytestmark = pytest.mark.slow

SMALL = {"timebank_cn": (5000, 4), "timebank_es": (22000, 22)}


@cache
def seen(name: str) -> dict[str, pd.DataFrame]:
    """Return the papers of a preset cut down to a few districts of the same size, with its register."""
    whole = load_scenario(name)
    residents, districts = SMALL[name]
    world = WorldSpec(residents=residents, districts=districts, prefectures=2, seed=1,
                      registered_share=whole.world.registered_share)
    run = simulate(Scenario(name=name, world=world, start=whole.start, weeks=whole.weeks,
                            warmup_weeks=whole.warmup_weeks, parameters=whole.parameters, policies=whole.policies), 1)
    return {**paperwork(run), "volunteers": registers(run)["volunteers"]}


def hours(name: str, *types: str, first: int = 0) -> float:
    rows = seen(name)["timebank_transactions"]
    return float(rows.loc[rows["type"].isin(types) & (rows["week"] >= first), "hours"].abs().sum())


def test_the_chinese_preset_has_the_rules_of_nanjing() -> None:
    (policy,) = load_scenario("timebank_cn").policies
    assert policy.values == scheme("nanjing")


def test_in_the_chinese_preset_hardly_anything_is_spent() -> None:
    spent, earned = hours("timebank_cn", "spend", "transfer"), hours("timebank_cn", "earn", "help")
    assert earned > 1000
    assert target("G33").preset == "timebank_cn"
    assert target("G33").holds(spent / earned)
    due = seen("timebank_cn")["timebank_liability"]
    assert due.loc[due["week"] == 103, "outstanding"].sum() > 0.8 * earned, "it piles up as a liability"


def test_in_the_spanish_preset_members_exchange_as_often_as_in_the_published_data() -> None:
    members = seen("timebank_es")["volunteers"]
    assert target("G32").preset == "timebank_es"
    assert target("G32").holds(hours("timebank_es", "spend", first=52) / len(members))
    assert len(members) / 22 == pytest.approx(2700 / 66, rel=0.15)


def test_between_members_alone_the_accounts_add_up_to_nothing() -> None:
    book = seen("timebank_es")["timebank_book"]
    assert (book["outstanding"] == 0).all()
    assert (book[["earned", "seeded", "donated", "expired"]] == 0).all().all()
    due = seen("timebank_es")["timebank_liability"]
    assert due["held"].sum() == due["owed"].sum() > 0
