"""The contract office: months, hours on paper, payments."""

from __future__ import annotations

from tests.office.money_desk import paid, sound, written


def test_tables_follow_their_dictionaries() -> None:
    assert len(sound("contracts", "purchase", months=3)) > 0
    assert len(sound("deliverables", "purchase", months=3)) > 0
    assert len(written()["contracts"]) == len(written()["deliverables"]) == 0


def test_fixed_pay_is_what_organisations_took_in() -> None:
    on = written("purchase", on_results=0, unit_price=20, target=10)
    assert paid(on, "purchase_fixed") == on["weekly"]["org_income"].sum() > 0
    assert paid(on, "purchase_results") == 0


def test_a_contract_lasts_its_months() -> None:
    on = written("purchase", months=3)
    size = on["deliverables"].groupby(["organisation", "contract_no"]).size()
    assert size.max() == 3
    assert len(size) == len(on["contracts"])
    assert len(on["contracts"]) > len(written("purchase", months=60)["contracts"])


def test_results_are_paid_on_the_indicator_up_to_the_hours_due() -> None:
    recorded, verified = (written("purchase", on_results=1, unit_price=10, target=5, indicator=i)["deliverables"]
                          for i in (0, 1))
    assert (recorded["results_fen"] <= 5000).all()
    assert recorded["hours_reported"].sum() > verified["hours_reported"].sum()
    assert (verified["results_fen"] == (1000 * verified["hours_reported"].clip(upper=5)).round()).all()
