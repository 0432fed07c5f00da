"""Protection of networks: level of control, backups, drills (clause V.3.e).

Breaches are rare and their effect on volunteers is not known, so the lever has no edit; the office draws breaches, what
they expose and what is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Security(Lever):
    """Security: level of control, days between two backups, drills a year."""

    name: ClassVar[str] = "security"

    level: float | None = None
    backup_days: float | None = None
    drills: float | None = None
    level_cost: float | None = None
    backup_cost: float | None = None
    drill_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: breaches and losses are drawn by their office."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: controls of each district, backups and drills."""
        controls = values["level_cost"] * values["level"] * counts["districts.rows"] * counts["years"]
        copies = values["backup_cost"] * counts["security_checks.backups.sum"]
        return float(controls + copies + values["drill_cost"] * counts["security_checks.drills.sum"])
