"""Incubation: limited places, months, a grant and mentoring for young organisations (clause IV.2.g).

Evidence is weak: facts of concentration only. Places that turn over start groups; places held keep them alive; the
grant reaches bodies registered by law alone, as all public money does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import FEN, MONTHS, PER_HUNDRED, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Incubation(Lever):
    """Places, months, grant and mentoring; the shares served and held follow from them."""

    name: ClassVar[str] = "incubation"

    places: float | None = None
    months: float | None = None
    grant: float | None = None
    mentoring_hours: float | None = None
    mentor_hour: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_close, org_found, org_grow and org_income."""
        held = values["places"] / PER_HUNDRED
        served = min(held * MONTHS / values["months"], 1.0)
        mentored = values["mentoring_hours"] / (values["mentoring_hours"] + cards["incubation.mentor_half"])
        return [
            Edit("org_found", share16(served * cards["incubation.found"])),
            Edit("org_grow", share16(served * cards["incubation.grow"] * mentored)),
            Edit("org_close", -units(held * cards["incubation.keep"])),
            Edit("org_income", round(FEN * served * values["grant"] / YEAR)),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: grants paid, and mentoring."""
        hours = counts["incubation_grants.mentoring_hours.sum"]
        return float(counts["incubation_grants.grant_fen.sum"]) / FEN + float(values["mentor_hour"] * hours)
