"""Coordinators: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.coordinators import Coordinators
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("coordinators").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Coordinators.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_posts_add_to_leaders() -> None:
    card = {"coordinators.per_post": 3.0, "coordinators.leaders_100": 6.0}
    assert tables_of({"posts": 2.0}, card)["capacity"] == 2048
    assert tables_of({"posts": 0.0}) == {"capacity": 1024, "org_quality": 0}
