"""An emergency (clause V.3.b3): height by level, fading, and an alarm of so many weeks."""

from __future__ import annotations

import math
from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.emergency import Emergency
from vsim.spec.cards import load_cards

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}


def edits(level: float, weeks: float, **cards: float) -> dict[str, int | tuple[int, ...]]:
    changed = {**CARDS, **{f"emergency.{name}": value for name, value in cards.items()}}
    return {edit.table: edit.value for edit in Emergency.edits({"level": level, "weeks": weeks}, changed, SPAN)}


@pytest.mark.parametrize(("level", "share"), [(1, 1.0), (2, 0.75), (4, 0.25)])
def test_the_surge_is_as_high_as_the_level_is_grave_and_fades(level: int, share: float) -> None:
    found = edits(level, 4, demand=2.0, fade=2.0)["demand"]
    assert isinstance(found, tuple)
    assert len(found) == SPAN.left
    for week, height in enumerate(found):
        assert height == pytest.approx(1024 * share * 2.0 * math.exp(-week / 2.0), abs=2)


def test_the_alarm_lasts_as_said() -> None:
    assert edits(2, 3)["alarm"] == (1, 1, 1) + (0,) * 17
    assert sum(edits(2, 26)["alarm"]) == SPAN.left        # type: ignore[arg-type]


def test_an_epidemic_may_keep_people_away() -> None:
    found = edits(1, 4, willing=-0.5)["base"]
    assert isinstance(found, tuple)
    assert found[0] == -512
    assert max(found) <= 0


def test_an_event_is_not_bought() -> None:
    assert Emergency.cost({"level": 1, "weeks": 4}, {}) == 0.0
