"""Recruitment: outreach by media or in person, the form, the lowest age and consent (clause IV.2.d).

People who are asked volunteer more often (Independent Sector 2001; Freeman 1996: correlational, so the default is
shrunk). The age rule and consent stand in the record of applications; that record moves nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import log_of, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import MINUTES, PER_THOUSAND

SCALE = 1 << 20               # fixed point of the argument of the logarithm
USUAL_FORM = 12               # entries of the form of article 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruitment(Lever):
    """Outreach, its division, the form, and the rules of age and consent."""

    name: ClassVar[str] = "recruitment"

    outreach: float | None = None
    in_person: float | None = None
    form_items: float | None = None
    minutes_per_item: float | None = None
    staff_hour: float | None = None
    min_age: float | None = None
    guardian_consent: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of join."""
        mean = (
            values["in_person"] * cards["recruitment.pull_asked"]
            + (1 - values["in_person"]) * cards["recruitment.pull_media"]
        )
        bend = log_of(SCALE + round(SCALE * values["outreach"] / cards["recruitment.pull_scale"])) - log_of(SCALE)
        drop = units(cards["recruitment.form_drop"] * (values["form_items"] - USUAL_FORM))
        return [Edit("join", (units(mean) * bend >> 10) - drop)]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: outreach for the residents, and staff for the forms."""
        hours = counts["joined"] * values["form_items"] * values["minutes_per_item"] / MINUTES
        outreach = values["outreach"] * counts["residents"] / PER_THOUSAND * counts["years"]
        return float(outreach + hours * values["staff_hour"])
