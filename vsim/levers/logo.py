"""The volunteer sign: who must hold a licence, and what misuse costs (clause VI.2.e).

No estimate of deterrence was found: licence and penalty change registers and money, behaviour only by choice of card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo(Lever):
    """Sign: the share of organisations that must hold a licence, and the penalty for a case of misuse."""

    name: ClassVar[str] = "logo"

    licence: float | None = None
    penalty: float | None = None
    cost_per_licence: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return no edit: the desk of the sign works with the values."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the licences given."""
        return float(values["cost_per_licence"]) * float(counts["logo_licences.rows"])
