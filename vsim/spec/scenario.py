"""Scenarios: a world, a run, changed parameters and policies, as a file that a person can read and write."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import BeforeValidator, Field, field_validator

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.calendar import is_monday
from vsim.spec.cards import check_value, values
from vsim.spec.declared import DeclarationError, Declared, as_list, nested
from vsim.spec.feedback import Feedback, check_feedback
from vsim.spec.lever_files import load_levers
from vsim.spec.loading import PACKAGE, Document, read_yaml, shown
from vsim.spec.plain_yaml import one_line
from vsim.spec.policy import Day, Policy, ScheduledPolicy
from vsim.spec.schedule import in_canonical_order, schedule
from vsim.spec.world_spec import WorldSpec

FORMAT = 1
FOLDER = "scenarios"
SUFFIXES = (".yaml", ".yml")
FIRST_YEAR, LAST_YEAR = 1950, 2150


class HasPolicy(Protocol):
    """A lever as people write it in Python, such as `vsim.Stars(...)`: it can say what policy it is."""

    def policy(self) -> Policy:
        """Return the policy that this lever stands for."""
        ...


class Scenario(Declared):
    """A world, the weeks to run, parameters that differ from their cards, and policies.

    `weeks` are counted from `start`, a Monday; `warmup_weeks` run before it, without policies. `extends`
    names the scenario that a file was written on top of; it is already merged in and changes nothing more.
    Rules of `feedback` move numbers of policies in `vsim run nation`.

    Raises
    ------
    UsageError
        For whatever is wrong with a field, in one line.
    """

    kind: ClassVar[str] = "scenario"

    name: str = Field(pattern=r"^[\w-]{1,60}$", description="letters, digits, _ and -, at most 60")
    title: str = Field(default="", max_length=200, description="text of at most 200 characters")
    question: str | None = Field(default=None, max_length=1000, description="text, at most 1,000 characters")
    extends: str | None = Field(default=None, description="the name of a scenario, or a path to its file")
    world: WorldSpec = Field(description="keys residents, districts, prefectures, registered_share, and more")
    start: Day = Field(description="a Monday such as 2025-01-06")
    weeks: int = Field(ge=1, le=1040, description="a whole number of weeks, 1 to 1040")
    warmup_weeks: int = Field(default=0, ge=0, le=520, description="a whole number of weeks, 0 to 520")
    parameters: dict[str, float] = Field(
        default_factory=dict, description="names of parameters with numbers, such as {participation.x: 1.0}"
    )
    policies: Annotated[list[Policy], BeforeValidator(as_list)] = Field(
        default_factory=list, max_length=200, description="a list, at most 200 policies, each with a lever"
    )
    feedback: Annotated[list[Feedback], BeforeValidator(as_list)] = Field(
        default_factory=list, max_length=20, description="a list, at most 20 rules, each with policy and parameter"
    )

    @field_validator("parameters", mode="plain")
    @classmethod
    def _mapping(cls, value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ValueError("no mapping")
        return dict(value)

    def model_post_init(self, context: Any, /) -> None:
        """Check dates, parameters, and that policies fit the world and the run."""
        if not is_monday(self.start) or not FIRST_YEAR <= self.start.year <= LAST_YEAR:
            text = f"is {self.start} ({self.start:%A}); allowed a Monday, {FIRST_YEAR} to {LAST_YEAR}."
            raise DeclarationError(self.kind, ("start",), text)
        for key, value in self.parameters.items():
            try:
                self.parameters[key] = check_value(key, value) + 0.0
            except UsageError as error:
                text = str(error).removeprefix("parameters: ").removeprefix(f"{key} ")
                raise DeclarationError(self.kind, ("parameters", key), text) from None
        self.schedule()
        check_feedback(self.feedback, self.policies)

    def schedule(self) -> list[ScheduledPolicy]:
        """Return the policies with weeks, districts and values filled in, in the order of the file."""
        return schedule(self.policies, self.start, self.weeks, self.districts, self.parameters)

    @property
    def districts(self) -> tuple[str, ...]:
        """The codes of the world's districts."""
        return self.world.codes

    @property
    def values(self) -> dict[str, float]:
        """Every number of the model in this scenario, by the key of its card."""
        return values(self.parameters)

    def canonical(self) -> dict[str, Any]:
        """Return everything that changes results under one model version, with dates turned into weeks.

        Parameters are those that differ from their cards: a card's default belongs to the model version, so a new card
        changes no hash.
        """
        settings = {card.key for lever in load_levers().values() for card in lever.cards.values()}
        usual = values({})
        return {
            "format": FORMAT,
            "world": self.world.model_dump(),
            "start": self.start.isoformat(),
            "weeks": self.weeks,
            "warmup_weeks": self.warmup_weeks,
            "parameters": {
                key: number for key, number in self.values.items() if key not in settings and number != usual[key]
            },
            "policies": [item.to_dict() for item in in_canonical_order(self.schedule())],
        } | ({"feedback": [rule.model_dump() for rule in self.feedback]} if self.feedback else {})

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal, of everything that changes results (names and titles do not)."""
        return hashlib.sha256(_canonical_text(self.canonical()).encode()).hexdigest()

    def with_levers(self, *levers: HasPolicy | Policy) -> Scenario:
        """Return this scenario with more policies, such as `with_levers(vsim.Stars(...))`."""
        added = [lever if isinstance(lever, Policy) else lever.policy() for lever in levers]
        return self._changed({"policies": [*self.policies, *added]})

    def with_policies(self, policies: Sequence[Policy]) -> Scenario:
        """Return this scenario with these policies in place of its own."""
        return self._changed({"policies": list(policies)})

    def with_world(self, world: WorldSpec) -> Scenario:
        """Return this scenario in another world."""
        return self._changed({"world": world})

    def with_values(self, parameters: Mapping[str, float]) -> Scenario:
        """Return this scenario with other parameters, such as `with_values({"participation.x": 1.0})`."""
        return self._changed({"parameters": {**self.parameters, **parameters}})

    def for_weeks(self, weeks: int) -> Scenario:
        """Return this scenario run for another number of weeks."""
        return self._changed({"weeks": weeks})

    def _changed(self, fields: Mapping[str, Any]) -> Scenario:
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return Scenario(**{**own, **fields})


def _canonical_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True)


def scenario_names() -> list[str]:
    """Return the names of the scenarios that come with vsim, in order."""
    return sorted(path.stem for path in (PACKAGE / FOLDER).glob("*.yaml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a scenario that comes with vsim, by name, or one from a file, by path.

    Raises
    ------
    UsageError
        One line that names the file and the line, for every way in which a file can be wrong.
    """
    return _load(find_scenario(name_or_path, Path()), ())


def find_scenario(name_or_path: str | Path, folder: Path) -> Path:
    """Return the file of a scenario: one that comes with vsim, by name, or a path as seen from a folder."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(SUFFIXES) or "/" in text or "\\" in text:
        return folder / name_or_path
    if text in scenario_names():
        return PACKAGE / FOLDER / f"{text}.yaml"
    names = scenario_names()
    raise UsageError(f"scenario is '{one_line(text)}'; allowed {listing(names)}, or the path of a file."
                     f"{did_you_mean(text, names)}")


def _load(path: Path, below: tuple[Path, ...]) -> Scenario:
    document = read_yaml(path)
    try:
        return _assemble(document, (*below, path.resolve()))
    except DeclarationError as fault:
        said = str(fault).partition(": ")[2]
        raise UsageError(f"{document.where(fault.location)}: {said}") from None


def _assemble(document: Document, chain: tuple[Path, ...]) -> Scenario:
    fields = dict(document.data)
    for key in ("world", "parameters"):
        if key in fields and not isinstance(fields[key], dict):
            text = f"is {one_line(fields[key])}; allowed keys with values."
            raise DeclarationError("scenario", (key,), text)
    if fields.get("extends") is not None:
        fields = _merged(_parent(document, fields["extends"], chain), fields)
    fields.setdefault("name", re.sub(r"[^\w-]+", "-", document.path.stem)[:60])
    if "world" in fields:
        fields["world"] = nested("scenario", WorldSpec, fields["world"], ("world",))
    for key, model in (("policies", Policy), ("feedback", Feedback)):
        if isinstance(fields.get(key), list):
            fields[key] = [item if isinstance(item, model) else nested("scenario", model, item, (key, index))
                           for index, item in enumerate(fields[key])]
    return Scenario(**fields)


def _parent(document: Document, named: object, chain: tuple[Path, ...]) -> Scenario:
    if not isinstance(named, str):
        text = f"is {one_line(named)}; allowed the name of a scenario, or a path."
        raise DeclarationError("scenario", ("extends",), text)
    try:
        path = find_scenario(named, document.path.parent)
    except UsageError as error:
        raise DeclarationError("scenario", ("extends",), str(error).removeprefix("scenario ")) from None
    if path.resolve() in chain:
        text = f"comes back to {shown(path)}; allowed no circle. Let one of the files stand alone."
        raise DeclarationError("scenario", ("extends",), text)
    return _load(path, chain)


def _merged(parent: Scenario, fields: Mapping[str, Any]) -> dict[str, Any]:
    own = {key: getattr(parent, key) for key in ("start", "weeks", "warmup_weeks", "policies", "feedback")}
    merged = {**own, **fields}
    merged["world"] = {**parent.world.model_dump(), **fields.get("world", {})}
    merged["parameters"] = {**parent.parameters, **fields.get("parameters", {})}
    return merged
