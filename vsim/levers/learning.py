"""Learning: hours in a quarter, divided between skills, values and closeness to people (clause IV.3.a).

Training does not move staying (Walk et al. 2019); a small gain in quality from hours on skills is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning(Lever):
    """Hours in a quarter and the share spent on skills."""

    name: ClassVar[str] = "learning"

    hours: float | None = None
    skills_share: float | None = None
    hour_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_quality."""
        hours = values["hours"] * values["skills_share"]
        gain = cards["learning.quality"] * hours / (hours + cards["learning.half_hours"])
        return [Edit("org_quality", share16(gain))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: hours of learning."""
        return float(values["hour_cost"]) * float(counts["learning_log.hours.sum"])
