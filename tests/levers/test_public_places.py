"""Stations in public places (clause V.1.c): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.public_places import PublicPlaces
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["public_places"].cards.items()}
COUNTS = {"site_weeks[plan=public_place].rows": 10.0}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in PublicPlaces.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return PublicPlaces.cost({**VALUES, **changes}, COUNTS)


def test_a_counter_that_is_never_staffed_stays_shut() -> None:
    assert edits(open_share=0.25)["open_public"] == 16384
    assert edits(open_share=0.25, staffing_hours=0.0)["open_public"] == 0
    assert cost(staffing_hours=20.0, cost_per_hour=2.0) == 400.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="public_places", start_week=4, values={"open_share": 0.0, "by_need": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
