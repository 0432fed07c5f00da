"""Stations in parks, museums, memorials and science halls: cover of a list (clause V.1.d).

A venue is covered or not; the list itself grows, so cover may fall while no station closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Venues(Lever):
    """Stations in venues: the share of the list that is covered, and the training of a guide."""

    name: ClassVar[str] = "venues"

    coverage: float | None = None
    guide_hours: float | None = None
    guide_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of venues with a station."""
        return [Edit("open_venue", share16(values["coverage"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the training of new guides."""
        return float(values["guide_cost"] * values["guide_hours"]) * float(counts["venues.true_new_guides.sum"])
