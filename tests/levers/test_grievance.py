"""Grievances: they are an office's, and cost the handling of cases."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.grievance import Grievance
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("grievance").cards.items()}


def test_nobody_serves_more_or_less() -> None:
    assert Grievance.edits(VALUES, {}, Span(date(2025, 9, 1), 52, 52)) == []


def test_the_cost_is_the_handling_of_cases() -> None:
    assert Grievance.cost(VALUES, {"money[line=grievance].fen.sum": 8000}) == 80
