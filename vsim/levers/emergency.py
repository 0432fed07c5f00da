"""An emergency: no policy but an event that policies are tried on (clause V.3.b3).

Needs surge and fade within two to three weeks, and people nearly always come forward unasked (Aguirre et al. 2016; ISO
22319); the sizes are assumptions. An epidemic did the contrary (30.0 to 23.2 % took part
in the United States, 2019 to 2021; americorps2021): the ranges for joining and willingness reach below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import exp32, units
from vsim.levers.base import Edit, Lever, Span, Values

LEVELS = 4                    # of response to incidents: 1 the gravest, as the national plans count


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency(Lever):
    """Emergency: its level and how many weeks the alarm lasts."""

    name: ClassVar[str] = "emergency"

    level: float | None = None
    weeks: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the surge of demand, of registering and of willingness, fading, and the alarm."""
        grave = (LEVELS + 1 - values["level"]) / LEVELS
        fade = [int(exp32(-units(week / cards["emergency.fade"]))) for week in range(span.left)]

        def surge(card: str) -> tuple[int, ...]:
            height = units(grave * cards[card])
            return tuple(height * left >> 32 for left in fade)

        lasting = round(values["weeks"])
        return [
            Edit("demand", surge("emergency.demand")), Edit("join", surge("emergency.join")),
            Edit("base", surge("emergency.willing")),
            Edit("alarm", tuple(int(week < lasting) for week in range(span.left))),
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return no yuan: an event is not bought."""
        return 0.0
