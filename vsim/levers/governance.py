"""Governance: how many of ten items of internal governance are asked for (clause IV.2.b).

The review finds no support for written policies alone (Einolf 2018), so what ten items do to quality is small and
stands on the card lifecycle.rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance(Lever):
    """Items of the checklist that organisations must put in place."""

    name: ClassVar[str] = "governance"

    rules: float | None = None
    item_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_rules."""
        return [Edit("org_rules", round(values["rules"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the keeping of the items in place."""
        return float(values["item_cost"]) * float(counts["rules"] * counts["years"])
