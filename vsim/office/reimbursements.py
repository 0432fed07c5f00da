"""Reimbursements: what an attendance cost the volunteer, and what is paid back against a receipt (clause VII.2.a).

Without the policy nothing is paid back, and nothing is claimed.
"""

from __future__ import annotations

import numpy as np

from vsim.office.attended import attended, ends, of_attendance, spread, waits
from vsim.office.desk import Desk, Papers
from vsim.rng import Stream
from vsim.spec.units import FEN

ASKS, SPENT, RECEIPT, TOOK = 8, 9, 10, 11     # numbers of the draws


def work(desk: Desk) -> Papers:
    """Return table reimbursements (one row a claim), and the money paid back and spent on handling."""
    served = attended(desk.raw)
    served = served[desk.force.on("reimbursement", served["district"], served["week"])]
    asks = desk.uniform(Stream.CLAIM, served["person"], served["week"], of_attendance(served, ASKS))
    c = served[asks < desk.value["reimbursements.asks"]]
    c = c.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)
    who, week, code = c["person"], c["week"], c["district"]
    back, most, asked, pace, handling = (desk.force.value("reimbursement", name, code, week) for name in (
        "share_back", "most", "receipt", "pay_days", "handling"))
    factor = spread(desk, Stream.CLAIM, who, week, of_attendance(c, SPENT), desk.value["reimbursements.spread"])
    cost = np.rint(FEN * desk.value["reimbursement.expense"] * factor).astype(np.int64)
    shown = desk.uniform(Stream.CLAIM, who, week, of_attendance(c, RECEIPT)) < desk.value["reimbursements.receipts"]
    due = np.where(shown | (asked < 1), np.floor(np.minimum(cost * back, most * FEN)), 0).astype(np.int64)
    days = waits(desk.uniform(Stream.CLAIM, who, week, of_attendance(c, TOOK)), pace)
    over = ends(week, days, desk.weeks)
    settled = over >= 0
    paid = np.where(settled, due, 0)
    papers = Papers()
    papers.tables["reimbursements"] = c[["week", "district", "person", "organisation", "task"]].assign(
        claim_no=[f"E{number + 1:06d}" for number in range(len(c))], cost_fen=cost, receipt=shown, paid_fen=paid,
        days=np.where(settled, days, np.nan), paid_week=over,
        state=np.select([~settled, due > 0], ["open", "paid"], "refused"))
    papers.pay("refund", "organisations", "volunteers", code, over, paid / FEN)
    papers.pay("refund_handling", "organisations", "staff", code, week, handling)
    return papers
