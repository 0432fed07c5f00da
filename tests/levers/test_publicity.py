"""Showing and publicising (clause V.2.b6): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.publicity import Publicity
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["publicity"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Publicity.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_awareness_is_even_while_posts_go_on_and_fades_by_half_lives() -> None:
    column = edits(posts=5.0, story=1.0)["heard"]
    assert column[:10] == (1638,) * 10
    assert column[13] == pytest.approx(819, abs=3)
    assert set(edits(posts=0.0)["heard"]) == {0}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="publicity", start_week=4, values={"posts": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
