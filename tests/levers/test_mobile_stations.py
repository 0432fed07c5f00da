"""Themed and mobile stations (clause V.1.f): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.mobile_stations import MobileStations
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["mobile_stations"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in MobileStations.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_a_stop_visited_in_half_of_the_weeks_is_half_a_station() -> None:
    assert edits(mobile=1.0, visits=0.5, themed=0.25) == {"open_mobile": 32768, "open_themed": 16384}
    assert edits(mobile=0.0)["open_mobile"] == 0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="mobile_stations", start_week=4, values={"mobile": 0.0, "themed": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
