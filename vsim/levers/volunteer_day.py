"""A day of volunteers: a pulse in its week, part of which is taken from the weeks around it (clause VI.2.c).

Evidence: bursts in logs of service (Pioneers); 0.4 of the gain at blood drives was displaced (Lacetera et al. 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerDay(Lever):
    """Volunteers' day: its date, the size of the celebration, and the weeks of a programme that follows up."""

    name: ClassVar[str] = "volunteer_day"

    month: float | None = None
    day: float | None = None
    effort: float | None = None
    follow_up: float | None = None
    cost_per_resident: float | None = None
    cost_follow_up: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pulse, what is taken from the weeks around, and what a follow-up holds."""
        pulse = units(cards["volunteer_day.pulse"] * values["effort"])
        join = units(cards["volunteer_day.join_pulse"] * values["effort"])
        days = span.weeks_with(round(values["month"]), round(values["day"]))
        return [Edit(table, cls._column(most, days, values, cards, span))
                for table, most in (("base", pulse), ("join", join))]

    @classmethod
    def _column(
        cls, pulse: int, days: tuple[int, ...], values: Values, cards: Values, span: Span
    ) -> tuple[int, ...]:
        """Return one number for each week: no week before the start is drawn on, the others bear its part."""
        column = [0] * span.left
        window = round(cards["volunteer_day.window"])
        taken = round(pulse * cards["volunteer_day.displaced"])
        held = round(pulse * cards["volunteer_day.held"])
        for week in days:
            around = [w for w in range(max(week - window, 0), week + window + 1) if w != week]
            for place, near in enumerate(around):
                part = taken * (place + 1) // len(around) - taken * place // len(around)      # parts add up to it
                if near < span.left:
                    column[near] -= part
            column[week] += pulse
            for after in range(week + 1, min(week + 1 + round(values["follow_up"]), span.left)):
                column[after] += held
        return tuple(column)

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the celebration, and the weeks of follow-up."""
        each = values["cost_per_resident"] + values["cost_follow_up"] * values["follow_up"]
        return float(each * values["effort"]) * float(counts["residents"]) * float(counts["years"])
