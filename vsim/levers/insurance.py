"""Insurance: cover for volunteers, asked for before dangerous tasks; premiums, sums and claims (clause VII.2.c).

Evidence: protection from liability goes with more volunteering (Horwitz and Mead 2009, sign only; card
service.cover_pull). Sums and premiums are those of Chinese schemes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance(Lever):
    """Insurance: who is covered, for which risks, with which sums, deductible and premium."""

    name: ClassVar[str] = "insurance"

    cover: float | None = None
    cover_asked: float | None = None
    tier: float | None = None
    accident: float | None = None
    medical: float | None = None
    deductible: float | None = None
    premium: float | None = None
    third_party: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return who is insured and whether tasks of high risk ask for it."""
        return [Edit("cover", share16(values["cover"])), Edit("cover_asked", int(values["cover_asked"] >= 1))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: premiums."""
        return float(counts["money[line=premium].fen.sum"]) / FEN
