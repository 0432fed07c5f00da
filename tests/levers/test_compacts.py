"""Compacts: the growth of the norm by hand, and that it moves nobody by default."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.compacts import Compacts
from vsim.spec.cards import load_cards

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {"target": 0.5, "weeks_to_target": 4}


def pull(weeks: int, left: int, norm: float) -> object:
    (edit,) = Compacts.edits(VALUES, {**CARDS, "compacts.norm": norm}, Span(date(2025, 9, 1), weeks, left))
    assert edit.table == "base"
    return edit.value


def test_the_norm_grows_to_the_target_and_stays() -> None:
    assert pull(6, 6, 1.0) == (128, 256, 384, 512, 512, 512)


def test_what_was_adopted_outlasts_the_policy() -> None:
    assert pull(2, 5, 1.0) == (128, 256, 256, 256, 256)


def test_by_default_nobody_is_moved() -> None:
    assert pull(3, 3, CARDS["compacts.norm"]) == (0, 0, 0)


def test_drafts_and_reviews_cost() -> None:
    counts = {"compacts.rows": 10, "compacts[reviewed=True].rows": 4}
    assert Compacts.cost({"draft_cost": 800, "review_cost": 400}, counts) == 9600
