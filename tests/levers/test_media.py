"""Advertising fades fast, places slowly, and both saturate (clause VI.2.a)."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.media import Media
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["media"].cards.items()}
SPAN = Span(date(2025, 9, 1), 26, 52)


def edits(**changes: float) -> dict[str, tuple[int, ...]]:
    return {edit.table: edit.value for edit in Media.edits({**VALUES, **changes}, CARDS, SPAN)}     # type: ignore[misc]


def test_awareness_follows_the_stock_of_advertising() -> None:
    column = edits(adverts=4.0, places=0.0)["heard"]
    stock = 4.0 * (1.0 - 0.5 ** (26 / 4))
    assert column[25] == pytest.approx(65536 * 0.03 * stock / (stock + 4.0), abs=2)
    assert column[29] == pytest.approx(65536 * 0.03 * (stock / 2) / (stock / 2 + 4.0), abs=2)


def test_advertising_is_forgotten_and_places_are_not() -> None:
    adverts, places = edits(adverts=4.0, places=0.0)["heard"], edits(adverts=0.0, places=4.0)["heard"]
    assert adverts[51] < 0.05 * adverts[25]
    assert places[51] > 0.8 * places[25] > 0
    assert max(edits(adverts=20.0, places=20.0)["heard"]) < 65536 * 0.03


def test_no_spending_moves_nothing_and_costs_nothing() -> None:
    assert {value for column in edits(adverts=0.0, places=0.0).values() for value in column} == {0}
    assert Media.cost({"adverts": 0.0, "places": 0.0}, {"residents": 1000, "years": 1}) == 0
    assert Media.cost({"adverts": 1.0, "places": 2.0}, {"residents": 1000, "years": 0.5}) == 1500
