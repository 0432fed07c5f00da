"""Coordination by the local lead body: hosts that plan together post fewer needs twice (clause V.1.g).

Evidence: descriptive only. The level is a neutral number; the size of what it removes is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination(Lever):
    """Coordination of hosts: its level, a joint plan, and meetings."""

    name: ClassVar[str] = "coordination"

    level: float | None = None
    joint_plan: float | None = None
    meetings: float | None = None
    cost_per_meeting: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on double posting, in 1/1024."""
        together = 1.0 if values["joint_plan"] >= 1 else 1.0 - cards["coordination.alone"]
        removed = values["level"] * cards["coordination.removed"] * together if values["meetings"] > 0 else 0.0
        return [Edit("twice", round(1024 * (1.0 - removed)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: meetings."""
        return float(values["cost_per_meeting"]) * float(counts["coordination_log.rows"])
