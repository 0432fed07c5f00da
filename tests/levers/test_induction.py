"""Recruiting and training at the station (clause V.2.b3): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.induction import Induction
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["induction"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Induction.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_seats_are_for_a_thousand_residents_and_half_of_the_notices_reach_half() -> None:
    found = edits(seats=2.0, uptake=0.25, ads=3.0)
    assert found == {"more_seats": 2048, "uptake": 1 << 30, "heard": 983}
    assert edits(ads=0.0)["heard"] == 0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="induction", start_week=4, values={"seats": 0.0, "uptake": 0.0, "ads": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
