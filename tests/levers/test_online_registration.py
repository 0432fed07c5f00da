"""Online registration (clause V.3.a1): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.online_registration import OnlineRegistration
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["online_registration"].cards.items()}


def edits(parameters: dict[str, float] | None = None, **changes: float) -> dict[str, int | tuple[int, ...]]:
    cards = {**CARDS, **{f"online_registration.{name}": value for name, value in (parameters or {}).items()}}
    return {edit.table: edit.value for edit in OnlineRegistration.edits({**VALUES, **changes}, cards, SPAN)}


def cost(counts: dict[str, float], **changes: float) -> float:
    return OnlineRegistration.cost({**VALUES, **changes}, counts)


def test_registering_does_not_move_unless_a_study_says_so() -> None:
    assert edits() == edits(required_fields=40) == {"join": 0}


def test_each_field_beyond_the_usual_ones_lowers_the_hazard() -> None:
    drop = {"field_drop": 0.1, "help_pull": 0.5}
    assert edits(drop, required_fields=12, assisted=0.0) == {"join": 0}
    assert edits(drop, required_fields=4, assisted=0.0) == {"join": 819}
    assert edits(drop, required_fields=14, assisted=1.0) == {"join": 512 - 205}


def test_checks_and_help_cost() -> None:
    counts = {"form_events[step=identity].rows": 100.0, "form_events[assisted=True].opened.sum": 8.0}
    assert cost(counts, cost_per_check=0.5, help_minutes=15.0, staff_hour=40.0) == pytest.approx(50.0 + 8 * 10.0)



def test_by_default_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="online_registration", start_week=4, values={})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
