"""Honours: the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.honours import Honours
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("honours").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def tables_of(values: dict[str, float], cards: dict[str, float] | None = None) -> dict[str, object]:
    edits = Honours.edits({**VALUES, **values}, {**CARDS, **(cards or {})}, SPAN)
    return {edit.table: edit.value for edit in edits}


def test_the_chance_is_a_threshold() -> None:
    found = tables_of({"chance": 0.25, "newcomers_only": 1, "material_share": 0.5}, {"honours.crowding": 0.5})
    assert found == {"honour": 1 << 30, "honour_new": 1, "crowding": 256}


def test_by_default_gifts_crowd_out_nothing() -> None:
    assert tables_of({"material_share": 1.0})["crowding"] == 0


def test_letters_visits_and_gifts_cost() -> None:
    counts = {"honoured": 100, "recognition_events[mode=in_person].rows": 30,
              "recognition_events[material=True].rows": 10}
    assert Honours.cost({"letter": 5, "visit": 30, "gift": 50}, counts) == 1900
