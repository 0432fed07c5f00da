"""Credit signals: off by default, and the numbers by hand."""

from __future__ import annotations

from datetime import date

from vsim.levers.base import Span
from vsim.levers.credit_signals import CreditSignals
from vsim.spec.cards import load_cards
from vsim.spec.lever_files import lever_file

CARDS = {key: card.default for key, card in load_cards().items()}
VALUES = {name: card.default for name, card in lever_file("credit_signals").cards.items()}
SPAN = Span(date(2025, 9, 1), 52, 52)


def test_it_is_off_by_default_and_moves_nobody() -> None:
    assert lever_file("credit_signals").off_by_default
    assert [(edit.table, edit.value) for edit in CreditSignals.edits(VALUES, CARDS, SPAN)] == [("base", 0)]


def test_a_pull_reaches_those_who_consent() -> None:
    (edit,) = CreditSignals.edits({**VALUES, "consent": 0.5}, {**CARDS, "credit_signals.pull": 0.25}, SPAN)
    assert (edit.table, edit.value) == ("base", 128)


def test_exports_and_disputes_cost() -> None:
    counts = {"credit_exports.rows": 100, "credit_disputes.rows": 2}
    assert CreditSignals.cost({"export_cost": 0.5, "dispute_cost": 200}, counts) == 450
