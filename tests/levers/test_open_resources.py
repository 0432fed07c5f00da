"""Employers and institutions open their resources (clause V.1.e): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.open_resources import OpenResources
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["open_resources"].cards.items()}
COUNTS = {"site_weeks[plan=employer].rows": 520.0}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in OpenResources.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return OpenResources.cost({**VALUES, **changes}, COUNTS)


def test_who_offers_no_hours_stays_shut() -> None:
    assert edits(open_share=0.5) == {"open_employer": 32768}
    assert edits(hours=0.0) == {"open_employer": 0}
    assert cost(recognition=1.0, liability_cover=1.0, cover_cost=2.0) == 30.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="open_resources", start_week=4, values={"open_share": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
