"""Funding by quality (clause V.2.d): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.quality_funding import QualityFunding
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["quality_funding"].cards.items()}
OFFICE = ("grants",)        # values that only an office reads: tests/office has them


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in QualityFunding.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_quality_alone_lifts_quality_number_alone_pays_hours() -> None:
    assert edits(quality_weight=1.0) == {"org_quality": 3277, "org_task": 0, "inflated": 1024}
    assert edits(quality_weight=0.0) == {"org_quality": 0, "org_task": 400, "inflated": 1024}
    gamed = QualityFunding.edits({**VALUES, "quality_weight": 0.0}, {**CARDS, "quality_funding.gaming": 1.0}, SPAN)
    assert gamed[2].value == 2048


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="quality_funding", start_week=4, values={"quality_weight": 1.0})
    plain = {"quality_funding.gain": 0.0}
    assert simulate(town(plain, policies=(policy,)), SEED).checksum == simulate(town(plain), SEED).checksum
