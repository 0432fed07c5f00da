"""Agreements: by tier of risk, with notice before withdrawing (clause IV.2.f).

No study says that an agreement makes people come; it acts in the office alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements(Lever):
    """Lowest tier of risk that needs an agreement, and notice before withdrawing."""

    name: ClassVar[str] = "agreements"

    lowest_tier: float | None = None
    notice_hours: float | None = None
    cost_per_agreement: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return no edit: it acts in the office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: an agreement for each person, organisation and tier of risk that is bound."""
        return float(values["cost_per_agreement"]) * float(counts["agreements.rows"])
