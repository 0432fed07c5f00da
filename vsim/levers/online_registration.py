"""Online registration: a short form, a check of identity, and help at a desk (clause V.3.a1).

No study of a volunteer form's length was found, so registering does not move by default; who gives up in the form is
written down by the office of form events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import units
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineRegistration(Lever):
    """Online registration: fields asked for, check of identity, and the share that is helped."""

    name: ClassVar[str] = "online_registration"

    required_fields: float | None = None
    id_check: float | None = None
    assisted: float | None = None
    cost_per_check: float | None = None
    help_minutes: float | None = None
    staff_hour: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edit of join: fields above or below the usual form, and help."""
        longer = values["required_fields"] - cards["online_registration.usual_fields"]
        helped = units(cards["online_registration.help_pull"] * values["assisted"])
        return [Edit("join", helped - units(cards["online_registration.field_drop"] * longer))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: checks of identity, and the staff who help."""
        checks = values["cost_per_check"] * counts["form_events[step=identity].rows"]
        hours = values["help_minutes"] / MINUTES * counts["form_events[assisted=True].opened.sum"]
        return float(checks + values["staff_hour"] * hours)
