"""Government purchase: contracts with organisations, part fixed and part for results on paper (clause VII.1.c).

Accounting, and one open question: whether pay for recorded hours raises inflated records stands on a card that is 0 by
default. The fixed part reaches the cash of organisations each week, the rest with every hour served; the office settles
it on the hours of the indicator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase(Lever):
    """Purchase of services: price, share on results, indicator, length of contracts, hours asked for, and tenders."""

    name: ClassVar[str] = "purchase"

    unit_price: float | None = None
    on_results: float | None = None
    indicator: float | None = None
    months: float | None = None
    target: float | None = None
    tender_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return fixed pay, pay for an hour and, if the card says so, inflated records under pay for recorded hours."""
        results = values["on_results"]
        gaming = cards["purchase.gaming"] * results if values["indicator"] == 0 else 0.0
        return [
            Edit("org_income", round(FEN * values["unit_price"] * (1 - results) * values["target"] / MONTH)),
            Edit("org_task", round(FEN * values["unit_price"] * results)),
            Edit("inflate", share16(gaming)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: what was paid under the contracts, and their tenders."""
        paid = counts["deliverables.fixed_fen.sum"] + counts["deliverables.results_fen.sum"]
        return float(paid) / FEN + float(values["tender_cost"] * counts["contracts.rows"])
