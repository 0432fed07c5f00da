"""Role models: near ones may encourage, ideal ones may discourage (clause VI.2.b)."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.role_models import RoleModels
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["role_models"].cards.items()}
SPAN = Span(date(2025, 9, 1), 10, 20)


def pull(ideal: float = 0.0, **changes: float) -> int:
    cards = CARDS | {"role_models.pull": 0.1, "role_models.ideal": ideal}
    (edit,) = RoleModels.edits({**VALUES, **changes}, cards, SPAN)
    assert edit.table == "base"
    assert isinstance(edit.value, int)
    return edit.value


def test_half_of_the_exposure_is_reached_at_its_card() -> None:
    assert pull(yearly=12.0, nearness=1.0) == round(1024 * 0.1 / 2)
    assert pull(yearly=36.0, nearness=0.5) == round(1024 * 0.1 * 0.75 * 0.5)


def test_ideal_models_discourage_only_by_choice_of_card() -> None:
    assert pull(nearness=0.0) == pull(yearly=0.0, nearness=1.0) == 0
    assert pull(ideal=0.1, nearness=0.0) < 0 < pull(ideal=0.1, nearness=1.0)
    assert CARDS["role_models.ideal"] == 0


def test_the_cost_is_that_of_the_stories_told() -> None:
    assert RoleModels.cost(VALUES, {"stories.rows": 3}) == pytest.approx(2400)
