"""A campaign for the values of service: exposure builds up, saturates and fades (clause VI.1.a).

Evidence: campaigns show a burst and a decay, weakly; no trial on volunteering was found, so the pulls are small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import ONE32, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.world.adstock import stock32


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture(Lever):
    """Values campaign: its intensity, and the share of its messages that ask to register."""

    name: ClassVar[str] = "culture"

    intensity: float | None = None
    to_join: float | None = None
    cost_per_resident: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pulls on taking part and on registering, week by week."""
        curve = stock32(span.weeks, span.left, cards["culture.half_life"])
        exposure = [units(values["intensity"]) * stock >> 10 for stock in curve]
        half = round(cards["culture.half_exposure"] * ONE32)
        serve = units(cards["culture.pull"] * (1.0 - values["to_join"]))
        join = units(cards["culture.join"] * values["to_join"])
        return [
            Edit(table, tuple(most * stock // (stock + half) for stock in exposure))
            for table, most in (("base", serve), ("join", join))
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: posters, talks and leaflets."""
        yearly = values["cost_per_resident"] * values["intensity"] * counts["residents"]
        return float(yearly) * float(counts["years"])
