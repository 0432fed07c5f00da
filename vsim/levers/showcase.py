"""Showcase: events at which organisations see a practice and take it up (clause IV.3.h).

Diffusion by contact and by a source outside is a form from the literature on innovations; the sizes are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values

LOOKS = 13                    # a year: organisations are looked at every four weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase(Lever):
    """Events, their reach, and a subsidy for those who take a practice up."""

    name: ClassVar[str] = "showcase"

    events: float | None = None
    reach: float | None = None
    subsidy: float | None = None
    event_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits of org_adopt."""
        paid = values["subsidy"] / (values["subsidy"] + cards["showcase.subsidy_half"])
        met = values["events"] / LOOKS * values["reach"]
        return [Edit("org_adopt", share16(min(met * cards["showcase.take_up"] * (1 + paid), 1.0)))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: events, and subsidies for those who took a practice up."""
        return float(values["events"] * values["event_cost"] * counts["years"] + values["subsidy"] * counts["adopted"])
