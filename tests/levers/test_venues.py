"""Stations in parks, museums, memorials and science halls (clause V.1.d): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.venues import Venues
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["venues"].cards.items()}
COUNTS = {"venues.true_new_guides.sum": 10.0}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Venues.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return Venues.cost({**VALUES, **changes}, COUNTS)


def test_full_cover_opens_every_venue() -> None:
    assert edits() == {"open_venue": 65536}
    assert cost(guide_hours=10.0, guide_cost=3.0) == 300.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="venues", start_week=4, values={"coverage": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
