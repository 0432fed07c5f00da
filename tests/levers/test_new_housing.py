"""Volunteer space in new housing (clause V.1.b): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.new_housing import NewHousing
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["new_housing"].cards.items()} | {"lag_weeks": 3}
OFFICE = ("m2_per_1000",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in NewHousing.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_rooms_come_after_the_lag_and_stay_after_the_policy() -> None:
    column = edits(share_bound=1.0, lag_weeks=3, pipeline_weeks=16)["open_housing"]
    assert column[:6] == (0, 0, 0, 4096, 8192, 12288)
    assert column[-1] == 40960
    assert set(edits(share_bound=0.0)["open_housing"]) == {0}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="new_housing", start_week=4, values={"share_bound": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
