"""Stations at service halls, hubs and libraries, where people walk in and ask (clause V.1.c).

The station finds the needs within its reach; who walks in is entered by the office of stations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlaces(Lever):
    """Stations at public places: the share with a station, its order of opening and its staffed hours."""

    name: ClassVar[str] = "public_places"

    open_share: float | None = None
    by_need: float | None = None
    staffing_hours: float | None = None
    cost_per_hour: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of public places with a station; one that is never staffed stays shut."""
        opened = share16(values["open_share"] if values["staffing_hours"] > 0 else 0.0)
        return [Edit("open_public", opened), Edit("by_need", round(values["by_need"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: staffed hours of all counters."""
        return float(values["cost_per_hour"] * values["staffing_hours"]) * float(
            counts["site_weeks[plan=public_place].rows"])
