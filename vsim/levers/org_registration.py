"""Legal registration: days of review, money and dual control between a team and the funds (clause IV.2.h).

No study of the response was found; the seekers who give up are assumptions. Registered bodies alone are funded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


def half(amount: float, scale: float) -> float:
    """Return the share that stays: half at `amount` equal to `scale`."""
    return scale / (scale + amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgRegistration(Lever):
    """Days of review, money, and whether a supervising unit must agree."""

    name: ClassVar[str] = "org_registration"

    review_days: float | None = None
    fee: float | None = None
    dual_control: float | None = None
    review_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_register."""
        chance = cards["org_registration.seek"] * half(values["review_days"], cards["org_registration.patience"])
        chance *= half(values["fee"], cards["org_registration.purse"])
        if values["dual_control"] >= 1:
            chance *= cards["org_registration.sponsor"]
        return [Edit("org_register", share16(chance))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the authority's days of review."""
        return float(values["review_cost"]) * float(counts["org_register.review_days.sum"])
