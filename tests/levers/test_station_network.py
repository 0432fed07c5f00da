"""Stations in community service complexes (clause V.1.a): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.station_network import StationNetwork
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["station_network"].cards.items()}
COUNTS = {"openings[plan=complex].rows": 10.0}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in StationNetwork.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return StationNetwork.cost({**VALUES, **changes}, COUNTS)


def test_a_share_of_complexes_opens_by_need() -> None:
    assert edits(open_share=0.5) == {"open_complex": 32768, "by_need": 1}
    assert edits(open_share=0.0)["open_complex"] == 0
    assert cost(opening_cost=30000.0) == 300000.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="station_network", start_week=4, values={"open_share": 0.0, "by_need": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
