"""Trainers: seats from trainers, sessions and classes; materials and certified trainers (clause IV.3.g).

Seats are an identity. That better courses let more learners pass is assumed; nothing is claimed about staying
(Walk et al. 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import TENTHS, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainers(Lever):
    """Trainers, classes, sessions, materials and certificates."""

    name: ClassVar[str] = "trainers"

    trainers: float | None = None
    class_size: float | None = None
    sessions: float | None = None
    session_cost: float | None = None
    materials: float | None = None
    certified: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of more_seats and passed."""
        weekly = values["trainers"] / TENTHS * values["sessions"] * values["class_size"] / YEAR
        material = values["materials"] / (values["materials"] + cards["trainers.materials_half"])
        return [
            Edit("more_seats", units(weekly), per_thousand=True),
            Edit("passed", share16(cards["trainers.gain"] * 0.5 * (material + values["certified"]))),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: sessions behind the seats, and materials."""
        sessions = counts["course_seats"] / values["class_size"]
        return float(values["session_cost"] * sessions + values["materials"] * counts["years"])
