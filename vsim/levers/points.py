"""Service points: a small reward for verified hours, which may also spoil a person's own motive (clause VII.3.c).

Evidence: small rewards raise turnout (Goette and Stutzer 2020; Lacetera et al. 2012, 2014); public pay can crowd out
(Frey and Goette 1999; Exley 2018; Conrads et al. 2016): the sign is a parameter, off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import log_of, threshold32, units
from vsim.levers.base import Edit, Lever, Span, Values

SCALE = 1 << 20               # fixed point of the argument of the logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Lever):
    """Service points: earned by the verified hour, spent in a shop, lapsing on 31 December when `expiry` is 1."""

    name: ClassVar[str] = "points"

    per_hour: float | None = None
    yuan_per_point: float | None = None
    visibility: float | None = None
    price: float | None = None
    expiry: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of an ordinary attendance's reward, the loss of own motive, and the rules of the book."""
        yuan = values["per_hour"] * values["yuan_per_point"] * cards["service.hours_mean"]
        bend = log_of(SCALE + round(SCALE * yuan / cards["points.pull_scale"])) - log_of(SCALE)
        edits = [
            Edit("points_logit", units(cards["points.pull"]) * bend >> 10),
            Edit("points_hour", units(values["per_hour"])),
            Edit("redeem", threshold32(cards["points.redeem"])),
            Edit("price", round(values["price"])),
        ]
        crowding = units(cards["points.crowding"] * values["visibility"]) if yuan > 0 else 0
        edits += [Edit("crowding", crowding), Edit("expire", 0)]       # also where an earlier policy had set them
        if values["expiry"] >= 1:
            edits.append(Edit("expire", 1, only=span.weeks_with(12, 31)))
        return edits

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the value of points spent."""
        return float(values["yuan_per_point"]) * float(counts["points_spent"])
