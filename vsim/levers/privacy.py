"""Protection of personal information: consent by purpose, fewer fields, a clock of retention, small cells (V.3.d).

The law asks for it (Personal Information Protection Law, 2021); no count says that it brings or keeps volunteers, so
the lever has no edit. Ledger, requests and releases are kept by their office.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy(Lever):
    """Privacy: consent asked apart, purposes, fields, years kept, smallest cell, days to answer a request."""

    name: ClassVar[str] = "privacy"

    separate: float | None = None
    purposes: float | None = None
    fields: float | None = None
    years_kept: float | None = None
    smallest_cell: float | None = None
    answer_days: float | None = None
    consent_cost: float | None = None
    request_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return nothing: who serves does not depend on it."""
        return []

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: entries in the ledger, and the work on requests."""
        ledger = values["consent_cost"] * counts["consents.rows"]
        return float(ledger + values["request_cost"] * counts["access_requests.rows"])
