"""Recording service by code (clause V.2.b5): every value, and a case by hand."""

from __future__ import annotations

from datetime import date

from tests.engine_worlds import SEED, town
from vsim.levers.base import Span
from vsim.levers.records import Records
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import load_levers
from vsim.spec.policy import Policy

SPAN = Span(date(2025, 9, 1), 10, 20)
CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in load_levers()["records"].cards.items()}


def edits(**changes: float) -> dict[str, int | tuple[int, ...]]:
    return {edit.table: edit.value for edit in Records.edits({**VALUES, **changes}, CARDS, SPAN)}


def test_no_code_leaves_every_factor_at_one() -> None:
    assert edits(code=0.0, verified=0.0) == {"missing": 1024, "rounded": 1024, "duplicate": 1024, "checked": 0}
    assert edits(code=1.0, verified=0.5) == {"missing": 307, "rounded": 102, "duplicate": 307, "checked": 32768}


def test_at_zero_the_run_is_that_without_the_lever() -> None:
    policy = Policy(lever="records", start_week=4, values={"code": 0.0, "verified": 0.0})
    assert simulate(town(policies=(policy,)), SEED).checksum == simulate(town(), SEED).checksum
