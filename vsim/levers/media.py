"""Public-service advertising, works, and places such as parks and squares: more people hear of tasks (clause VI.2.a).

Advertising builds up and fades within weeks, a place within years. Evidence: media show a burst and a decay, weakly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import ONE32, share16, units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.world.adstock import stock32


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Lever):
    """Media: yuan for each resident and year, for advertising and for places."""

    name: ClassVar[str] = "media"

    adverts: float | None = None
    places: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further awareness and the pull on registering, week by week."""
        total = [0] * span.left
        for spent, half_life in (("adverts", "media.advert_half_life"), ("places", "media.place_half_life")):
            curve = stock32(span.weeks, span.left, cards[half_life])
            total = [before + (units(values[spent]) * own >> 10) for before, own in zip(total, curve, strict=True)]
        half = round(cards["media.half_stock"] * ONE32)
        most = {"heard": share16(cards["media.heard"]), "join": units(cards["media.join"])}
        return [
            Edit(table, tuple(highest * stock // (stock + half) for stock in total)) for table, highest in most.items()
        ]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: what is spent on both."""
        return float(values["adverts"] + values["places"]) * float(counts["residents"]) * float(counts["years"])
