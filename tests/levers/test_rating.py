"""Rating and feedback (clause V.3.a5): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.rating import Rating
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["rating"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"rating.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in Rating.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return Rating.cost({**VALUES, **changes}, counts)


def test_experience_does_not_move_unless_a_study_says_so() -> None:
    assert edits() == {"felt": 0}
    assert edits({"answer_felt": 0.1}, closing=1.0) == {"felt": 6554}
    assert edits({"answer_felt": 0.1}, closing=0.0) == {"felt": 0}


def test_prompts_and_answers_cost() -> None:
    counts = {"attended": 100.0, "ratings[answered=True].rows": 3.0}
    assert cost(counts, prompt=1.0, cost_per_prompt=0.1, cost_per_answer=20.0) == pytest.approx(70.0)
    assert cost(counts, prompt=0.0, cost_per_answer=20.0) == pytest.approx(60.0)



def test_by_default_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="rating", start_week=4, values={})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
