"""Autonomy: the pressure by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.autonomy import Autonomy
from vsim.levers.base import Span
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("autonomy").cards.items()}
CARDS = {"autonomy.usual": 4.0, "autonomy.bearable": 3.0, "autonomy.pressure": 0.125, "autonomy.relief": 0.5,
         "autonomy.mandate": 0.25}
SPAN = Span(date(2025, 9, 1), 52, 52)


def leave(values: dict[str, float], cards: dict[str, float] | None = None) -> object:
    (edit,) = Autonomy.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    assert edit.table == "leave"
    return edit.value


def test_requests_beyond_the_bearable_push_and_fewer_than_usual_relieve() -> None:
    assert leave({"requests": 4, "refusal_free": 0}) == 0
    assert leave({"requests": 7, "refusal_free": 0}) == 384
    assert leave({"requests": 7, "refusal_free": 1}) == 128
    assert leave({"requests": 3}) == leave({"requests": 0}) == -128


def test_a_duty_pushes_by_its_share() -> None:
    assert leave({"requests": 4, "refusal_free": 0, "mandatory": 0.5}) == 128


def test_nobody_leaves_for_it_where_people_do_not_respond() -> None:
    still = {"autonomy.pressure": 0.0, "autonomy.mandate": 0.0}
    assert leave({"requests": 20, "refusal_free": 0, "mandatory": 1}, still) == 0


def test_the_cost_is_the_survey() -> None:
    assert Autonomy.cost(VALUES, {"money[line=pressure_survey].fen.sum": 600}) == 6
