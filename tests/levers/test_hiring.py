"""Hiring: off by default, and the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.hiring import Hiring
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("hiring").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def test_it_is_off_by_default_and_moves_nobody() -> None:
    assert lever_file("hiring").off_by_default
    assert CARDS["hiring.callback"] == 0
    assert [(edit.table, edit.value) for edit in Hiring.edits(VALUES, CARDS, SPAN)] == [("base", 0)]


def test_a_pull_grows_with_the_weight() -> None:
    (edit,) = Hiring.edits({**VALUES, "weight": 0.5}, {**CARDS, "hiring.pull": 0.25}, SPAN)
    assert (edit.table, edit.value) == ("base", 128)


def test_checks_cost() -> None:
    assert Hiring.cost({"check_cost": 5}, {"job_applications.checked.sum": 40}) == 200
