"""Grievances: a channel for volunteers, with a promised answer and protection of those who speak (clause VII.2.g).

No estimate of its effect on volunteers was found: cases are counted, open ones as open, and nobody serves more or less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Grievance(Lever):
    """Grievances: who reaches the channel, promised days, anonymity and the cost of a case."""

    name: ClassVar[str] = "grievance"

    open: float | None = None
    response_days: float | None = None
    anonymous: float | None = None
    price: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the policy acts in an office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the handling of each case."""
        return float(counts["money[line=grievance].fen.sum"]) / FEN
