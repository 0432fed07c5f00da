"""Service learning: hours of service that schools ask of students, and reflection on them (clause VI.3.b).

Evidence: a requirement raises service while it lasts and may lower it afterwards (Helms 2013), or change nothing later
on (Henderson et al. 2007); the quality of the experience moderates (Gallant et al. 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import HOUR

SCHOOL_YEAR = (9, 1)          # month and day on which it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLearning(Lever):
    """Service learning: hours a school year, required or free, and the quality of reflection."""

    name: ClassVar[str] = "service_learning"

    hours: float | None = None
    required: float | None = None
    reflection: float | None = None
    reflection_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return what students hear and how reflection keeps them; if required, the hours, their pull and anew when."""
        must = values["required"] >= 1
        return [
            Edit("heard", share16(cards["service_learning.told"])),
            Edit("leave", units(cards["service_learning.kept"] * values["reflection"])),
            Edit("duty", round(HOUR * values["hours"]) if must else 0),
            Edit("duty_logit", units(cards["service_learning.pull"]) if must else 0),
            Edit("join", units(cards["service_learning.join"]) if must else 0),
            Edit("duty_reset", 0),                          # also where an earlier policy had set it
            Edit("duty_reset", 1, only=(0, *span.weeks_with(*SCHOOL_YEAR))),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: teachers who guide reflection, by the hour of service logged."""
        hours = counts["service_learning_log.hours.sum"]
        return float(values["reflection_cost"] * values["reflection"] * hours)
