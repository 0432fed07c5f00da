"""Federation: the numbers by hand.

The rest of the values move a table of the office, see tests/office.
"""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.federation import Federation
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("federation").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Federation.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_seats_are_those_of_the_members() -> None:
    assert tables_of({"seats": 2.0, "member_share": 0.5}) == {"more_seats": 1024}
