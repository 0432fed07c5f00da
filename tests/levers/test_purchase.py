"""Purchase: the numbers by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.purchase import Purchase
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("purchase").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(gaming: float = 0.0, **values: float) -> dict[str, object]:
    edits = Purchase.edits({**VALUES, **values}, {"purchase.gaming": gaming}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_the_price_is_split_between_fixed_and_results() -> None:
    assert tables_of(unit_price=10, on_results=0.5, target=40) == {"org_income": 5000, "org_task": 500, "inflate": 0}
    assert tables_of(unit_price=10, on_results=1, target=40) == {"org_income": 0, "org_task": 1000, "inflate": 0}


def test_only_pay_for_recorded_hours_can_be_gamed() -> None:
    assert tables_of(0.5, on_results=1, indicator=0)["inflate"] == 32768
    assert tables_of(0.5, on_results=0.5, indicator=0)["inflate"] == 16384
    assert tables_of(0.5, on_results=1, indicator=1)["inflate"] == 0
    assert tables_of(on_results=1, indicator=0)["inflate"] == 0


def test_cost_by_hand() -> None:
    counts = {"deliverables.fixed_fen.sum": 1000, "deliverables.results_fen.sum": 500, "contracts.rows": 2}
    assert Purchase.cost({"tender_cost": 3}, counts) == pytest.approx(21)
