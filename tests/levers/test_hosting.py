"""Hosting: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.hosting import Hosting
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("hosting").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Hosting.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_staff_of_hosts_adds_to_leaders() -> None:
    got = tables_of({"capacity": 5, "staff_hours": 6.0}, {"hosting.asked": 5.0, "hosting.leader_hours": 6.0})
    assert got["capacity"] == 2048
    assert tables_of({"staff_hours": 0.0})["capacity"] == 1024
