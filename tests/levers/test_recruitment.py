"""Recruitment: the numbers by hand.

The rest of the values move a table of the office, see tests/office.
"""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.recruitment import Recruitment
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("recruitment").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Recruitment.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_outreach_at_the_scale_brings_the_logarithm_of_two() -> None:
    got = tables_of({"outreach": 1000.0, "in_person": 1.0}, {"recruitment.pull_asked": 0.5})
    assert abs(got["join"] - 0.5 * 709.783) < 2
    assert tables_of({"outreach": 0.0}) == {"join": 0}


def test_a_longer_form_costs_registrations_only_where_the_card_says_so() -> None:
    long = {"outreach": 0.0, "form_items": 22}
    assert tables_of(long) == {"join": 0}
    assert tables_of(long, {"recruitment.form_drop": 0.1}) == {"join": -1024}
