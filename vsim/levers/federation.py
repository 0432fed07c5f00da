"""Federation: a sector body whose members share training and insurance (clause IV.2.m).

Accounting: seats are added and fees are paid. Nothing is claimed about people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation(Lever):
    """Members, their fee and shared seats."""

    name: ClassVar[str] = "federation"

    member_share: float | None = None
    fee: float | None = None
    seats: float | None = None
    seat_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of more_seats."""
        return [Edit("more_seats", units(values["seats"] * values["member_share"]), per_thousand=True)]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: seats on offer to members; the fee moves between purses."""
        seats = values["seats"] * values["member_share"] * counts["residents"] / PER_THOUSAND * YEAR * counts["years"]
        return float(values["seat_cost"] * seats)
