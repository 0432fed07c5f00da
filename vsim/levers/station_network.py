"""Stations in community service complexes: how many complexes get one, and which (clause V.1.a).

Evidence: use falls with distance, but the gradient comes from health tasks; no trial of stations was found. Here a
station finds the needs within its reach; what it opens is a place, not a motive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class StationNetwork(Lever):
    """Stations in complexes: the share that gets one, by need or at random."""

    name: ClassVar[str] = "station_network"

    open_share: float | None = None
    by_need: float | None = None
    opening_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of planned complexes that is open, and the order in which they open."""
        return [Edit("open_complex", share16(values["open_share"])), Edit("by_need", round(values["by_need"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: each opened site."""
        return float(values["opening_cost"]) * float(counts["openings[plan=complex].rows"])
