"""Audit of records (clause VII.2.d): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.audit import Audit
from vsim.levers.base import Span
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()} | {"audit.deterrence": 0.5}
VALUES = {name: card.default for name, card in load_levers()["audit"].cards.items()}
OFFICE = ("deadline_days",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Audit.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_without_deterrence_inflation_stays_and_the_audited_are_verified() -> None:
    assert Audit.edits({**VALUES, "fraction": 0.25}, {**CARDS, "audit.deterrence": 0.0}, SPAN)[0].value == 1024
    assert edits(fraction=0.25) == {"inflated": 896, "checked": 16384}
    deterred = Audit.edits({**VALUES, "fraction": 0.25, "penalty": 2.0}, {**CARDS, "audit.deterrence": 1.0}, SPAN)
    assert deterred[0].value == 512


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="audit", start_week=4, values={"fraction": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
