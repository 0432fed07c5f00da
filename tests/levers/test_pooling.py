"""Stations of the network pass people on (clause V.1.h): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.pooling import Pooling
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["pooling"].cards.items()}
COUNTS = {"transfers.rows": 10.0}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Pooling.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return Pooling.cost({**VALUES, **changes}, COUNTS)


def test_dispatch_is_a_switch() -> None:
    assert edits(dispatch=1.0) == {"overflow": 1}
    assert edits(dispatch=0.0) == {"overflow": 0}
    assert cost(cost_per_transfer=2.0) == 20.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="pooling", start_week=4, values={"dispatch": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
