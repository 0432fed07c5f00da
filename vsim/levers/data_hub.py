"""A hub that draws the records of all platforms together and takes out what it holds for second copies (clause V.3.b1).

In real logs 15 to 16 % of rows are second copies; how many a rule catches is an assumption. A rule that goes by person
and day alone also strikes the second service of somebody who truly served twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values

NONE, SAME = 0, 1             # rules for doubles; the third is by day


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHub(Lever):
    """Data hub: how often it loads, its rule for doubles, and the platform whose value stays where two differ."""

    name: ClassVar[str] = "data_hub"

    every_days: float | None = None
    rule: float | None = None
    first_platform: float | None = None
    cost_per_load: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on second copies, and the share of true records struck with them."""
        rule = round(values["rule"])
        if rule == NONE:
            caught = struck = 0.0
        elif rule == SAME:
            caught, struck = cards["data_hub.caught_same"], 0.0
        else:
            caught, struck = cards["data_hub.caught_day"], cards["data_hub.struck_day"]
        return [Edit("duplicate", round(1024 * (1.0 - caught))), Edit("lost", share16(struck))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the work on loads."""
        return float(values["cost_per_load"]) * float(counts["hub_loads.loads.sum"])
