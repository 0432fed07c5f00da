"""Tax relief: the price of giving falls for donors who claim it, up to caps (clause VII.1.f).

Evidence: gifts respond to their after-tax price with an elasticity near one in studies from elsewhere (Peloza and
Steel 2005); caps are those of Chinese tax law. The policy acts in the office of gifts alone; it costs revenue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax(Lever):
    """Tax relief: caps for persons and firms as shares of what they earn in a year, and years carried forward."""

    name: ClassVar[str] = "tax"

    cap_personal: float | None = None
    cap_firm: float | None = None
    carry_years: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: the policy acts in an office alone."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: revenue not raised."""
        return float(counts["donations.relief_fen.sum"] + counts["tax_carry.relief_fen.sum"]) / FEN
