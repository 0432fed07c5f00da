"""Showcase: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.showcase import Showcase
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("showcase").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Showcase.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_events_by_hand() -> None:
    got = tables_of({"events": 13, "reach": 0.5, "subsidy": 0.0}, {"showcase.take_up": 0.5})
    assert got == {"org_adopt": 16384}
    assert tables_of({"events": 0}) == {"org_adopt": 0}
