"""The office of partners: offers, those placed, and wages."""

from __future__ import annotations

import pytest

from tests.office.money_desk import BEGIN, WEEKS, WHERE, paid, sound, written

MANY = (("partners.usual", 20.0),)


def test_offers_are_made_without_any_policy() -> None:
    seen = sound("partnerships", more=MANY)
    assert 0 < seen["placed"].sum() < len(seen)
    assert (seen["org_id"].notna() == seen["placed"]).all()
    assert (seen["value"] - seen["goods"] - 30 * seen["hours"]).abs().max() < 0.01
    assert (seen.loc[seen["placed"], "end_on"] > seen.loc[seen["placed"], "date"]).all()


def test_brokers_place_and_partners_offer() -> None:
    off = written(more=MANY)["partnerships"]
    placed = written("partnerships", MANY, brokers=2.0, partners=0.0)["partnerships"]
    more = written("partnerships", MANY, brokers=0.0, partners=20.0)["partnerships"]
    assert len(placed) == len(off)
    assert placed["placed"].sum() > off["placed"].sum()
    assert len(more) > len(off)
    assert len(more[more["district"] != WHERE]) == len(off[off["district"] != WHERE])


def test_brokers_are_paid() -> None:
    on = written("partnerships", brokers=1.0, wage=52000.0)
    residents = on["districts"].set_index("district")["residents"][WHERE]
    assert paid(on, "broker") == pytest.approx(100 * residents * (WEEKS - BEGIN), rel=1e-6)
