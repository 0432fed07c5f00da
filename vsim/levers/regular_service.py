"""Regular service: fewer activities bunched on peak days, stations open all year (clause V.2.c).

Evidence: that service comes in March and leaves in April is a saying; no counted series was found. Peaks are given up;
needs outside them are as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularService(Lever):
    """Regular service: the share of peaks given up, and the fewest open days in four weeks."""

    name: ClassVar[str] = "regular_service"

    spread: float | None = None
    min_open_days: float | None = None
    cost_per_day: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of seasonal peaks that is given up."""
        return [Edit("calm", share16(values["spread"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: open days beyond the usual."""
        return float(values["cost_per_day"]) * float(counts["open_days.true_added.sum"])
