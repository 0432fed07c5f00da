"""The desk of the time bank: every account and the whole balance, requests refused are those of the engine."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.time_bank import TimeBank
from vsim.office.time_bank_desk import FLOWS
from vsim.process.credits import KIN
from vsim.run.costs import costs
from vsim.run.measures import all_tables
from vsim.run.offices import paperwork
from vsim.run.run import Run, simulate
from vsim.spec.tables import load_office_tables

ASKING = {"time_bank.need": 1.0, "time_bank.redeem": 0.6}
RULES: dict[str, dict[str, float]] = {
    "kin": {"kin": 1, "seed": 8, "cap": 6, "redeem_age": 60},
    "credit": {"redeem_age": 0, "limit": 5},
    "lapse": {"redeem_age": 0, "expiry": 1, "credit_per_hour": 1.5},
}
IN = ("earned", "helped", "seeded")
OUT = ("spent", "transferred", "donated", "expired")


@cache
def run_under(name: str) -> Run:
    scenario = town(ASKING, residents=900, districts=2, weeks=38, policies=(
        TimeBank(start_week=3, reserve=0.1, **RULES[name]),))                       # type: ignore[arg-type]
    return simulate(scenario, SEED)


@cache
def tables_under(name: str) -> dict[str, pd.DataFrame]:
    return all_tables(run_under(name))


def net(frame: pd.DataFrame) -> Any:
    return frame[list(IN)].sum(axis=1) - frame[list(OUT)].sum(axis=1)


EACH = pytest.mark.parametrize("name", RULES)


@EACH
def test_every_account_balances_in_every_month(name: str) -> None:
    accounts = tables_under(name)["timebank_accounts"]
    assert len(accounts) > 100
    held = accounts.assign(net=net(accounts)).groupby("person")["net"].cumsum()
    assert np.array_equal(held, accounts["balance"])
    last = accounts.groupby("person")["balance"].last()
    people = tables_under(name)["people"].set_index("person")["credit"] / 4
    assert np.array_equal(last, people.loc[last.index])
    assert people.drop(last.index).abs().sum() == 0


@EACH
def test_issue_and_seed_are_spent_given_away_lapsed_or_held(name: str) -> None:
    tables = tables_under(name)
    book, end = tables["timebank_book"], tables["timebank_liability"]
    held = end.loc[end["week"] == end["week"].max(), "outstanding"].sum()
    assert net(book).sum() == held == tables["people"]["credit"].sum() / 4
    weekly = tables["weekly"]
    for names, column in ((("earned", "helped"), "credit_earned"), (("seeded",), "credit_seeded"),
                          (("spent", "transferred"), "credit_spent"), (("donated",), "credit_donated"),
                          (("expired",), "credit_expired")):
        assert book[list(names)].sum().sum() == weekly[column].sum() / 4, column
    assert book["helped"].sum() == book["spent"].sum() + book["transferred"].sum()
    assert book["refused"].sum() == weekly["credit_refused"].sum()


@EACH
def test_the_liability_is_the_sum_of_the_balances(name: str) -> None:
    tables = tables_under(name)
    accounts, due, book = (tables[f"timebank_{table}"] for table in ("accounts", "liability", "book"))
    keys = ["week", "district"]
    for column in ("balance", "value_fen"):
        other = "outstanding" if column == "balance" else column
        total = accounts.groupby(keys)[column].sum()
        assert total.equals(due.groupby(keys)[other].sum().rename(column))
        full = book[book["accounts"] > 0].set_index(keys)[other].rename(column)
        assert np.array_equal(total, full.reindex(total.index))
    assert np.array_equal(due["held"] - due["owed"], due["outstanding"])
    assert (due["spendable"] <= due["held"]).all()
    assert np.array_equal(accounts["value_fen"], 3000 * accounts["balance"])
    assert due["owed"].sum() == 0 or name == "credit"


def test_only_those_of_age_have_hours_that_they_may_spend_now() -> None:
    due = tables_under("kin")["timebank_liability"]
    young = due["cohort"].isin(("1970s", "1980s", "1990s", "2000s", "2010s"))
    assert due.loc[young, "spendable"].sum() == 0
    assert due["spendable"].sum() > 0
    assert (tables_under("credit")["timebank_liability"].eval("spendable - held") == 0).all()


@pytest.mark.parametrize("name", ["kin", "lapse"])
def test_requests_refused_are_those_of_the_engine_week_by_week(name: str) -> None:
    asked, weekly = tables_under(name)["timebank_requests"], tables_under(name)["weekly"]
    refused = asked[asked["state"] == "refused"].groupby(["district", "week"]).size()
    counted = weekly.set_index(["district", "week"])["credit_refused"]
    assert counted.sum() > 20
    assert (counted.sub(refused, fill_value=0) == 0).all()


def test_requests_on_credit_are_in_the_book_alone() -> None:
    asked, weekly = tables_under("credit")["timebank_requests"], tables_under("credit")["weekly"]
    refused = asked[asked["state"] == "refused"].groupby(["district", "week"]).size()
    left = weekly.set_index(["district", "week"])["credit_refused"].sub(refused, fill_value=0)
    assert (left >= 0).all()
    assert left.sum() > 0


def test_waiting_counts_from_the_first_refusal_after_the_last_help() -> None:
    asked = tables_under("credit")["timebank_requests"].sort_values(["person", "week"])
    assert asked["waiting"].max() > 3
    for _, own in asked.groupby("person"):
        since = None
        for row in own.itertuples():
            since = row.week if since is None else since
            assert row.waiting == row.week - since
            since = None if row.state == "served" else since


def test_a_transfer_is_for_kin_who_live_next_door_and_are_of_age() -> None:
    tables = tables_under("kin")
    age = tables["people"].set_index("person")["age"]
    asked = tables["timebank_requests"]
    kin = asked[asked["for_kin"]]
    assert (age.loc[kin["person"]] < 60).all()
    assert (age.loc[asked.loc[~asked["for_kin"], "person"]] >= 60).all()
    for unit in run_under("kin").city:
        own = np.flatnonzero(np.isin(unit.people.ids, kin["person"]))
        assert (unit.people.age[unit.ties[own][:, list(KIN)]].max(axis=1) >= 60).all()
    assert (tables["timebank_transactions"]["type"] == "transfer").sum() == (kin["state"] == "served").sum() > 0


@EACH
def test_the_money_paid_is_the_cost_of_the_policy(name: str) -> None:
    money = tables_under(name)["money"]
    paid = money.loc[money["line"].str.startswith("time_bank"), "fen"].sum() / 100
    assert paid == pytest.approx(float(costs(run_under(name))["yuan"].sum()), abs=len(money) / 200)
    assert paid > 0


def test_the_agency_has_five_tables_with_all_columns() -> None:
    seen = paperwork(run_under("kin"))
    names = [name for name in seen if name.startswith("timebank_")]
    assert len(names) == 5
    for name in names:
        table = load_office_tables()[name]
        assert tuple(seen[name]) == table.names
        assert not seen[name].duplicated(list(table.primary_key)).any()
        for column in table.columns:
            assert column.enum is None or set(seen[name][column.name]) <= set(column.enum)
            assert column.minimum is None or (seen[name][column.name] >= column.minimum).all(), column.name
    assert set(FLOWS.values()) <= set(seen["timebank_book"])


def test_without_a_time_bank_the_tables_are_there_and_empty() -> None:
    seen = paperwork(simulate(town(residents=300, districts=1, weeks=6), SEED))
    for name in ("transactions", "accounts", "requests", "liability", "book"):
        assert len(seen[f"timebank_{name}"]) == 0
