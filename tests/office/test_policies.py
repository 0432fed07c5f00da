"""The register of policies: who adopted what, and when."""

from __future__ import annotations

import pytest

from tests.office.money_desk import BEGIN, WEEKS, WHERE, paid, sound, written


def test_a_policy_stands_in_the_register_from_its_start_on() -> None:
    seen = sound("policy_register", "local_policies")
    assert seen[["week", "district", "measure", "clause"]].to_numpy().tolist() == [
        [BEGIN, WHERE, "local_policies", "VII.1.a"]]
    assert seen["end_on"].isna().all()
    assert len(written()["policy_register"]) == 0


def test_the_contents_are_those_of_the_package() -> None:
    seen = sound("package_contents", "local_policies", appeals=7)
    assert seen.set_index("item")["amount"].to_dict() == {"appeals": 7, "officer_hours": 4}


def test_the_package_is_paid() -> None:
    on = written("local_policies", appeals=52, appeal_cost=1, officer_hours=10, officer_hour=10)
    residents = on["districts"].set_index("district")["residents"][WHERE]
    assert paid(on, "local_appeal") == pytest.approx(100 * residents * (WEEKS - BEGIN), rel=1e-9)
    assert paid(on, "local_officer") == pytest.approx(10 * residents * (WEEKS - BEGIN), rel=1e-3)
