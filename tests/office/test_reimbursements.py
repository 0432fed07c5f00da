"""Refunds: what is paid back, against a receipt, and up to the most."""

from __future__ import annotations

import numpy as np

from tests.office.rights_desk import BEGIN, WHERE, fen, written


def test_nothing_is_claimed_without_the_policy() -> None:
    off = written()
    assert len(off["reimbursements"]) == fen(off, "refund") == 0


def test_a_refund_is_the_share_of_the_expense_up_to_the_most() -> None:
    on = written(reimbursement={"share_back": 0.5, "most": 6.0, "receipt": 1, "handling": 1.0})
    rows = on["reimbursements"]
    assert set(rows["district"]) == {WHERE}
    assert rows["week"].min() == BEGIN
    paid = rows[rows["state"] == "paid"]
    assert np.array_equal(paid["paid_fen"], np.minimum(paid["cost_fen"] // 2, 600))
    assert not rows.loc[rows["state"] == "refused", "receipt"].any()
    assert set(rows.loc[rows["state"] != "paid", "paid_fen"]) == {0}
    assert fen(on, "refund") == rows["paid_fen"].sum() > 0
    assert fen(on, "refund_handling") == 100 * len(rows)


def test_without_receipts_nobody_is_refused() -> None:
    rows = written(reimbursement={"receipt": 0})["reimbursements"]
    assert set(rows["state"]) == {"paid", "open"}
    waiting = rows["state"] == "open"
    assert np.array_equal(rows["days"].isna(), waiting)
    assert (rows.loc[waiting, "paid_week"] == -1).all()


def test_slow_payers_leave_more_open() -> None:
    slow = written(reimbursement={"pay_days": 180})["reimbursements"]
    quick = written(reimbursement={"pay_days": 1})["reimbursements"]
    assert (slow["state"] == "open").sum() > (quick["state"] == "open").sum()
