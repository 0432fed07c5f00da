"""Teams: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.teams import Teams
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("teams").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Teams.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_matching_raises_the_chance() -> None:
    assert tables_of({"chance": 0.1, "interest_matching": 0}) == {"team": round(0.1 * 2**32)}
    assert tables_of({"chance": 0.2, "interest_matching": 1}, {"teams.match_gain": 0.5}) == {"team": round(0.3 * 2**32)}
