"""Conduct: the level of a standard, its briefing, and the ladder of sanctions (clause IV.2.e).

Clear roles have the backing of a review (Einolf 2018, sign only); a standard that is not briefed does nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import MINUTES

FULL = 3                      # highest level of a standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct(Lever):
    """Level of the standard, minutes of briefing, and rungs of the ladder of sanctions."""

    name: ClassVar[str] = "conduct"

    level: float | None = None
    briefing_minutes: float | None = None
    rungs: float | None = None
    hour_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of conduct."""
        minutes = values["briefing_minutes"]
        taken = minutes / (minutes + cards["conduct.briefing_half"])
        return [Edit("conduct", round(1024 * (1 - cards["conduct.less"] * values["level"] / FULL * taken)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the briefing of each who signs."""
        return float(values["hour_cost"] * values["briefing_minutes"] / MINUTES) * float(counts["conduct_acks.rows"])
