"""A policy of a scenario: which lever, where, for whom, from when to when, and with which values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.declared import DeclarationError, Declared, as_date, as_list
from vsim.spec.groups import GROUPS
from vsim.spec.lever_files import check_settings, lever_file
from vsim.spec.plain_yaml import one_line

WEEK = "a whole number of weeks from the run's start, 0 or more"
DAY = "a date such as 2025-03-03"
SALT = "a whole number, 0 to 4294967295; another number draws another sample"
LARGEST_SALT = 2**32 - 1
Day = Annotated[date, BeforeValidator(as_date)]
Order = Literal["listed", "random", "need", "selective"]


class Rollout(Declared):
    """Which of a policy's districts get it, and in which batches they start.

    `number` (or `share`) of the districts are chosen in the `order`, all of them by default; the others never get the
    policy. They start in batches of `batch` districts every `every` weeks from the policy's start, by default all at
    once. Orders are `listed` (as the policy's `districts`, or by code), `random` (keyed; `salt` draws anew), `need`
    (highest need first) and `selective` (those first in which volunteering grew fastest before the run, which
    breaks parallel trends on purpose). Every batch ends with the policy.

    Raises
    ------
    UsageError
        When a field is out of range, or stands without the one that it goes with.
    """

    kind: ClassVar[str] = "rollout"

    order: Order = Field(default="listed", description="listed, random, need, selective")
    number: int | None = Field(
        default=None, ge=1, description="a whole number of districts, 1 or more; leave it out to mean all"
    )
    share: float | None = Field(default=None, gt=0, le=1, description="a share of the districts, above 0, at most 1")
    batch: int | None = Field(default=None, ge=1, description="a whole number of districts that start together")
    every: int | None = Field(
        default=None, ge=1, le=1040, description="a whole number of weeks from batch to batch, 1 to 1040"
    )
    salt: int | None = Field(default=None, ge=0, le=LARGEST_SALT, description=SALT)

    def model_post_init(self, context: Any, /) -> None:
        """Check what goes together."""
        if self.number is not None and self.share is not None:
            raise DeclarationError(self.kind, ("share",), "stands beside number; allowed one of the two. Remove one.")
        for one, other in (("batch", "every"), ("every", "batch")):
            if getattr(self, one) is not None and getattr(self, other) is None:
                text = f"stands without {other}; allowed both, or none for one start of all. Add {other}."
                raise DeclarationError(self.kind, (one,), text)
        if self.salt is not None and self.order != "random":
            text = f"stands beside order {self.order}; allowed with order random only. Remove it."
            raise DeclarationError(self.kind, ("salt",), text)


class Policy(Declared):
    """One use of a lever: everywhere or in some districts, for all or for some residents, for a span of weeks.

    The span is half-open: a week belongs to the policy when its Monday is `start` (or `start_week`) or later,
    and before `end` (or `end_week`). It is announced at its start, or in an earlier `announced_week` (or `announced`);
    the batches of a `rollout` keep that lead. Residents are covered who are in any of the `groups`, and of these a
    keyed random `share`. Values that are not given take the default of the lever's cards.

    Raises
    ------
    UsageError
        When lever, value or group is unknown (the nearest is named), a value is out of range, the span is empty,
        or the lever holds for whole districts and the policy names groups or a share.
    """

    kind: ClassVar[str] = "policy"

    lever: str = Field(description="the name of a lever, such as stars")
    start_week: int | None = Field(default=None, ge=0, description=WEEK)
    start: Day | None = Field(default=None, description=DAY)
    end_week: int | None = Field(default=None, ge=1, description=WEEK.replace("0", "1"))
    end: Day | None = Field(default=None, description=DAY)
    announced_week: int | None = Field(default=None, ge=0, description=f"{WEEK}, not after the policy's start")
    announced: Day | None = Field(default=None, description=f"{DAY}, not after the policy's start")
    districts: Annotated[list[str] | None, BeforeValidator(as_list)] = Field(
        default=None,
        min_length=1,
        description="a list of district codes such as [D03, D07]; leave it out to mean everywhere",
    )
    groups: Annotated[list[str] | None, BeforeValidator(as_list)] = Field(
        default=None,
        min_length=1,
        description="a list of groups such as [students, age_60], for residents in any of them; "
                    "leave it out to mean everybody",
    )
    share: float | None = Field(
        default=None, gt=0, le=1, description="a share of the eligible residents, drawn at random, above 0, at most 1"
    )
    salt: int | None = Field(default=None, ge=0, le=LARGEST_SALT, description=SALT)
    rollout: Rollout | None = Field(
        default=None, description="keys order, number or share, batch with every, and salt; leave it out to start "
                                  "in all districts at once",
    )
    values: dict[str, float | list[float]] = Field(
        default_factory=dict, description="names of the lever's values with numbers, such as {per_hour: 2}"
    )

    @field_validator("values", mode="plain")
    @classmethod
    def _mapping(cls, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ValueError("no mapping")
        return dict(value)

    @field_validator("rollout", mode="before")
    @classmethod
    def _rollout(cls, value: object) -> object:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            return value
        try:
            return Rollout(**value)
        except DeclarationError as fault:
            raise DeclarationError(cls.kind, ("rollout", *fault.location), fault.text) from None

    def model_post_init(self, context: Any, /) -> None:
        """Check the span, the lever, who is covered, and the lever's values."""
        self._check_span()
        try:
            lever_file(self.lever)
        except UsageError as error:
            raise DeclarationError(self.kind, ("lever",), str(error).removeprefix("lever ")) from None
        self._check_persons()
        try:
            checked = check_settings(self.lever, self.values)
        except UsageError as error:
            raise DeclarationError(self.kind, (), str(error)) from None
        self.__dict__["values"] = checked

    def _check_span(self) -> None:
        for week, day in (("start_week", "start"), ("end_week", "end"), ("announced_week", "announced")):
            if getattr(self, week) is not None and getattr(self, day) is not None:
                text = f"stands beside {week}; allowed one of the two. Remove one."
                raise DeclarationError(self.kind, (day,), text)
        if self.start_week is not None and self.end_week is not None and self.end_week <= self.start_week:
            text = f"is {self.end_week}; allowed above start_week {self.start_week}. The span is half-open."
            raise DeclarationError(self.kind, ("end_week",), text)
        if self.start is not None and self.end is not None and self.end <= self.start:
            text = f"is {self.end}; allowed after start {self.start}. Swap them?"
            raise DeclarationError(self.kind, ("end",), text)

    def _check_persons(self) -> None:
        for place, name in enumerate(self.groups or ()):
            if name not in GROUPS:
                text = f"is '{one_line(name)}'; allowed {listing(GROUPS, len(GROUPS))}.{did_you_mean(name, GROUPS)}"
                raise DeclarationError(self.kind, ("groups", place), text)
        if self.salt is not None and self.share is None:
            text = "stands without share; allowed with a share of residents only. Add share, or remove it."
            raise DeclarationError(self.kind, ("salt",), text)
        for field in ("groups", "share"):
            given = getattr(self, field)
            if given is not None and "groups" not in lever_file(self.lever).scope:
                text = (f"is {one_line(given)}; allowed none, since {self.lever} holds for whole districts "
                        "(its scope has no groups). Remove it, or name districts.")
                raise DeclarationError(self.kind, (field,), text)


@dataclass(frozen=True, slots=True)
class ScheduledRollout:
    """A roll-out with everything filled in: `number` districts in batches of `batch`, `every` weeks apart."""

    order: Order
    number: int
    batch: int
    every: int
    salt: int = 0

    @property
    def batches(self) -> int:
        """How many batches there are."""
        return -(-self.number // self.batch)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {"order": self.order, "number": self.number, "batch": self.batch, "every": self.every,
                "salt": self.salt}


@dataclass(frozen=True, slots=True)
class ScheduledPolicy:
    """A policy with everything filled in; its weeks run from `start_week` to before `end_week`.

    No `groups` means everybody. `lead` counts the weeks from the announcement to the start. With a `rollout`,
    `districts` are those to choose from; `vsim.spec.rollout.resolve` makes one policy of each batch.
    """

    lever: str
    start_week: int
    end_week: int
    districts: tuple[str, ...]
    values: Mapping[str, float | tuple[float, ...]]
    groups: tuple[str, ...] = ()
    share: float = 1.0
    salt: int = 0
    lead: int = 0
    rollout: ScheduledRollout | None = None

    @property
    def weeks(self) -> range:
        """The weeks in which the policy holds."""
        return range(self.start_week, self.end_week)

    @property
    def announced_week(self) -> int:
        """The week of the announcement."""
        return self.start_week - self.lead

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; groups, share, lead and roll-out only when they say something."""
        values = {name: list(item) if isinstance(item, tuple) else item for name, item in self.values.items()}
        plain: dict[str, Any] = {"lever": self.lever, "start_week": self.start_week, "end_week": self.end_week,
                                 "districts": list(self.districts), "values": values}
        if self.groups:
            plain["groups"] = list(self.groups)
        if self.share < 1:
            plain |= {"share": self.share, "salt": self.salt}
        if self.lead:
            plain["announced_week"] = self.announced_week
        if self.rollout is not None:
            plain["rollout"] = self.rollout.to_dict()
        return plain


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
