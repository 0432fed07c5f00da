"""Duty of care: it acts in an office, and costs what the parties paid."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.duty_of_care import DutyOfCare
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("duty_of_care").cards.items()}


def test_nobody_serves_more_or_less() -> None:
    assert DutyOfCare.edits(VALUES, {}, Span(date(2025, 9, 1), 52, 52)) == []


def test_the_cost_is_the_money_for_protection() -> None:
    assert DutyOfCare.cost(VALUES, {"money[line=protection].fen.sum": 5000}) == 50
