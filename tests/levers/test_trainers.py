"""Trainers: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.trainers import Trainers
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("trainers").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Trainers.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_seats_are_sessions_times_class() -> None:
    got = tables_of({"trainers": 10.0, "sessions": 52.0, "class_size": 20})
    assert got["more_seats"] == 20 * 1024
    assert tables_of({}, {"trainers.gain": 0.0})["passed"] == 0
