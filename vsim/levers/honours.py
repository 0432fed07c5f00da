"""Honours and recognition: who served may be honoured, mostly without a gift (clause VII.3.a).

Evidence: a symbolic award keeps newcomers (Gallus 2017). Whether gifts crowd out own motive is mixed (Frey and Goette
1999; Conrads et al. 2016; Exley 2018): off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import threshold32, units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Honours(Lever):
    """Honours: how often, to newcomers only or to all, how many in person and with a gift."""

    name: ClassVar[str] = "honours"

    chance: float | None = None
    newcomers_only: float | None = None
    personal: float | None = None
    material_share: float | None = None
    letter: float | None = None
    visit: float | None = None
    gift: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the chance of an honour, whom it may reach, and the loss of own motive through gifts."""
        return [
            Edit("honour", threshold32(values["chance"])), Edit("honour_new", int(values["newcomers_only"] >= 1)),
            Edit("crowding", units(cards["honours.crowding"] * values["material_share"])),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: a letter each, visits, and gifts."""
        letters = values["letter"] * counts["honoured"]
        visits = values["visit"] * counts["recognition_events[mode=in_person].rows"]
        return float(letters + visits + values["gift"] * counts["recognition_events[material=True].rows"])
