"""Courtesy: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.courtesy import Courtesy
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("courtesy").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], pull: float) -> dict[str, object]:
    edits = Courtesy.edits({**VALUES, **values}, {**CARDS, "courtesy.pull": pull}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_a_full_set_has_the_full_pull_and_none_has_none() -> None:
    full = {"transport": 1, "museums": 1, "checkups": 1, "star": 2}
    assert tables_of(full, 0.25) == {"courtesy": 256, "courtesy_star": 2}
    assert tables_of(dict.fromkeys(full, 0), 0.25) == {"courtesy": 0, "courtesy_star": 0}
    assert tables_of({**full, "museums": 0, "checkups": 0}, 0.75)["courtesy"] == 256


def test_by_default_benefits_move_nobody() -> None:
    assert tables_of({}, float(CARDS["courtesy.pull"]))["courtesy"] == 0


def test_providers_are_paid() -> None:
    assert Courtesy.cost({}, {"benefit_usage.subsidy_fen.sum": 1250}) == 12.5
