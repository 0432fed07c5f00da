"""Student assessment: the numbers by hand, and the ends of weight and checks."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.student_assessment import StudentAssessment
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("student_assessment").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = StudentAssessment.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_weight_pulls_and_tempts() -> None:
    found = tables_of({"weight": 0.2, "hours": 10, "verification": 0.5}, {
        "student_assessment.pull": 0.25, "student_assessment.temptation": 0.125})
    assert found == {"duty": 40, "duty_logit": 512, "inflate": 8192, "duty_reset": 1}


def test_without_weight_nothing_pulls_or_tempts() -> None:
    found = tables_of({"weight": 0.0})
    assert (found["duty"], found["duty_logit"], found["inflate"]) == (0, 0, 0)


def test_where_all_is_checked_nobody_is_tempted() -> None:
    assert tables_of({"verification": 1.0})["inflate"] == 0
    assert tables_of({"verification": 0.0})["inflate"] != 0


def test_checks_cost_by_the_claim() -> None:
    assert StudentAssessment.cost({"check_cost": 3.0}, {"assessment_records[checked=True].rows": 50}) == 150
