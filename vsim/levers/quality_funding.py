"""Funding by quality or by number: a formula, and grants for new services (clause V.2.d).

What money for quality brings is an assumption; that money for the count adds hours on paper (Goodhart) is off by
default and can be set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFunding(Lever):
    """Funding: the weight of quality in the formula, money for an hour, and grants for new services."""

    name: ClassVar[str] = "quality_funding"

    quality_weight: float | None = None
    per_hour: float | None = None
    innovation_grant: float | None = None
    grants: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the shift of quality, money for an hour served, and the factor on inflation."""
        quality = values["quality_weight"]
        return [
            Edit("org_quality", share16(quality * cards["quality_funding.gain"])),
            Edit("org_task", round((1.0 - quality) * values["per_hour"])),
            Edit("inflated", round(1024 * (1.0 + (1.0 - quality) * cards["quality_funding.gaming"]))),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: money for hours, and grants."""
        hours = counts["hours"] / HOUR
        paid = hours * values["per_hour"] * (1.0 - values["quality_weight"]) / FEN
        return float(paid + counts["innovation_log.grant_fen.sum"] / FEN)
