"""Incidents: hours at risk, the store, and who is liable for what."""

from __future__ import annotations

import numpy as np
import pytest

from tests.office.rights_desk import BEGIN, WHERE, fen, ours, written


def test_the_log_holds_the_incidents_of_the_engine_and_names_nobody_without_a_rule() -> None:
    off = written()
    assert len(off["incident_log"]) == off["weekly"]["incidents"].sum() > 50
    assert set(off["incident_log"]["liable_party"]) == {"unsettled"} == set(off["assignments"]["liable_party"])
    assert set(off["assignments"]["responsible"]) == {""}
    assert len(off["stock"]) == 0
    assert fen(off, "protection") == fen(off, "equipment") == 0


def test_hours_at_risk_are_the_true_hours() -> None:
    off = written()
    assert off["exposure"]["hours"].sum() == pytest.approx(off["weekly"]["hours"].sum() / 4)
    assert off["exposure"]["attendances"].sum() <= off["weekly"]["attended"].sum()


def test_severity_follows_the_cards() -> None:
    share = written()["incident_log"]["severity"].value_counts(normalize=True)
    assert share["slight"] > share["treated"] > share.get("severe", 0)


@pytest.mark.parametrize(("rule", "party", "begins"), [(0, "user", "S"), (1, "recruiter", "G"), (2, "platform", "P")])
def test_the_rule_names_the_party(rule: int, party: str, begins: str) -> None:
    rows = ours(written(duty_of_care={"rule": rule})["assignments"])
    assert set(rows["liable_party"]) == {party}
    assert {code[0] for code in rows["responsible"]} == {begins}


def test_the_cost_of_protection_is_divided() -> None:
    on = written(duty_of_care={"rule": 1, "joint": 0.5, "compliance": 1.0, "protection": 4.0})
    paid = on["money"][on["money"]["line"] == "protection"].groupby("payer")["fen"].sum()
    tasks = ours(on["tasks"])
    assert paid.sum() == 400 * tasks["true_staffed"].sum()
    assert paid["recruiter"] == 2 * paid["user"] == 2 * paid["platform"]


def test_full_compliance_protects_all_and_none_nobody() -> None:
    assert ours(written(duty_of_care={"compliance": 1.0})["assignments"])["protected"].all()
    assert not ours(written(duty_of_care={"compliance": 0.0})["assignments"])["protected"].any()


def test_the_store_balances_and_serves_everybody() -> None:
    on = written(safety={"equipment": 1.0, "stock_weeks": 4, "price": 3.0})
    stock = on["stock"]
    assert set(stock["district"]) == {WHERE}
    assert stock["week"].min() == BEGIN
    assert np.array_equal(stock["opening"] + stock["bought"] - stock["used"], stock["left"])
    assert np.array_equal(stock["opening"].iloc[1:], stock["left"].iloc[:-1])
    assert (stock["left"] >= 0).all()
    assert stock["used"].sum() == ours(on["weekly"])["attended"].sum()
    assert fen(on, "equipment") == 300 * stock["bought"].sum() == stock["cost_fen"].sum()
