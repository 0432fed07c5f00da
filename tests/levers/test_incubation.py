"""Incubation: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.incubation import Incubation
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("incubation").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Incubation.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_long_support_serves_fewer() -> None:
    card = {"incubation.found": 0.5}
    assert tables_of({"places": 50, "months": 12}, card)["org_found"] == 16384
    assert tables_of({"places": 50, "months": 24}, card)["org_found"] == 8192
    assert set(tables_of({"places": 0}).values()) == {0}
