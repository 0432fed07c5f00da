"""Collecting needs (clause V.2.b1): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.needs_intake import NeedsIntake
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["needs_intake"].cards.items()}
OFFICE = ("response_days",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in NeedsIntake.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_visits_at_the_half_find_half_of_what_visits_can_find() -> None:
    assert edits(visits=4.0, channels=1.0) == {"found": 19661}
    assert edits(visits=0.0, channels=1.0) == {"found": 0}
    assert edits(visits=0.0, channels=3.0) == {"found": 3932}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="needs_intake", start_week=4, values={"visits": 0.0, "channels": 1.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
