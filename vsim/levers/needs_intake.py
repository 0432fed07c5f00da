"""Collecting needs: visits and ways to ask bring hidden needs to light (clause V.2.b1).

Expressed need is smaller than felt need (Bradshaw); how much a visit finds is an assumption, with falling returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsIntake(Lever):
    """Intake of needs: outreach visits, ways to ask, and the promised time to answer."""

    name: ClassVar[str] = "needs_intake"

    visits: float | None = None
    channels: float | None = None
    response_days: float | None = None
    cost_per_visit: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of hidden needs that is found besides."""
        visits, half = values["visits"], cards["needs_intake.visits_half"]
        visited = cards["needs_intake.found_most"] * visits / (visits + half)
        asked = cards["needs_intake.found_channel"] * (values["channels"] - 1)
        return [Edit("found", share16(1.0 - (1.0 - visited) * (1.0 - asked)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: visits."""
        visits = values["visits"] * counts["residents"] / PER_THOUSAND * YEAR * counts["years"]
        return float(values["cost_per_visit"] * visits)
