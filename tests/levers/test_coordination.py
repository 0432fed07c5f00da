"""Coordination by the local lead body (clause V.1.g): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.coordination import Coordination
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["coordination"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Coordination.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_full_coordination_with_a_plan_leaves_three_in_ten() -> None:
    assert edits(level=1.0) == {"twice": 307}
    assert edits(level=0.0) == {"twice": 1024}
    assert edits(level=1.0, joint_plan=0.0) == {"twice": 666}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="coordination", start_week=4, values={"level": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
