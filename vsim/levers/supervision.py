"""Supervision: one effort, divided between support and inspections by risk (clauses IV.2.a and IV.2.k).

Support has the backing of a review of practice (Einolf 2018, sign only). Inspections deter through rules that are put
in order after a finding; no chilling effect on people is built in, for want of a study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values

LOOKS = 13                    # a year: organisations are looked at every four weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision(Lever):
    """Effort for each organisation, its division, and what an inspection looks at and leads to."""

    name: ClassVar[str] = "supervision"

    effort: float | None = None
    support_share: float | None = None
    inspection_days: float | None = None
    risk_weight: float | None = None
    suspend_weeks: float | None = None
    day_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_inspect, org_quality, org_suspend and org_target."""
        support = values["effort"] * values["support_share"]
        yearly = values["effort"] * (1 - values["support_share"]) / values["inspection_days"]
        gain = cards["supervision.support_quality"] * support / (support + cards["supervision.support_half"])
        return [
            Edit("org_quality", share16(gain)),
            Edit("org_inspect", share16(min(yearly / LOOKS, 1.0))),
            Edit("org_target", share16(values["risk_weight"])),
            Edit("org_suspend", round(values["suspend_weeks"])),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: working days for the organisations at work, spent on either."""
        return float(values["effort"] * values["day_cost"]) * float(counts["orgs"] * counts["years"])
