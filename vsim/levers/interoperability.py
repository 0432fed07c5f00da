"""Common standard and open interfaces between platforms (clause V.3.c).

Two hosts see each other's postings where both platforms keep the standard. What other platforms send is mapped, and a
mapping loses some rows, the fewer the more is spent on it. No evidence on sizes; standards say what to exchange, not
what comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Interoperability(Lever):
    """Interoperability: share of platforms on the standard, the duty to exchange, and what is spent on mappings."""

    name: ClassVar[str] = "interoperability"

    adoption: float | None = None
    exchange: float | None = None
    mapping_budget: float | None = None
    cost_per_exchange: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on double postings, and the share of records that mappings lose."""
        on = min(values["exchange"], 1.0)
        both = on * values["adoption"] * values["adoption"] * cards["interoperability.removed"]
        half = cards["interoperability.budget_half"]
        lost = cards["interoperability.mapping_loss"] * half / (half + values["mapping_budget"])
        mapped = on * (1.0 - values["adoption"])
        return [Edit("twice", round(1024 * (1.0 - both))), Edit("lost", share16(mapped * lost))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: mappings of each district, and the work on exchanges."""
        mappings = values["mapping_budget"] * counts["districts.rows"] * counts["years"]
        return float(mappings) + float(values["cost_per_exchange"] * counts["exchange_log.rows"])
