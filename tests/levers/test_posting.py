"""Posting opportunities (clause V.2.b2): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.posting import Posting
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["posting"].cards.items()}
COUNTS = {"postings[reviewed=True].rows": 10.0}
OFFICE = ("required", "lead_days")        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Posting.edits({**VALUES, **changes}, CARDS, SPAN)}


def cost(**changes: float) -> float:
    return Posting.cost({**VALUES, **changes}, COUNTS)


def test_it_edits_no_table_of_the_week() -> None:
    assert edits() == {}
    assert cost(review=1.0, cost_per_review=4.0) == 40.0


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="posting", start_week=4, values={})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
