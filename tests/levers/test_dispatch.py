"""Dispatch (clause V.3.a4): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.dispatch import Dispatch
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["dispatch"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"dispatch.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in Dispatch.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return Dispatch.cost({**VALUES, **changes}, counts)


def test_each_round_fills_the_same_part_of_what_is_left() -> None:
    assert edits(redispatch=1.0, radius_km=2.0) == {"stand_in": 9830}                 # 0.3 times a half
    assert edits(redispatch=2.0, radius_km=2.0) == {"stand_in": round(65536 * (1 - 0.85**2))}
    assert edits(redispatch=0.0) == {"stand_in": 0}


def test_time_limits_act_in_the_log_alone() -> None:
    assert edits(urgent_hours=0.5, usual_hours=1.0) == edits()


def test_each_offer_costs() -> None:
    assert cost({"dispatch_log.offers.sum": 30.0}, cost_per_offer=0.5) == pytest.approx(15.0)



def test_without_rounds_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="dispatch", start_week=4, values={"redispatch": 0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
