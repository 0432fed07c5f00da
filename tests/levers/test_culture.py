"""Values campaign: exposure builds up, saturates and fades (clause VI.1.a)."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.culture import Culture
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["culture"].cards.items()}
SPAN = Span(date(2025, 9, 1), 8, 20)
STRONG = CARDS | {"culture.pull": 0.2, "culture.join": 0.3}


def edits(**changes: float) -> dict[str, tuple[int, ...]]:
    return {edit.table: edit.value for edit in Culture.edits({**VALUES, **changes}, STRONG, SPAN)}     # type: ignore[misc]


def test_the_pull_is_that_of_a_stock_with_its_half_life() -> None:
    column = edits(intensity=1.0, to_join=0.0)["base"]
    stock = 1.0 - 0.5 ** (5 / 4)                              # after five weeks, at a half-life of four
    assert column[4] == pytest.approx(1024 * 0.2 * stock / (stock + 0.3), abs=1.5)
    assert list(column[:8]) == sorted(column[:8])
    faded = (1.0 - 0.5**2) * 0.5                              # four weeks after the end
    assert column[11] == pytest.approx(1024 * 0.2 * faded / (faded + 0.3), abs=1.5)


def test_the_frame_divides_the_campaign_between_serving_and_registering() -> None:
    assert set(edits(to_join=1.0)["base"]) == set(edits(to_join=0.0)["join"]) == {0}
    assert max(edits(to_join=1.0)["join"]) > max(edits(to_join=0.5)["join"]) > 0


def test_no_campaign_moves_nothing_and_costs_nothing() -> None:
    assert {value for column in edits(intensity=0.0).values() for value in column} == {0}
    assert Culture.cost({**VALUES, "intensity": 0.0}, {"residents": 1000, "years": 1}) == 0
    assert Culture.cost({**VALUES, "intensity": 0.5}, {"residents": 1000, "years": 2}) == 0.5 * 0.5 * 1000 * 2
