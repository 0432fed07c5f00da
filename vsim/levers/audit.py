"""Audit of records: a sample is compared with the truth, and added hours are struck (clause VII.2.d).

No trial of audits of service records was found: what penalties prevent is off by default. An audited record counts as
verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit(Lever):
    """Audit: the share of records looked at, the penalty, and the days in which a service must be entered."""

    name: ClassVar[str] = "audit"

    fraction: float | None = None
    penalty: float | None = None
    deadline_days: float | None = None
    cost_per_audit: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the factor on inflation, and the share verified by being audited."""
        prevented = min(values["fraction"] * values["penalty"] * cards["audit.deterrence"], 1.0)
        return [Edit("inflated", round(1024 * (1.0 - prevented))), Edit("checked", share16(values["fraction"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: audited records."""
        return float(values["cost_per_audit"]) * float(counts["audited_records.rows"])
