"""Hosting: party and community centres, practice centres and social-work stations take teams in (clause IV.2.j).

Bookkeeping: hours of staff add to what leaders can run, rent saved is income of bodies that may be funded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, QUARTERS, YEAR


def share_of(values: Values, cards: Values) -> float:
    """Return the share of organisations without a room that a host takes in."""
    return float(min(values["capacity"] / cards["hosting.asked"], 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting(Lever):
    """Teams for each host, hours of its staff and rent saved."""

    name: ClassVar[str] = "hosting"

    capacity: float | None = None
    staff_hours: float | None = None
    rent: float | None = None
    staff_hour: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of capacity and org_income."""
        taken_in = share_of(values, cards)
        hosted = cards["organisations.hosted"] + (1 - cards["organisations.hosted"]) * taken_in
        return [
            Edit("capacity", round(1024 * (1 + hosted * values["staff_hours"] / cards["hosting.leader_hours"]))),
            Edit("org_income", round(FEN * taken_in * values["rent"] / YEAR)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: rent forgone and staff for the teams with a room by the policy."""
        each = values["rent"] + YEAR * values["staff_hours"] * values["staff_hour"]
        return float(each) * float(counts["hosting[by_policy=True].rows"]) / QUARTERS
