"""Disclosure: the share of accounts and cases that organisations make public (clause IV.2.c).

That openness raises trust, and trust registering, is the aim of the text; the sizes are assumptions of the cards
trust.open and trust.join, and no study is cited for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure(Lever):
    """Share made public, and what a yearly report costs."""

    name: ClassVar[str] = "disclosure"

    disclosure: float | None = None
    report_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of disclose."""
        return [Edit("disclose", share16(values["disclosure"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: a yearly report of the organisations that publish."""
        return float(values["report_cost"] * values["disclosure"]) * float(counts["orgs"] * counts["years"])
