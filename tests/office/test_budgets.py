"""The budget office: shares add up, money agrees with the engine and with the books."""

from __future__ import annotations

import pytest

from tests.office.money_desk import BEGIN, WEEKS, paid, sound, written
from vsim.office.accounts import accounts, faults


def test_core_grants_are_what_organisations_took_in() -> None:
    on = written("public_budget", core=52000)
    weekly = on["weekly"]
    assert paid(on, "core_grant") == weekly["org_income"].sum() > 0
    assert paid(written(), "core_grant") == 0


def test_the_formula_shares_the_whole_pot() -> None:
    on = written("public_budget", both=True, total=52000)
    formula = on["budget_formula"]
    assert formula.groupby("week")["share"].sum().to_numpy() == pytest.approx(1)
    residents = on["districts"]["residents"].sum()
    assert formula["allotted_fen"].sum() == pytest.approx(100 * residents * (WEEKS - BEGIN), rel=1e-6)
    assert paid(on, "allocation") == formula["allotted_fen"].sum()


def test_by_residents_alone_each_head_gets_the_same() -> None:
    on = written("public_budget", both=True, need=0, performance=0, equity=1)
    formula = on["budget_formula"]
    whole = formula.groupby("week")["residents"].transform("sum")
    assert formula["share"].to_numpy() == pytest.approx((formula["residents"] / whole).to_numpy())


def test_need_moves_money() -> None:
    by_need, by_head = (written("public_budget", both=True, need=n, performance=0, equity=1 - n)["budget_formula"]
                        for n in (1.0, 0.0))
    assert (by_need["share"] != by_head["share"]).any()


def test_no_more_is_spent_than_was_allotted() -> None:
    sound("budget", "public_budget")
    sound("budget_formula", "public_budget")
    table = written("public_budget")["budget"]
    pot = table[table["channel"] == "formula"]
    assert (pot["spent_fen"].cumsum() <= pot["allotted_fen"].cumsum()).all()


def test_accounts_balance() -> None:
    money = written("public_budget")["money"]
    assert faults(money) == []
    assert (accounts(money).groupby("district")["balance"].sum() == 0).all()
