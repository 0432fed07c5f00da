"""Service in daily life: leave pulls only by choice of card (clause VI.3.a)."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.everyday import Everyday
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["everyday"].cards.items()}
SPAN = Span(date(2025, 9, 1), 10, 20)


def pull(most: float, **changes: float) -> int:
    (edit,) = Everyday.edits({**VALUES, **changes}, CARDS | {"everyday.leave_pull": most}, SPAN)
    assert edit.table == "base"
    assert isinstance(edit.value, int)
    return edit.value


def test_half_of_the_pull_is_reached_at_its_card() -> None:
    assert pull(0.4, leave_days=3.0) == round(1024 * 0.2)
    assert pull(0.4, leave_days=0.0) == pull(CARDS["everyday.leave_pull"], leave_days=10.0) == 0     # type: ignore[arg-type]


def test_the_cost_counts_days_granted_and_the_campaign() -> None:
    counts = {"workplace_schemes.days_granted.sum": 10, "residents": 1000, "years": 1}
    assert Everyday.cost(VALUES, counts) == pytest.approx(10 * 300 + 0.3 * 0.5 * 1000)
