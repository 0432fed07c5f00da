"""Coordinators: paid posts for active volunteers, and their certificates (clause IV.3.c).

Posts add to the capacity of organisations; supervision has the backing of a review (Einolf 2018, sign only).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_HUNDRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinators(Lever):
    """Posts for 100 active volunteers, their salary and certificates."""

    name: ClassVar[str] = "coordinators"

    posts: float | None = None
    salary: float | None = None
    certified: float | None = None
    certificate_cost: float | None = None
    certificate_years: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of capacity and org_quality."""
        more = values["posts"] * cards["coordinators.per_post"] / cards["coordinators.leaders_100"]
        staffed = min(values["posts"], 1.0)
        return [
            Edit("capacity", round(1024 * (1 + more))),
            Edit("org_quality", share16(cards["coordinators.quality"] * values["certified"] * staffed)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: salaries, and certificates renewed."""
        posts = float(values["posts"]) * float(counts["served_year"]) / PER_HUNDRED
        yearly = values["certified"] * values["certificate_cost"] / values["certificate_years"]
        return posts * float(values["salary"] + yearly)
