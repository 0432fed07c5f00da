"""Posting opportunities: required fields, review and notice (clause V.2.b2).

No effect of a posting's form on volunteers was found in numbers, so none is assumed: defects and days are entered by
the office of postings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting(Lever):
    """Postings: how many fields must be there, review, and least notice in days."""

    name: ClassVar[str] = "posting"

    required: float | None = None
    review: float | None = None
    lead_days: float | None = None
    cost_per_review: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the lever acts in the office of postings."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: reviews of postings."""
        return float(values["cost_per_review"]) * float(counts["postings[reviewed=True].rows"])
