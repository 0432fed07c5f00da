"""Tax: no table of the week, and the revenue not raised as its cost."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.tax import Tax


def test_it_edits_nothing_and_costs_relief() -> None:
    assert Tax.edits({}, {}, Span(date(2025, 9, 1), 52, 52)) == []
    counts = {"donations.relief_fen.sum": 1000, "tax_carry.relief_fen.sum": 500}
    assert Tax.cost({}, counts) == pytest.approx(15)
