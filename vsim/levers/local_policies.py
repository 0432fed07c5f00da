"""Local package: appeals and an officer for volunteer service, from a date of the district's own (clause VII.1.a).

The package is named by its parts, so that what changes is known: appeals raise awareness (people who are asked
volunteer more often, Freeman 1996), an officer finds needs. The roll-out, staggered or drawn, is that of the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.exact import share16
from vsim.levers.base import Edit, Lever, Span, Values
from vsim.spec.units import PER_THOUSAND, YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPolicies(Lever):
    """Local package: appeals to all residents, hours of an officer who asks around, and what both cost."""

    name: ClassVar[str] = "local_policies"

    appeals: float | None = None
    officer_hours: float | None = None
    appeal_cost: float | None = None
    officer_hour: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return further awareness and the needs that are found besides; both with falling returns."""
        appeals, hours = values["appeals"], values["officer_hours"]
        heard = cards["local_policies.heard_most"] * appeals / (appeals + cards["local_policies.appeals_half"])
        found = cards["local_policies.found_most"] * hours / (hours + cards["local_policies.hours_half"])
        return [Edit("heard", share16(heard)), Edit("found", share16(found))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: appeals and the officer."""
        officer = values["officer_hours"] * values["officer_hour"] * YEAR / PER_THOUSAND
        return float((values["appeals"] * values["appeal_cost"] + officer) * counts["residents"] * counts["years"])
