"""Compacts and charters: communities adopt soft rules on service, week by week up to a target (clause VI.3.d).

Evidence: comparison with others moved nobody (Moseley et al. 2018), so the shift of the norm is off by default. No
penalty can be set, since service is voluntary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacts(Lever):
    """Compacts: the share of communities that is to adopt one, in how many weeks, and review of drafts."""

    name: ClassVar[str] = "compacts"

    target: float | None = None
    weeks_to_target: float | None = None
    review: float | None = None
    draft_cost: float | None = None
    review_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of the norm by week: it grows with the communities that adopted, which keep their compact."""
        most, last = cards["compacts.norm"] * values["target"], values["weeks_to_target"]
        steps = [min(min(week + 1, span.weeks) / last, 1.0) for week in range(span.left)]
        return [Edit("base", tuple(units(most * share) for share in steps))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: drafts, and the review of some."""
        drafts = values["draft_cost"] * counts["compacts.rows"]
        return float(drafts + values["review_cost"] * counts["compacts[reviewed=True].rows"])
