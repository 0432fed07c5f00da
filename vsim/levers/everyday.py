"""Service in daily life: paid leave at work, micro-tasks, and a campaign for reciprocity (clause VI.3.a).

Evidence: shares of staff in programmes (CECP 2022), which are no effect of leave; none was found for informal help.
Both responses are therefore off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyday(Lever):
    """Daily life: days of leave, the share offered as micro-tasks, and the effort for reciprocity."""

    name: ClassVar[str] = "everyday"

    leave_days: float | None = None
    micro_share: float | None = None
    reciprocity: float | None = None
    cost_per_day: float | None = None
    campaign_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of leave on taking part."""
        days = values["leave_days"]
        return [Edit("base", units(cards["everyday.leave_pull"] * days / (days + cards["everyday.half_days"])))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: days of leave granted, and the campaign."""
        leave = values["cost_per_day"] * counts["workplace_schemes.days_granted.sum"]
        campaign = values["campaign_cost"] * values["reciprocity"] * counts["residents"] * counts["years"]
        return float(leave) + float(campaign)
