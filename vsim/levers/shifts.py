"""Running activities: overbooking, a reserve, and a reminder (clause V.2.b4).

Evidence: a reminder helps by practitioner cases only. Overbooking fills seats and sends people home; which is worth
more is a newsvendor problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifts(Lever):
    """Shifts: seats offered for a person needed, a reserve for empty seats, and a reminder."""

    name: ClassVar[str] = "shifts"

    overbook: float | None = None
    stand_in: float | None = None
    reminder: float | None = None
    cost_per_reminder: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on seats, the reserve and the pull of a reminder."""
        remind = cards["shifts.remind"] if values["reminder"] >= 1 else 0.0
        return [
            Edit("overbook", units(values["overbook"])), Edit("stand_in", share16(values["stand_in"])),
            Edit("show", units(remind)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: reminders to all who have a place."""
        return float(values["reminder"] * values["cost_per_reminder"]) * float(counts["placed"])
