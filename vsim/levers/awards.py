"""Awards: a yearly selection by hours and quality, with an audit of finalists (clause VII.3.g).

Where hours decide, records may be inflated in the weeks before the selection; no count of it was found, so it is off
by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Awards(Lever):
    """Awards: the weight of hours, finalists, audit, and the date of the selection."""

    name: ClassVar[str] = "awards"

    weight_hours: float | None = None
    finalists: float | None = None
    audit: float | None = None
    month: float | None = None
    day: float | None = None
    prize: float | None = None
    audit_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the records inflated before each selection: the more hours count, the less is audited, the more."""
        tempted = cards["awards.temptation"] * values["weight_hours"] * (1.0 - values["audit"])
        window, weeks = round(cards["awards.window"]), set[int]()
        for selection in span.weeks_with(round(values["month"]), round(values["day"])):
            weeks |= set(range(max(selection - window, 0), selection))
        return [Edit("inflate", 0), Edit("inflate", share16(tempted), only=tuple(sorted(weeks)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: awards, and the audit of finalists."""
        awards = values["prize"] * counts["award_candidates[result=award].rows"]
        return float(awards + values["audit_cost"] * counts["award_candidates[audited=True].rows"])
