"""Service learning: the numbers by hand, and when the hours are counted anew."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.service_learning import ServiceLearning
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("service_learning").cards.items()}
SPAN = Span(date(2025, 3, 3), 60, 60)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = ServiceLearning.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_required_hours_are_owed_and_pull() -> None:
    found = tables_of({"hours": 40, "required": 1, "reflection": 0.5}, {
        "service_learning.pull": 0.5, "service_learning.join": 0.25, "service_learning.told": 0.25,
        "service_learning.kept": -0.25})
    assert found == {"duty": 160, "duty_logit": 512, "join": 256, "heard": 16384, "leave": -128, "duty_reset": 1}


def test_free_hours_are_not_owed() -> None:
    found = tables_of({"required": 0})
    assert (found["duty"], found["duty_logit"], found["join"]) == (0, 0, 0)
    assert found["heard"] != 0


def test_hours_begin_anew_at_the_start_and_in_september() -> None:
    resets = [edit.only for edit in ServiceLearning.edits(VALUES, CARDS, SPAN) if edit.table == "duty_reset"]
    assert resets == [None, (0, 26)]                        # 1 September 2025 is a Monday, 26 weeks after 3 March


def test_reflection_costs_teachers() -> None:
    counts = {"service_learning_log.hours.sum": 100.0}
    assert ServiceLearning.cost({"reflection": 0.5, "reflection_cost": 10}, counts) == 500
