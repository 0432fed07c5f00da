"""Governance: items of the checklist."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.governance import Governance
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("governance").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Governance.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_the_checklist_is_the_number_of_items() -> None:
    assert tables_of({"rules": 7}) == {"org_rules": 7}
