"""Research and evaluation: a budget for studies, the share that assign at random, and open data (clause VI.1.b).

The lever moves nobody: its studies estimate, with error and bias, effects that lie fixed in advance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Research(Lever):
    """Research: yearly budget of a district, randomised studies, and those that publish their data."""

    name: ClassVar[str] = "research"

    budget: float | None = None
    randomised: float | None = None
    open_data: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return no edit: the office of research works with the values."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the studies that were made."""
        return float(counts["studies.cost_fen.sum"]) / FEN
