"""Skills: specialists are asked for pro bono work (clause IV.3.d).

People who are asked serve more often (Independent Sector 2001, correlational). Tasks that need a skill ask for a valid
credential whatever the policy: that is the law (Regulation, article 16).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills(Lever):
    """Outreach to specialists; the scope names whom."""

    name: ClassVar[str] = "skills"

    outreach: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of heard."""
        half = cards["skills.outreach_half"]
        return [Edit("heard", share16(cards["skills.asked"] * values["outreach"] / (values["outreach"] + half)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the outreach."""
        return float(values["outreach"] * counts["residents"] / PER_THOUSAND * counts["years"])
