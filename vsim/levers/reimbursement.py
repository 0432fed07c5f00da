"""Refund of expenses: part of what an attendance costs the volunteer is paid back (clause VII.2.a).

No estimate was found: the pull of a full refund is an assumption with a wide range, zero included. A refund is no pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reimbursement(Lever):
    """Refund of expenses: share paid back, most for an attendance, receipts, days until it is paid, handling."""

    name: ClassVar[str] = "reimbursement"

    share_back: float | None = None
    most: float | None = None
    receipt: float | None = None
    pay_days: float | None = None
    handling: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of the refund of a usual expense, 1/1024 logit: none at no refund, whole at a full one."""
        expense = cards["reimbursement.expense"]
        back = min(values["share_back"], values["most"] / expense)
        return [Edit("base", units(cards["reimbursement.pull"] * back))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: refunds, and the handling of claims."""
        lines = ("refund", "refund_handling")
        return sum(float(counts[f"money[line={line}].fen.sum"]) for line in lines) / FEN
