"""Partnerships: partners who support organisations in kind, and staff who bring both together (clause VII.1.g).

No trial of brokerage was found: support in kind is valued in the books, and what it adds to what organisations can run
stands on a card that is 0 by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnerships(Lever):
    """Support in kind: further partners sought, posts for brokers, and the cost of a post."""

    name: ClassVar[str] = "partnerships"

    partners: float | None = None
    brokers: float | None = None
    wage: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on what organisations can run: partners sought, as far as brokers place their offers."""
        placed = values["brokers"] / (values["brokers"] + cards["partnerships.brokers_half"])
        return [Edit("capacity", round(1024 * (1 + cards["partnerships.capacity"] * values["partners"] * placed)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the brokers."""
        return float(values["brokers"] * values["wage"] / PER_THOUSAND) * float(counts["residents"] * counts["years"])
