"""Time bank: the numbers by hand, and the limits of its rules."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import town
from vsim.levers.base import Edit, Span
from vsim.levers.time_bank import TimeBank
from vsim.run.settle import settle
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file
from vsim.world.city import city_of

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("time_bank").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 60)


def edits(cards: dict[str, float] | None = None, **values: float) -> list[Edit]:
    return TimeBank.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)


def tables_of(cards: dict[str, float] | None = None, **values: float) -> dict[str, object]:
    return {edit.table: edit.value for edit in edits(cards, **values) if edit.only is None}


def test_hours_are_quarter_hours_and_rates_thousandths() -> None:
    found = tables_of(credit_per_hour=1.5, cap=100.25, limit=10, redeem_age=65, kin=1)
    assert found["credit_hour"] == 1536
    assert (found["credit_cap"], found["credit_limit"], found["credit_age"], found["credit_kin"]) == (401, 40, 65, 1)


def test_a_request_is_a_need_that_is_brought_to_the_bank() -> None:
    assert tables_of({"time_bank.need": 0.5, "time_bank.redeem": 0.25})["credit_need"] == 1 << 29
    assert tables_of({"time_bank.redeem": 0.0})["credit_need"] == 0
    assert tables_of({"time_bank.need": 1.0, "time_bank.redeem": 1.0})["credit_need"] == 1 << 32


def test_a_credit_pulls_by_the_share_that_people_come_to_spend() -> None:
    assert tables_of({"time_bank.pull": 0.5, "time_bank.redeem": 0.5}, credit_per_hour=2)["credit_logit"] == 512
    assert tables_of({"time_bank.redeem": 0.0})["credit_logit"] == 0
    assert tables_of({"time_bank.pull": 0.0, "time_bank.redeem": 1.0})["credit_logit"] == 0
    assert tables_of(credit_per_hour=0)["credit_logit"] == 0


def test_the_fund_gives_four_times_a_year_while_the_policy_holds() -> None:
    (given,) = [edit for edit in edits(seed=24) if edit.table == "credit_seed" and edit.only is not None]
    assert (given.value, given.only) == (24, (0, 13, 26, 39))
    assert tables_of(seed=24)["credit_seed"] == 0


def test_accounts_lapse_in_the_week_of_31_december_only() -> None:
    (lapse,) = [edit for edit in edits(expiry=1) if edit.table == "credit_expire" and edit.only is not None]
    assert (lapse.value, lapse.only) == (1, (17,))
    assert [edit.only for edit in edits(expiry=0) if edit.table == "credit_expire"] == [None]


def test_a_later_policy_without_seeds_or_expiry_ends_those_of_the_one_before() -> None:
    scenario = town(policies=(TimeBank(seed=24, expiry=1), TimeBank(start_week=10)), residents=250, districts=1)
    weekly = settle(scenario, city_of(scenario.world, scenario.warmup_weeks, scenario.values)).weekly
    assert weekly.credit_seed[0].nonzero()[0].tolist() == [6]
    assert weekly.credit_expire.sum() == 0


def test_cost_is_arranging_what_is_spent_and_a_reserve_for_what_is_issued() -> None:
    counts = {"credit_spent": 40.0, "credit_earned": 100.0, "credit_seeded": 20.0}
    assert TimeBank.cost({"hour_cost": 8.0, "hour_value": 30.0, "reserve": 0.0}, counts) == 80.0
    assert TimeBank.cost({"hour_cost": 8.0, "hour_value": 30.0, "reserve": 0.5}, counts) == 80.0 + 0.5 * 30 * 20
    assert TimeBank.cost({"hour_cost": 8.0, "hour_value": 30.0, "reserve": 1.0}, dict.fromkeys(counts, 0.0)) == 0.0


@pytest.mark.parametrize("wrong", [{"redeem_age": 101}, {"cap": -1}, {"kin": 0.5}, {"reserve": 2}])
def test_rules_outside_their_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Exception, match=next(iter(wrong))):
        TimeBank(**wrong).policy()                                                   # type: ignore[arg-type]
