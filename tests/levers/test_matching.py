"""Matching on the platform (clause V.3.a3): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.matching import Matching
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["matching"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"matching.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in Matching.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return Matching.cost({**VALUES, **changes}, counts)


def test_assignment_follows_the_ranking_further_than_an_open_call() -> None:
    assigned = edits(assigned=1.0, skill_weight=1.0, distance_weight=0.5, fairness_weight=2.0, offers=3.0)
    assert assigned == {"fitness": 819, "nearness": 410, "equity": 1638, "tries": 3}
    opened = edits(assigned=0.0, skill_weight=1.0, distance_weight=0.5, fairness_weight=2.0, offers=0.0)
    assert opened == {"fitness": 307, "nearness": 154, "equity": 614, "tries": 0}


def test_each_match_costs() -> None:
    assert cost({"matches.rows": 50.0}, cost_per_match=0.2) == pytest.approx(10.0)
    assert edits(batch_days=0.0) == edits(batch_days=7.0)        # only the office of matches reads it



def test_without_weights_the_run_is_that_without_the_lever() -> None:
    nothing = {"skill_weight": 0.0, "distance_weight": 0.0, "fairness_weight": 0.0, "offers": 0.0}
    policy = Policy(lever="matching", start_week=4, values=nothing)
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
