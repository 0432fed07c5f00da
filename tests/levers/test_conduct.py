"""Conduct: the numbers by hand.

The rest of the values move a table of the office, see tests/office.
"""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.conduct import Conduct
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("conduct").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Conduct.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_breaches_fall_by_level_and_briefing() -> None:
    got = tables_of({"level": 3, "briefing_minutes": 10.0}, {"conduct.less": 0.5, "conduct.briefing_half": 10.0})
    assert got == {"conduct": 768}
    assert tables_of({"level": 0}) == {"conduct": 1024} == tables_of({"briefing_minutes": 0.0})
