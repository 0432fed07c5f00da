"""Awards: when records are inflated, by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.awards import Awards
from vsim.levers.base import Span
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("awards").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)          # 5 December 2025 is in week 13


def inflated(values: dict[str, float], temptation: float, window: float = 3) -> tuple[object, object]:
    cards = {**CARDS, "awards.temptation": temptation, "awards.window": window}
    before, edit = Awards.edits({**VALUES, **values}, cards, SPAN)
    assert (before.table, before.value, edit.table) == ("inflate", 0, "inflate")
    return edit.value, edit.only


def test_records_are_inflated_in_the_weeks_before_the_selection() -> None:
    assert inflated({"weight_hours": 0.5, "audit": 0.5, "month": 12, "day": 5}, 0.25) == (4096, (10, 11, 12))
    assert inflated({"month": 9, "day": 10}, 0.25) == (round(65536 * 0.25 * 0.6 * 0.5), (0,))


def test_quality_alone_a_full_audit_or_the_default_tempt_nobody() -> None:
    assert inflated({"weight_hours": 0.0}, 0.3)[0] == 0
    assert inflated({"audit": 1.0}, 0.3)[0] == 0
    assert inflated({}, float(CARDS["awards.temptation"]))[0] == 0


def test_awards_and_audits_cost() -> None:
    counts = {"award_candidates[result=award].rows": 10, "award_candidates[audited=True].rows": 5}
    assert Awards.cost({"prize": 500, "audit_cost": 150}, counts) == 5750
