"""Recording service: a code read on the spot, and a second person who verifies (clause V.2.b5).

In real logs 15 to 16 % of rows are second copies; how many a code leaves is an assumption. Hours on paper change, not
hours served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Records(Lever):
    """Records: the share entered by code, and the share verified by a second person."""

    name: ClassVar[str] = "records"

    code: float | None = None
    verified: float | None = None
    cost_per_record: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return factors on missing, rounded and doubled records, and the share verified."""
        factors = {
            "missing": cards["records.left_missing"], "rounded": cards["records.left_rounded"],
            "duplicate": cards["records.left_copies"],
        }
        edits = [Edit(table, round(1024 * (1.0 - values["code"] * (1.0 - left)))) for table, left in factors.items()]
        return [*edits, Edit("checked", share16(values["verified"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: the work on records that are verified."""
        return float(values["cost_per_record"] * values["verified"]) * float(counts["recorded"])
