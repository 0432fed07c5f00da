"""Certificates: they are an office's, and cost what is paid for handling and checks."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.certificates import Certificates
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("certificates").cards.items()}


def test_nobody_serves_more_or_less() -> None:
    assert Certificates.edits(VALUES, {}, Span(date(2025, 9, 1), 52, 52)) == []


def test_the_cost_is_handling_and_checks() -> None:
    counts = {"money[line=certificate].fen.sum": 800.0, "money[line=certificate_check].fen.sum": 250.0}
    assert Certificates.cost(VALUES, counts) == 10.5
