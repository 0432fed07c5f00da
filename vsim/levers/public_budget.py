"""Public budget: a pot shared among districts by a formula, and core grants to organisations (clause VII.1.b).

Accounting: no causal estimate of public money on volunteering was found. Core grants reach the cash of organisations;
the pot is money of the districts and stands in their books.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, PER_THOUSAND, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBudget(Lever):
    """Public budget: a pot, the weights of need, performance and equity in its formula, and a core grant."""

    name: ClassVar[str] = "public_budget"

    total: float | None = None
    core: float | None = None
    need: float | None = None
    performance: float | None = None
    equity: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the core grant, fen a week, for organisations that may be funded."""
        return [Edit("org_income", round(FEN * values["core"] / YEAR))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the pot, and the core grants paid."""
        pot = float(values["total"] / PER_THOUSAND) * float(counts["residents"] * counts["years"])
        return pot + float(counts["budget[channel=core_grants].spent_fen.sum"]) / FEN
