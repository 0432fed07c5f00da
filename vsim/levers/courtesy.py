"""Benefits in return: transport, museums, check-ups for volunteers with enough stars (clause VII.3.e).

No trial was found, and a show of reward may crowd out, so the pull is off by default; use and cost are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN

BENEFITS = ("transport", "museums", "checkups")


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtesy(Lever):
    """Benefits: which are given, from how many stars, and what the providers are paid."""

    name: ClassVar[str] = "courtesy"

    star: float | None = None
    subsidy: float | None = None
    transport: float | None = None
    museums: float | None = None
    checkups: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of the benefits given, as a share of the full set, and the stars that entitle."""
        given = sum(values[name] >= 1 for name in BENEFITS) / len(BENEFITS)
        return [Edit("courtesy", units(cards["courtesy.pull"] * given)), Edit("courtesy_star", round(values["star"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: what providers are paid."""
        return float(counts["benefit_usage.subsidy_fen.sum"]) / FEN
