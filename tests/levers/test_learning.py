"""Learning: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.learning import Learning
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("learning").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Learning.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_hours_on_values_move_no_quality() -> None:
    assert tables_of({"hours": 20.0, "skills_share": 0.0}) == {"org_quality": 0}
    got = tables_of({"hours": 4.0, "skills_share": 1.0}, {"learning.quality": 0.1, "learning.half_hours": 4.0})
    assert got == {"org_quality": round(65536 * 0.05)}
