"""Skills: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.skills import Skills
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("skills").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Skills.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_outreach_bends() -> None:
    got = tables_of({"outreach": 2000.0}, {"skills.asked": 0.5, "skills.outreach_half": 2000.0})
    assert got == {"heard": 16384}
    assert tables_of({"outreach": 0.0}) == {"heard": 0}
