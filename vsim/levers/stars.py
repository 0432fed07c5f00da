"""Stars: a ladder of verified hours; recognition, and a pull that grows close to the next star (clause VII.3.b).

Evidence: recognition keeps newcomers (Gallus 2017); goal gradients are carried by a minority (Kivetz et al. 2006,
Hoernle et al. 2022). The national ladder of 100 to 1,500 hours lies far in the tail of a mass register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values

OUT_OF_REACH = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Stars(Lever):
    """Star rating of volunteers: `thresholds` in verified hours, ascending, one to five of them."""

    name: ClassVar[str] = "stars"

    thresholds: Sequence[float] | None = None
    yearly_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return one ladder row: thresholds in quarter hours, then goal, reset and award in 1/1024 logit."""
        steps = [round(4 * hours) for hours in values["thresholds"]]
        steps += [OUT_OF_REACH] * (5 - len(steps))
        response = (units(cards["stars.goal"]), units(cards["stars.reset"]), units(cards["stars.award"]))
        return [Edit("ladder", ladder=(*steps, *response))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: a certificate for each star granted."""
        return float(values["yearly_cost"]) * float(counts["stars"])
