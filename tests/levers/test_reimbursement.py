"""Refund of expenses: the pull by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vsim.levers.base import Span
from vsim.levers.reimbursement import Reimbursement
from vsim.spec.lever_files import lever_file

VALUES = {name: card.default for name, card in lever_file("reimbursement").cards.items()}
CARDS = {"reimbursement.expense": 8.0, "reimbursement.pull": 0.25}
SPAN = Span(date(2025, 9, 1), 52, 52)


@pytest.mark.parametrize(("share", "most", "pull"), [
    (1.0, 20.0, 256), (0.5, 20.0, 128), (1.0, 4.0, 128), (0.0, 20.0, 0), (1.0, 0.0, 0),
])
def test_the_pull_follows_the_share_of_the_expense_that_is_paid_back(share: float, most: float, pull: int) -> None:
    (edit,) = Reimbursement.edits({**VALUES, "share_back": share, "most": most}, CARDS, SPAN)
    assert (edit.table, edit.value) == ("base", pull)


def test_the_cost_is_refunds_and_handling() -> None:
    counts = {"money[line=refund].fen.sum": 400.0, "money[line=refund_handling].fen.sum": 100.0}
    assert Reimbursement.cost(VALUES, counts) == 5
