"""Themed and mobile stations: wider reach, and a specialty (clause V.1.f).

A stop that is served less than once a week counts for as much of a station as the share of weeks with a visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class MobileStations(Lever):
    """Mobile and themed stations: the shares that are open, and visits to a stop a week."""

    name: ClassVar[str] = "mobile_stations"

    mobile: float | None = None
    themed: float | None = None
    visits: float | None = None
    cost_per_visit: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the shares of stops and of themed stations that are open."""
        served = values["mobile"] * min(values["visits"], 1.0)
        return [Edit("open_mobile", share16(served)), Edit("open_themed", share16(values["themed"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: visits to stops."""
        return float(values["cost_per_visit"]) * float(counts["mobile_visits.rows"])
