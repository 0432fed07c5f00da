"""Development fund: endowment, gifts to it, a rule of pay-out, and grants (clause VII.1.d).

Accounting: no causal estimate of grants on volunteering was found. Organisations feel the mean of what the endowment
pays, for each that is expected to be registered by law; which of them has a grant, the yield and the reserve stand in
the books of the fund.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Lever):
    """Development fund: endowment, inflow, pay-out rate and how far it follows the reserve, grants, co-funding."""

    name: ClassVar[str] = "fund"

    endowment: float | None = None
    inflow: float | None = None
    payout_rate: float | None = None
    by_reserve: float | None = None
    grant_size: float | None = None
    co_funding: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the mean income of an organisation from the fund, fen a week."""
        forms = sum(cards[f"organisations.form_{form}"] for form in ("association", "institution", "foundation"))
        bodies = cards["organisations.per_thousand"] * forms
        paid = values["endowment"] * values["payout_rate"] / YEAR
        return [Edit("org_income", round(FEN * paid / bodies) if bodies > 0 else 0)]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: grants paid; the reserve is kept, not spent."""
        return float(counts["grants.grant_fen.sum"]) / FEN
