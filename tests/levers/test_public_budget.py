"""Public budget: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Edit, Span
from vsim.levers.public_budget import PublicBudget

SPAN = Span(date(2025, 9, 1), 52, 52)


def test_the_core_grant_is_spread_over_the_year() -> None:
    assert PublicBudget.edits({"core": 5200}, {}, SPAN) == [Edit("org_income", 10000)]
    assert PublicBudget.edits({"core": 0}, {}, SPAN) == [Edit("org_income", 0)]


def test_cost_by_hand() -> None:
    counts = {"residents": 2000, "years": 0.5, "budget[channel=core_grants].spent_fen.sum": 12300}
    assert PublicBudget.cost({"total": 3000}, counts) == pytest.approx(3000 + 123)
