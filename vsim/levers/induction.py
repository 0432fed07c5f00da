"""Recruiting and training at the station: seats, their own recruits, local notices (clause V.2.b3).

Training has no main effect on staying (Walk et al. 2019). Seats open gated tasks; notices are heard by few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, threshold32, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Induction(Lever):
    """Induction at the station: seats for 1,000 residents a week, uptake and notices."""

    name: ClassVar[str] = "induction"

    seats: float | None = None
    uptake: float | None = None
    ads: float | None = None
    cost_per_seat: float | None = None
    cost_per_ad: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further seats, how many ask for them, and awareness by notices."""
        ads = values["ads"]
        heard = cards["induction.heard"] * ads / (ads + cards["induction.ads_half"])
        return [
            Edit("more_seats", units(values["seats"]), per_thousand=True),
            Edit("uptake", threshold32(values["uptake"])), Edit("heard", share16(heard)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: seats on offer, and notices."""
        seats = values["seats"] * counts["residents"] / PER_THOUSAND
        each_week = values["cost_per_seat"] * seats + values["cost_per_ad"] * values["ads"]
        return float(each_week * YEAR * counts["years"])
