"""A policy of a scenario: which lever, where, from when to when, and with which values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from vsim.errors import UsageError
from vsim.spec.declared import DeclarationError, Declared, as_date, as_list
from vsim.spec.lever_files import check_settings, lever_file

WEEK = "a whole number of weeks from the run's start, 0 or more"
DAY = "a date such as 2025-03-03"
Day = Annotated[date, BeforeValidator(as_date)]


class Policy(Declared):
    """One use of a lever: everywhere or in some districts, for the whole run or for some weeks of it.

    The span is half-open: a week belongs to the policy when its Monday is `start` (or `start_week`) or later,
    and before `end` (or `end_week`). Values that are not given take the default of the lever's cards.

    Raises
    ------
    UsageError
        When lever or value is unknown (the nearest is named), a value is out of range, or the span is empty.
    """

    kind: ClassVar[str] = "policy"

    lever: str = Field(description="the name of a lever, such as stars")
    start_week: int | None = Field(default=None, ge=0, description=WEEK)
    start: Day | None = Field(default=None, description=DAY)
    end_week: int | None = Field(default=None, ge=1, description=WEEK.replace("0", "1"))
    end: Day | None = Field(default=None, description=DAY)
    districts: Annotated[list[str] | None, BeforeValidator(as_list)] = Field(
        default=None,
        min_length=1,
        description="a list of district codes such as [D03, D07]; leave it out to mean everywhere",
    )
    groups: None = Field(default=None, description="nothing yet: policies for groups of people are not built")
    values: dict[str, float | list[float]] = Field(
        default_factory=dict, description="names of the lever's values with numbers, such as {per_hour: 2}"
    )

    @field_validator("values", mode="plain")
    @classmethod
    def _mapping(cls, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ValueError("no mapping")
        return dict(value)

    def model_post_init(self, context: Any, /) -> None:
        """Check the lever, its values and the span."""
        for week, day in (("start_week", "start"), ("end_week", "end")):
            if getattr(self, week) is not None and getattr(self, day) is not None:
                text = f"stands beside {week}; allowed one of the two. Remove one."
                raise DeclarationError(self.kind, (day,), text)
        if self.start_week is not None and self.end_week is not None and self.end_week <= self.start_week:
            text = f"is {self.end_week}; allowed above start_week {self.start_week}. The span is half-open."
            raise DeclarationError(self.kind, ("end_week",), text)
        if self.start is not None and self.end is not None and self.end <= self.start:
            text = f"is {self.end}; allowed after start {self.start}. Swap them?"
            raise DeclarationError(self.kind, ("end",), text)
        try:
            lever_file(self.lever)
        except UsageError as error:
            raise DeclarationError(self.kind, ("lever",), str(error).removeprefix("lever ")) from None
        try:
            checked = check_settings(self.lever, self.values)
        except UsageError as error:
            raise DeclarationError(self.kind, (), str(error)) from None
        self.__dict__["values"] = checked


@dataclass(frozen=True, slots=True)
class ScheduledPolicy:
    """A policy with everything filled in; its weeks run from `start_week` to before `end_week`."""

    lever: str
    start_week: int
    end_week: int
    districts: tuple[str, ...]
    values: Mapping[str, float | tuple[float, ...]]

    @property
    def weeks(self) -> range:
        """The weeks in which the policy holds."""
        return range(self.start_week, self.end_week)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        values = {name: list(item) if isinstance(item, tuple) else item for name, item in self.values.items()}
        return {"lever": self.lever, "start_week": self.start_week, "end_week": self.end_week,
                "districts": list(self.districts), "values": values}


def fill(policy: Policy, parameters: Mapping[str, float]) -> dict[str, float | tuple[float, ...]]:
    """Return every value of a policy: its own, else the scenario's parameter, else the card's default."""
    filled: dict[str, float | tuple[float, ...]] = {}
    for name, card in sorted(lever_file(policy.lever).cards.items()):
        given = policy.values.get(name, parameters.get(card.key))
        if given is None:
            filled[name] = card.default
        else:
            filled[name] = tuple(given) if isinstance(given, list) else float(given)
    return filled
