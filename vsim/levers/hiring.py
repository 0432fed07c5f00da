"""Weight of service in hiring, off by default (clause VII.3.h).

Evidence: a volunteer item on a resume moved calls by 0.4 points, -1.2 to 2.0 (computed from Bertrand and Mullainathan
2004): null. No trial says that such a weight draws people to serve; both responses are off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiring(Lever):
    """Hiring: the weight of service in the choice, and the share of claims checked."""

    name: ClassVar[str] = "hiring"

    weight: float | None = None
    verification: float | None = None
    check_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of the weight on taking part."""
        return [Edit("base", units(cards["hiring.pull"] * values["weight"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: claims checked."""
        return float(values["check_cost"] * counts["job_applications.checked.sum"])
