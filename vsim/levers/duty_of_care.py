"""Duty of care: a rule says who is liable for an assignment, and the cost moves to that party (clause VII.2.a).

An accounting rule: no estimate of its effect on volunteers was found, so nobody responds to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOfCare(Lever):
    """Duty of care: the liable party, the joint share of the others, compliance and the cost of protection."""

    name: ClassVar[str] = "duty_of_care"

    rule: float | None = None
    joint: float | None = None
    compliance: float | None = None
    protection: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the policy acts in offices alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: what the parties paid for protection."""
        return float(counts["money[line=protection].fen.sum"]) / FEN
