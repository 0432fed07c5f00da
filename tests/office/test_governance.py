"""Governance: the tables follow the book of events."""

from __future__ import annotations

from tests.office.org_desk import ours, written
from vsim.world.bodies import Event


def test_inspections_are_those_of_the_engine() -> None:
    on = written("supervision", effort=30, support_share=0, inspection_days=1)
    events = on["org_events"]
    events = events[events["week"] >= 0]
    assert len(on["inspections"]) == (events["kind"] == Event.INSPECTED).sum() > 0
    assert on["inspections"]["violation"].sum() == (events["kind"] == Event.VIOLATION).sum()


def test_members_pay_their_fee() -> None:
    on = written("federation", member_share=1.0, fee=400)
    members = ours(on["federation_membership"])
    assert len(members) > len(ours(written()["federation_membership"]))
    assert (members["fee_fen"] == 10000).all()
    paid = on["money"][on["money"]["line"] == "membership_fee"]
    assert paid["fen"].sum() == members["fee_fen"].sum()


def test_posts_lower_the_caseload() -> None:
    few, many = (ours(written("coordinators", posts=p)["coordinators"]) for p in (1.0, 5.0))
    assert few["caseload"].mean() > many["caseload"].mean()


def test_an_organisation_has_one_grant() -> None:
    on = written("incubation", places=100, months=3)
    assert on["incubation_grants"]["organisation"].is_unique
    paid = on["money"][on["money"]["line"] == "incubation_grant"]
    assert paid["fen"].sum() == on["incubation_grants"]["grant_fen"].sum()
