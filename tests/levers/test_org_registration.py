"""OrgRegistration: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.org_registration import OrgRegistration
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("org_registration").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = OrgRegistration.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_those_who_give_up_by_hand() -> None:
    got = tables_of({"review_days": 60, "fee": 0.0, "dual_control": 0}, {
        "org_registration.seek": 0.5, "org_registration.patience": 60.0})
    assert got == {"org_register": 16384}
    assert tables_of({}, {"org_registration.seek": 0.0}) == {"org_register": 0}
