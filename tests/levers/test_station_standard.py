"""Station standard: the six haves (clause V.2.a): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.station_standard import StationStandard
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["station_standard"].cards.items()}
COUNTS = {"upgrades.added.sum": 10.0}
OFFICE = ("audit_interval",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in StationStandard.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return StationStandard.cost({**VALUES, **changes}, COUNTS)


def test_the_number_required_is_that_of_the_haves() -> None:
    assert edits(required=4.0) == {"haves": 4}
    assert edits(required=0.0) == {"haves": 0}
    assert cost(upgrade_cost=7.0) == 70.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="station_standard", start_week=4, values={"required": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
