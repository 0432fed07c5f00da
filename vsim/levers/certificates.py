"""Certificates: numbered, revocable, free, and only from verified records of whoever issues them (clause VII.2.e).

Law: who records certifies (Order 67, 2020); false certificates are revoked. Nobody serves more or less for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates(Lever):
    """Certificates: turnaround, public notice, least hours, the share checked, and what handling and a check cost."""

    name: ClassVar[str] = "certificates"

    turnaround_days: float | None = None
    notice_days: float | None = None
    least_hours: float | None = None
    checked: float | None = None
    handling: float | None = None
    check_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the policy acts in an office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: handling of each certificate, and the checks."""
        lines = ("certificate", "certificate_check")
        return sum(float(counts[f"money[line={line}].fen.sum"]) for line in lines) / FEN
