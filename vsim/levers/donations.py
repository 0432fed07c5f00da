"""Fundraising: people and firms give, and respond to a match, to a campaign and to trust (clause VII.1.e).

Evidence: a match raises the chance to give, larger ratios no further (Karlan and List 2007); being asked and trust
raise giving (Bekkers and Wiepking 2011). Organisations feel the mean of what match and campaign add, for each that is
expected to be registered by law; who gave what stands in the books. Accounts made public move trust in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, MONTH, PER_THOUSAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Donations(Lever):
    """Fundraising: a match for every yuan, a campaign, and the share of accounts made public."""

    name: ClassVar[str] = "donations"

    match_rate: float | None = None
    campaign: float | None = None
    disclosure: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return what is made public, and the mean of what an organisation gets more, fen a week."""
        usual = (PER_THOUSAND * cards["donations.adults"] * cards["donations.gives"] * cards["donations.gift"]
                 + cards["donations.firms"] * cards["donations.firm_gives"] * cards["donations.firm_gift"]) / MONTH
        asked = cards["donations.ask_most"] * values["campaign"] / (values["campaign"] + cards["donations.ask_half"])
        given = usual * (1 + cards["donations.match_pull"] * min(values["match_rate"], 1.0)) * (1 + asked)
        forms = sum(cards[f"organisations.form_{form}"] for form in ("association", "institution", "foundation"))
        bodies = cards["organisations.per_thousand"] * forms
        more = given - usual + values["match_rate"] * given
        return [
            Edit("disclose", share16(values["disclosure"])),
            Edit("org_income", round(FEN * more / bodies) if bodies > 0 else 0),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the campaign; matches are paid by their sponsors."""
        return float(values["campaign"] / PER_THOUSAND) * float(counts["residents"] * counts["years"])
