"""Centres, institutes and stations work as one: who finds no seat is passed on (clause V.1.h).

A second menu of tasks is shown to the unplaced; the gain in seats filled follows from the matching itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling(Lever):
    """Dispatch across stations: on (1) or off (0)."""

    name: ClassVar[str] = "pooling"

    dispatch: float | None = None
    cost_per_transfer: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the switch of the second menu."""
        return [Edit("overflow", round(values["dispatch"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: people passed on."""
        return float(values["cost_per_transfer"]) * float(counts["transfers.rows"])
