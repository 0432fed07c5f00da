"""The pledge: volunteers promise to serve; a promise binds a little (clause VI.2.d).

Evidence: a pledge with publicity raised donating by 1.6 points on 7.3 % (Cotterill et al. 2013). What it does to a
person stands with the model (belonging.oath, belonging.oath_show); this file says who takes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import threshold32
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge(Lever):
    """Pledge: the weekly chance to take it, and the share taken in public."""

    name: ClassVar[str] = "pledge"

    chance: float | None = None
    public: float | None = None
    cost_public: float | None = None
    cost_private: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the weekly chance that a volunteer takes the pledge."""
        return [Edit("oath", threshold32(values["chance"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: ceremonies and cards to sign."""
        public = counts["pledges[mode=public].rows"]
        return float(values["cost_public"] * public) + float(
            values["cost_private"] * counts["pledges[mode=private].rows"])
