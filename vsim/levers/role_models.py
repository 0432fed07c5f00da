"""Role models and stories: near ones may encourage, models who are too ideal may discourage (clause VI.2.b).

No credible estimate for volunteering was found: the pull of near stories is small, the discouragement off by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleModels(Lever):
    """Role models: how many stories a year are told, and how many of them are of ordinary volunteers."""

    name: ClassVar[str] = "role_models"

    yearly: float | None = None
    nearness: float | None = None
    cost_per_story: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull on taking part."""
        exposure = values["yearly"] / (values["yearly"] + cards["role_models.half_yearly"])
        near = values["nearness"]
        moved = cards["role_models.pull"] * near - cards["role_models.ideal"] * (1.0 - near)
        return [Edit("base", units(exposure * moved))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the stories told."""
        return float(values["cost_per_story"]) * float(counts["stories.rows"])
