"""Service online: more tasks without a way to go, vetted, with their own weight of hours (clause V.3.f).

In the United States 18 % of formal volunteers served online in part or in full (2023). No trial says that serving
online feels better or worse, so only the way to go falls away; risks are those of the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineService(Lever):
    """Online service: share of tasks, level of vetting, weight of an online hour."""

    name: ClassVar[str] = "online_service"

    online_share: float | None = None
    vetting: float | None = None
    hour_weight: float | None = None
    hosting_cost: float | None = None
    vetting_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of tasks done online."""
        return [Edit("online", share16(values["online_share"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: hosting of online tasks, and vetting of those who serve there."""
        vetted = values["vetting_cost"] * values["vetting"] * counts["online_logs.rows"]
        return float(values["hosting_cost"] * counts["online_tasks"] + vetted)
