"""Credit-record incentives: verified service passed to credit records, off by default (clause VII.3.f).

No trial was found, so the link moves nobody by default. What it brings for sure are exports, errors and disputes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditSignals(Lever):
    """Credit signals: from how many hours, good news only or not, consent, and the days to decide a dispute."""

    name: ClassVar[str] = "credit_signals"

    hours: float | None = None
    positive_only: float | None = None
    consent: float | None = None
    appeal_days: float | None = None
    export_cost: float | None = None
    dispute_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the pull of the link, as far as people consent."""
        return [Edit("base", units(cards["credit_signals.pull"] * values["consent"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: exports and disputes."""
        exports = values["export_cost"] * counts["credit_exports.rows"]
        return float(exports + values["dispute_cost"] * counts["credit_disputes.rows"])
