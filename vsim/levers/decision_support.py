"""Support for decisions: a board of indicators, their intervals, and memos with a forecast (clause V.3.b2).

A board changes no service by itself: no trial shows that it does, so the lever has no edit. What it does change is how
late and how surely those who decide know what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSupport(Lever):
    """Decision support: indicators shown, their lag and intervals; memos, their horizon and aims."""

    name: ClassVar[str] = "decision_support"

    indicators: float | None = None
    lag_weeks: float | None = None
    interval: float | None = None
    memos: float | None = None
    horizon: float | None = None
    hours_weight: float | None = None
    cost_per_memo: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the board and the memos are kept by their office."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the work on memos."""
        return float(values["cost_per_memo"]) * float(counts["memos.rows"])
