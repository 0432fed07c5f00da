"""Safety: the factor on incidents by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.safety import Safety
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("safety").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def hazard(values: dict[str, float], cards: dict[str, float] | None = None) -> object:
    (edit,) = Safety.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    assert edit.table == "hazard"
    return edit.value


def test_each_measure_takes_its_share_of_what_is_left() -> None:
    cards = {"safety.equipment_effect": 0.5, "safety.briefing_effect": 0.5, "safety.briefing_full": 20.0,
             "safety.fatigue_effect": 0.5, "service.hours_most": 12.0}
    assert hazard({"equipment": 1.0, "briefing": 0.0, "longest_shift": 12.0}, cards) == 512
    assert hazard({"equipment": 1.0, "briefing": 20.0, "longest_shift": 12.0}, cards) == 256
    assert hazard({"equipment": 1.0, "briefing": 60.0, "longest_shift": 6.0}, cards) == 192


def test_nothing_done_changes_nothing() -> None:
    assert hazard({"equipment": 0.0, "briefing": 0.0, "longest_shift": 12.0}) == 1024


def test_the_cost_is_what_was_bought() -> None:
    assert Safety.cost(VALUES, {"stock.cost_fen.sum": 12_350}) == 123.5
