"""Dispatch: time limits by urgency, how often a task goes out again, and within what radius (clause V.3.a4).

Going out again fills places of those who stay away; how many can come at short notice is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(Lever):
    """Dispatch: limits in hours, re-dispatches, radius, and the cost of an offer."""

    name: ClassVar[str] = "dispatch"

    urgent_hours: float | None = None
    usual_hours: float | None = None
    redispatch: float | None = None
    radius_km: float | None = None
    cost_per_offer: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of empty seats offered to a stand-in."""
        near = values["radius_km"] / (values["radius_km"] + cards["dispatch.radius_half"])
        missed = (1.0 - cards["dispatch.free_now"] * near) ** values["redispatch"]
        return [Edit("stand_in", share16(1.0 - missed))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: offers sent."""
        return float(values["cost_per_offer"]) * float(counts["dispatch_log.offers.sum"])
