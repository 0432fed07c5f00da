"""Matching on the platform: what ranks tasks for a volunteer, and who assigns (clause V.3.a3).

A ranking that spreads sign-ups evenly gave 8 to 9 % more opportunities with a sign-up (Manshadi and others 2023). How
far people follow a ranking is assumed: more where tasks are assigned than where all may grab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Lever):
    """Matching: share assigned, weights of the ranking, further offers, and the batch."""

    name: ClassVar[str] = "matching"

    assigned: float | None = None
    skill_weight: float | None = None
    distance_weight: float | None = None
    fairness_weight: float | None = None
    offers: float | None = None
    batch_days: float | None = None
    cost_per_match: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further weights of the preferred field, of distance and of seats taken, and further tasks tried."""
        follow = (values["assigned"] * cards["matching.follow_assigned"]
                  + (1.0 - values["assigned"]) * cards["matching.follow_open"])
        return [
            Edit("fitness", units(values["skill_weight"] * follow)),
            Edit("nearness", units(values["distance_weight"] * follow)),
            Edit("equity", units(values["fairness_weight"] * follow)), Edit("tries", round(values["offers"])),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: matches made."""
        return float(values["cost_per_match"]) * float(counts["matches.rows"])
