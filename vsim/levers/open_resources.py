"""Employers and institutions open their rooms, equipment and hours (clause V.1.e).

The sites open as stations; what they offer, and which task uses it, is entered by the office of resources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenResources(Lever):
    """Resources of employers: the share that opens, hours a week, cover for accidents and recognition."""

    name: ClassVar[str] = "open_resources"

    open_share: float | None = None
    hours: float | None = None
    liability_cover: float | None = None
    recognition: float | None = None
    cover_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the share of employers that open; one that offers no hours stays shut."""
        return [Edit("open_employer", share16(values["open_share"] if values["hours"] > 0 else 0.0))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: recognition of hosts and, where they are covered, premiums."""
        each = values["recognition"] + values["liability_cover"] * values["cover_cost"]
        return float(each) * float(counts["site_weeks[plan=employer].rows"]) / YEAR
