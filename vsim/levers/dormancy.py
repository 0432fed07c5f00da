"""Dormancy: a notice after months without service, a grace period, an appeal, and return by serving (clause IV.2.l).

It acts in the register alone: an active rate rises because its denominator falls, and nobody serves more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Dormancy(Lever):
    """Months without service, grace period and appeal."""

    name: ClassVar[str] = "dormancy"

    months: float | None = None
    grace_months: float | None = None
    appeal: float | None = None
    notice_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return no edit: it acts in the office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: a notice for each who is noticed."""
        return float(values["notice_cost"]) * float(counts["status_history[status=noticed].rows"])
