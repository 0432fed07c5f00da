"""Running activities (clause V.2.b4): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.shifts import Shifts
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["shifts"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Shifts.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_a_reminder_adds_its_logit_and_no_overbooking_leaves_the_seats() -> None:
    assert edits(overbook=1.5, stand_in=0.25) == {"overbook": 1536, "stand_in": 16384, "show": 410}
    assert edits(overbook=1.0, stand_in=0.0, reminder=0.0) == {"overbook": 1024, "stand_in": 0, "show": 0}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="shifts", start_week=4, values={"overbook": 1.0, "stand_in": 0.0, "reminder": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
