"""Training before duty: more tasks ask for a certificate, and more seats give one (clause IV.3.e).

Evidence: training has no main effect on staying (Walk et al. 2019); here it opens tasks, costs seats, and makes an
experience slightly better. A gate without seats shuts people out, which is the trade-off to study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, threshold32, units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingGate(Lever):
    """Training before duty: the share of gated tasks, and seats for 1,000 residents a week."""

    name: ClassVar[str] = "training_gate"

    gated_share: float | None = None
    seats: float | None = None
    uptake: float | None = None
    cost_per_seat: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the gate, the seats and how many ask for them."""
        return [
            Edit("gated", share16(values["gated_share"])),
            Edit("seats", units(values["seats"]), per_thousand=True),
            Edit("uptake", threshold32(values["uptake"])),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: seats on offer, taken or not."""
        return float(values["cost_per_seat"]) * float(counts["course_seats"])
