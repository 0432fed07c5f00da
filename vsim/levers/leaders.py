"""Leaders: how many volunteers each leads, their training and handing over (clause IV.3.b).

The span of control scales what organisations can run (an identity of the model); leadership goes with satisfaction
(Forner et al. 2023, correlational).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaders(Lever):
    """Span of control, training and term of leaders."""

    name: ClassVar[str] = "leaders"

    ratio: float | None = None
    training_hours: float | None = None
    hour_cost: float | None = None
    term_months: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of capacity and org_quality."""
        hours = values["training_hours"]
        gain = cards["leaders.quality"] * hours / (hours + cards["leaders.half_hours"])
        return [
            Edit("capacity", round(1024 * cards["leaders.usual"] / values["ratio"])),
            Edit("org_quality", share16(gain)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: training of the leaders whose term begins."""
        return float(values["hour_cost"]) * float(counts["role_assignments.training_hours.sum"])
