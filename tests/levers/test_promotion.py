"""Digital promotion (clause V.3.a6): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.promotion import Promotion
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["promotion"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"promotion.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in Promotion.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return Promotion.cost({**VALUES, **changes}, counts)


def test_awareness_is_even_while_advertising_runs_and_fades_by_half_lives() -> None:
    column = edits(ads=1000.0)["heard"]
    assert isinstance(column, tuple)
    assert column[:10] == (1638,) * 10
    assert column[13] == pytest.approx(819, abs=3)


def test_a_bonus_moves_nobody_unless_a_study_says_so() -> None:
    assert edits(referral_points=50.0)["join"] == 0
    assert edits({"referral_pull": 0.3}, referral_points=1.0)["join"] == pytest.approx(213, abs=2)    # 0.3 ln 2
    assert edits({"referral_pull": 0.3}, referral_points=0.0)["join"] == 0


def test_advertising_and_points_cost() -> None:
    counts = {"residents": 2000.0, "years": 0.5, "referrals.points.sum": 40.0}
    assert cost(counts, ads=500.0, point_yuan=1.5) == pytest.approx(500.0 + 60.0)



def test_without_advertising_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="promotion", start_week=4, values={"ads": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
