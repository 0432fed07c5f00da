"""Volunteer space in new housing: an obligation whose effect comes years later (clause V.1.b).

Projects come up for planning at an even pace; each that is bound gives a room after a lag. What was bound while the
policy held is delivered even when the policy has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHousing(Lever):
    """Rooms in new housing: the share of projects bound, their space, and the lag until delivery."""

    name: ClassVar[str] = "new_housing"

    share_bound: float | None = None
    m2_per_1000: float | None = None
    lag_weeks: float | None = None
    pipeline_weeks: float | None = None
    fitting_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of planned rooms that is open, one for each week from the start on."""
        lag, pipeline = round(values["lag_weeks"]), round(values["pipeline_weeks"])
        bound = share16(values["share_bound"] if values["m2_per_1000"] > 0 else 0.0)
        planned = [min(max(week + 1 - lag, 0), span.weeks, pipeline) for week in range(span.left)]
        return [Edit("open_housing", tuple(bound * weeks // pipeline for weeks in planned))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the fitting of each delivered room."""
        return float(values["fitting_cost"]) * float(counts["openings[plan=housing].rows"])
