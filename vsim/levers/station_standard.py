"""Station standard: venue, team, projects, equipment, rules and signage (clause V.2.a).

A required have is shown in the audit; a station that shows more of them finds more needs. The audit also counts
services, so that boxes ticked without service can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStandard(Lever):
    """The six haves: how many a station must show, and how often it is audited."""

    name: ClassVar[str] = "station_standard"

    required: float | None = None
    audit_interval: float | None = None
    upgrade_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the number of haves that every station shows."""
        return [Edit("haves", round(values["required"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: haves that were added."""
        return float(values["upgrade_cost"]) * float(counts["upgrades.added.sum"])
