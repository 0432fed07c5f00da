"""Service in the assessment of students: a weight, hours that give the full mark, and checks (clause VI.3.c).

A mark that counts tempts to add hours, the more the less is checked; no count of it was found. That hours still open
draw people to serve is carried over from requirements (Helms 2013); no trial on assessment was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import HOUR, TENTHS

SCHOOL_YEAR = (9, 1)          # month and day on which it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentAssessment(Lever):
    """Assessment: weight of service, hours that give the full mark, share of claims checked."""

    name: ClassVar[str] = "student_assessment"

    weight: float | None = None
    hours: float | None = None
    verification: float | None = None
    check_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the hours open, their pull and when they begin anew, and the records that are inflated."""
        stake = TENTHS * values["weight"]
        tempted = min(cards["student_assessment.temptation"] * stake * (1.0 - values["verification"]), 1.0)
        return [
            Edit("duty", round(HOUR * values["hours"]) if stake > 0 else 0),
            Edit("duty_logit", units(cards["student_assessment.pull"] * stake)),
            Edit("inflate", share16(tempted)),
            Edit("duty_reset", 0),                          # also where an earlier policy had set it
            Edit("duty_reset", 1, only=(0, *span.weeks_with(*SCHOOL_YEAR))),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the claims that were checked."""
        return float(values["check_cost"] * counts["assessment_records[checked=True].rows"])
