"""Support for decisions (clause V.3.b2): it moves nothing by itself; memos cost."""

from __future__ import annotations

from tests.engine_worlds import SEED, town
from vsim.levers.decision_support import DecisionSupport
from vsim.run.run import simulate
from vsim.spec.policy import Policy


def test_a_board_changes_nobody() -> None:
    policy = Policy(lever="decision_support", start_week=4)
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum


def test_memos_are_paid_for() -> None:
    assert DecisionSupport.cost({"cost_per_memo": 2000.0}, {"memos.rows": 3.0}) == 6000.0
