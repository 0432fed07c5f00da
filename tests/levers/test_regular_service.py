"""Regular service (clause V.2.c): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.regular_service import RegularService
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["regular_service"].cards.items()}
COUNTS = {"open_days.true_added.sum": 10.0}
OFFICE = ("min_open_days",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in RegularService.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return RegularService.cost({**VALUES, **changes}, COUNTS)


def test_the_share_of_peaks_given_up() -> None:
    assert edits(spread=0.25) == {"calm": 16384}
    assert edits(spread=0.0) == {"calm": 0}
    assert cost(cost_per_day=3.0) == 30.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="regular_service", start_week=4, values={"spread": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
