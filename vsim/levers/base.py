"""What a lever is: dated, placed values that compile to edits of the tables by district and week.

A lever changes no person and no state. It says which tables change, where and when; the run compiles the edits once,
so a policy costs nothing in the kernels, and two arms can be compared before they are run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from vsim.spec.policy import Policy

Values = Mapping[str, Any]
PLACE = ("start_week", "end_week", "start", "end", "districts")


@dataclass(frozen=True, slots=True)
class Edit:
    """A table of `vsim.world.settings.Weekly` set to a value in the districts and weeks of a policy.

    For the table "ladder" the value is a whole row: five thresholds in quarter hours, then goal, reset and award
    in 1/1024 logit. `yearly_end` restricts the edit to the weeks that hold 31 December.
    """

    table: str
    value: int | tuple[int, ...]
    yearly_end: bool = False
    per_thousand: bool = False        # the value is for 1,000 residents


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A policy instrument with its time and place; every value left out is that of its card."""

    name: ClassVar[str] = ""

    start_week: int | None = None
    end_week: int | None = None
    start: date | None = None
    end: date | None = None
    districts: Sequence[str] | None = None

    def policy(self) -> Policy:
        """Return the lever as an entry of a scenario."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in PLACE}
        values = {name: _plain(value) for name, value in given.items() if value is not None}
        districts = None if self.districts is None else list(self.districts)
        return Policy(
            lever=self.name, start_week=self.start_week, end_week=self.end_week, start=self.start, end=self.end,
            districts=districts, values=values,
        )

    @classmethod
    def edits(cls, values: Values, cards: Values) -> list[Edit]:
        """Return the edits for one policy.

        Parameters
        ----------
        values : mapping
            The policy's values by name, cards' defaults filled in.
        cards : mapping
            All values of the scenario by key ("points.pull"), for how people respond.
        """
        raise NotImplementedError(f"{cls.__name__} has no edits")

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return the yuan that a policy costs, given yearly counts of what happened under it."""
        raise NotImplementedError(f"{cls.__name__} has no cost")


def _plain(value: Any) -> float | list[float]:
    return [float(v) for v in value] if isinstance(value, Sequence) else float(value)
