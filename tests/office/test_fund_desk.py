"""The fund: its account adds up, grants are of one size, and a rule by the reserve is never ruined."""

from __future__ import annotations

from tests.office.money_desk import paid, sound, written
from vsim.office.accounts import faults

RICH = {"endowment": 200000.0, "payout_rate": 0.5, "grant_size": 2000.0}
STEADY = (("fund_desk.return_sd", 0.0), ("fund_desk.return_mean", 0.0))


def test_the_account_adds_up() -> None:
    sound("fund_accounts", "fund", **RICH)
    table = written("fund", **RICH)["fund_accounts"]
    sums = table["opening_fen"] + table["inflow_fen"] + table["yield_fen"] - table["grants_fen"]
    assert (sums == table["reserve_fen"]).all()
    assert (table["opening_fen"].iloc[1:].to_numpy() == table["reserve_fen"].iloc[:-1].to_numpy()).all()
    assert (table["reserve_fen"] >= 0).all()


def test_grants_are_those_of_the_account() -> None:
    seen = sound("grants", "fund", **RICH)
    assert (seen["grant"] == 2000).all()
    assert set(seen["outcome"]) > {"open"}
    on = written("fund", **RICH)
    assert on["grants"]["grant_fen"].sum() == on["fund_accounts"]["grants_fen"].sum() == paid(on, "fund_grant") > 0
    assert faults(on["money"]) == []
    assert len(written()["grants"]) == len(written()["fund_accounts"]) == 0


def test_more_co_funding_leaves_fewer_able() -> None:
    few, many = (len(written("fund", **RICH, co_funding=c)["grants"]) for c in (0.9, 0.0))
    assert few < many


def test_without_yield_and_gifts_the_first_reserve_is_the_endowment() -> None:
    on = written("fund", STEADY, inflow=0.0, endowment=1000.0, payout_rate=1.0, by_reserve=0.0)
    table = on["fund_accounts"]
    residents = on["districts"]["residents"].iloc[0]
    assert table["opening_fen"].iloc[0] == 100 * residents
    assert (table["yield_fen"] == 0).all()
    assert table["reserve_fen"].is_monotonic_decreasing
