"""Safety: protection, briefing and shorter shifts lower the hazard of an hour; a store of equipment (clause VII.2.b).

All three sizes are assumptions. A longest shift lowers the hazard of tired hours; true hours are not cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety(Lever):
    """Safety: sets for an attendance, minutes of briefing, longest planned shift, weeks in store, price of a set."""

    name: ClassVar[str] = "safety"

    equipment: float | None = None
    briefing: float | None = None
    longest_shift: float | None = None
    stock_weeks: float | None = None
    price: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on incidents."""
        most = cards["service.hours_most"]
        left = (
            (1 - cards["safety.equipment_effect"] * values["equipment"])
            * (1 - cards["safety.briefing_effect"] * min(values["briefing"] / cards["safety.briefing_full"], 1))
            * (1 - cards["safety.fatigue_effect"] * max(1 - values["longest_shift"] / most, 0))
        )
        return [Edit("hazard", units(left))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the sets bought for the store."""
        return float(counts["stock.cost_fen.sum"]) / FEN
