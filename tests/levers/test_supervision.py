"""Supervision: support and inspections from one effort."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.supervision import Supervision
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("supervision").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Supervision.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_effort_is_divided_by_hand() -> None:
    got = tables_of({"effort": 13.0, "support_share": 0.0, "inspection_days": 2.0})
    assert (got["org_inspect"], got["org_quality"]) == (32768, 0)              # 13 days, 2 each, 13 looks: a half
    got = tables_of({"effort": 4.0, "support_share": 1.0}, {"supervision.support_quality": 0.1})
    assert (got["org_inspect"], got["org_quality"]) == (0, round(65536 * 0.05))
