"""One command over volunteers in an emergency, ready in normal times: plan, duty, drills, reserve (clause V.3.b3).

Under an alarm the unplaced are shown a second menu, as a command that sees all sites can do; without an alarm nobody is
led. ISO 22319 asks to plan whether, how and when people who come forward help; it gives no sizes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vsim.levers.base import Edit, Lever, Span, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Lever):
    """Command: one for all, duty posts, drills, the cap on people who come forward, and the check of credentials."""

    name: ClassVar[str] = "command"

    single: float | None = None
    duty: float | None = None
    drills: float | None = None
    cap: float | None = None
    credential_check: float | None = None
    duty_cost: float | None = None
    drill_cost: float | None = None

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the switch of command, which acts under an alarm alone."""
        return [Edit("command", round(values["single"]))]

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return yuan: duty posts and drills."""
        duty = values["duty_cost"] * counts["duty_roster.rows"]
        return float(duty + values["drill_cost"] * counts["command_drills.rows"])
