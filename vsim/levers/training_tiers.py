"""Training tiers: a catalogue by tier and field, hours, and a yearly refresher (clause IV.3.f).

Training has no main effect on staying (Walk et al. 2019): tiers and fields stand in the record alone. Who may take a
gated task is the matter of the training gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTiers(Lever):
    """Hours by tier, fields with courses of their own, and months until a refresher."""

    name: ClassVar[str] = "training_tiers"

    induction_hours: float | None = None
    role_hours: float | None = None
    leader_hours: float | None = None
    fields: float | None = None
    refresh_months: float | None = None
    hour_cost: float | None = None
    keeping_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return no edit: it acts in the office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: hours of courses taken, and the keeping of the courses that differ by field."""
        kept = values["fields"] * (values["role_hours"] + values["leader_hours"]) * counts["years"]
        return float(values["hour_cost"] * counts["course_records.hours.sum"] + values["keeping_cost"] * kept)
