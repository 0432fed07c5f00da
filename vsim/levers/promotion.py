"""Digital promotion: advertising that is heard while it runs, a bonus for referrals, and A/B tests (clause V.3.a6).

Media effects are weak, a burst and a decay. That a bonus brings people onto the register was not found, so it moves
nobody by default; points given for referrals are paid all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import exp32, log_of, share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Lever):
    """Promotion: advertising, points for a referral, the share that sees a second version, a point's price."""

    name: ClassVar[str] = "promotion"

    ads: float | None = None
    referral_points: float | None = None
    second_version: float | None = None
    point_yuan: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further awareness, one number for each week from the start on, and the pull of a bonus."""
        ads, half = values["ads"], cards["promotion.ads_half"]
        heard = share16(cards["promotion.heard"] * ads / (ads + half))
        slow = log_of(1 << 17) - log_of(1 << 16)               # ln 2
        after = [max(week + 1 - span.weeks, 0) for week in range(span.left)]
        gone = [slow * weeks * 1024 // units(cards["promotion.half_life"]) for weeks in after]
        bend = log_of(1024 + round(1024 * values["referral_points"])) - log_of(1024)
        return [
            Edit("heard", tuple(heard * int(exp32(-fade)) >> 32 for fade in gone)),
            Edit("join", units(cards["promotion.referral_pull"]) * bend >> 10),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: advertising, and the points of referrals."""
        ads = values["ads"] * counts["residents"] / PER_THOUSAND * counts["years"]
        return float(ads + values["point_yuan"] * counts["referrals.points.sum"])
