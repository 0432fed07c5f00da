"""What a lever is: dated, placed values that compile to edits of the tables by district and week.

A lever changes no person and no state. It says which tables change, where and when; the run compiles the edits once,
so a policy costs nothing in the kernels, and two arms can be compared before they are run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from vsim.spec.calendar import weeks_with
from vsim.spec.policy import Policy, Rollout

Values = Mapping[str, Any]
SCOPE = ("start_week", "end_week", "start", "end", "announced_week", "announced", "districts", "groups", "share",
         "salt", "rollout")


@dataclass(frozen=True, slots=True)
class Span:
    """When one policy holds: the Monday of its first week, its weeks, and the weeks from its start to the run's end."""

    start: date
    weeks: int
    left: int

    def weeks_with(self, month: int, day: int) -> tuple[int, ...]:
        """Return the weeks of the policy, counted from its start, that hold a day of the year."""
        return tuple(weeks_with(month, day, self.start, range(self.weeks)))


@dataclass(frozen=True, slots=True)
class Edit:
    """A table of `vsim.world.weekly` set to a value in the districts, weeks and classes of persons of a policy.

    Attributes
    ----------
    table : str
    value : int or tuple of int
        For every week of the policy; or one for each week from its start on, which may outlast it.
    only : tuple of int, optional
        The weeks, counted from the policy's start, to which the edit is confined.
    per_thousand : bool
        The value is for 1,000 residents.
    ladder : tuple of int, optional
        For the table "ladder": five thresholds in quarter hours, then goal, reset and award in 1/1024 logit.
    """

    table: str
    value: int | tuple[int, ...] = 0
    only: tuple[int, ...] | None = None
    per_thousand: bool = False
    ladder: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A policy instrument with its time, places and people; every value left out is that of its card."""

    name: ClassVar[str] = ""

    start_week: int | None = None
    end_week: int | None = None
    start: date | None = None
    end: date | None = None
    announced_week: int | None = None
    announced: date | None = None
    districts: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    share: float | None = None
    salt: int | None = None
    rollout: Rollout | None = None

    def policy(self) -> Policy:
        """Return the lever as an entry of a scenario."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        scope = {name: given.pop(name) for name in SCOPE}
        values = {name: _plain(value) for name, value in given.items() if value is not None}
        lists = {name: None if scope[name] is None else list(scope[name]) for name in ("districts", "groups")}
        return Policy(lever=self.name, values=values, **{**scope, **lists})

    @classmethod
    def edits(cls, values: Values, cards: Values, span: Span) -> list[Edit]:
        """Return the edits for one policy.

        Parameters
        ----------
        values : mapping
            The policy's values by name, cards' defaults filled in.
        cards : mapping
            All values of the scenario by key ("points.pull"), for how people respond.
        span : Span
            When it holds.
        """
        raise NotImplementedError(f"{cls.__name__} has no edits")

    @classmethod
    def cost(cls, values: Values, counts: Values) -> float:
        """Return the yuan that a policy costs, given counts of what happened under it in its weeks and districts.

        Parameters
        ----------
        values : mapping
            As for `edits`.
        counts : mapping of str to float
            By name: "years", "residents", a weekly column such as "attended", a measure of a table such as
            "transfers.rows" (`vsim.run.costs`).
        """
        raise NotImplementedError(f"{cls.__name__} has no cost")


def _plain(value: Any) -> float | list[float]:
    return [float(v) for v in value] if isinstance(value, Sequence) else float(value)
