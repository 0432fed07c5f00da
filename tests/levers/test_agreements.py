"""Agreements: the numbers by hand.

The rest of the values move a table of the office, see tests/office.
"""

from __future__ import annotations

from datetime import date

from vsim.levers.agreements import Agreements
from vsim.levers.base import Span
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("agreements").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Agreements.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_it_acts_in_the_office_alone() -> None:
    assert tables_of({}) == {}
