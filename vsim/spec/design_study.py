"""Study files: a question, the arms that answer it, what is measured, over which lucks, worlds and settings.

Arms share world and calendar with the base scenario. They meet the same lucks (common random numbers) unless `crn` is
false. Everything is checked before anything is run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.declared import DeclarationError, Declared, as_list, nested
from vsim.spec.design import Design
from vsim.spec.design_apply import BASE
from vsim.spec.design_arms import Arm, Budget, Names
from vsim.spec.loading import PACKAGE, read_yaml
from vsim.spec.plain_yaml import one_line
from vsim.spec.scenario import SUFFIXES, Scenario, find_scenario, load_scenario

FOLDER = PACKAGE / "studies"
TWINS = ("world", "start", "weeks", "warmup_weeks")
Whole = Annotated[list[int], BeforeValidator(as_list)]


class Plan(Declared):
    """A study file.

    Raises
    ------
    UsageError
        For whatever is wrong with a field, in one line.
    """

    kind: ClassVar[str] = "study"

    name: str = Field(pattern=r"^[\w-]{1,60}$", description="letters, digits, _ and -, at most 60")
    title: str = Field(default="", max_length=200, description="text of at most 200 characters")
    question: str = Field(min_length=3, max_length=1000, description="text, at most 1,000 characters")
    base: str = Field(description="the name of a scenario, or a path to its file")
    pilots: Names = Field(default_factory=list, description="a list of scenarios, by name or path")
    reforms: Names = Field(default_factory=list, description="a list of reforms, by name")
    arms: dict[str, Arm] = Field(default_factory=dict, description="names, each with a scenario, reform or policies")
    outcomes: Names = Field(min_length=1, description="a list of indicators such as [hours_per_registered]")
    estimands: Annotated[list[Literal["total", "att", "spillover"]], BeforeValidator(as_list)] = Field(
        default=["total"], min_length=1, description="a list of total, att, spillover"
    )
    weeks: Whole | None = Field(
        default=None, min_length=2, max_length=2, description="[first, end], weeks of the run; end is not included"
    )
    replicates: int = Field(default=20, ge=1, le=100_000, description="a whole number, 1 or more")
    seeds: Whole = Field(default=[1], min_length=1, description="a list of whole numbers, 0 or more")
    worlds: Whole | None = Field(default=None, min_length=1, description="a list of seeds of people and places")
    crn: bool = Field(default=True, description="true (arms and points meet the same lucks) or false")
    level: float = Field(default=0.95, gt=0, lt=1, description="coverage of intervals, between 0 and 1")
    keep: Annotated[list[Literal["costs", "register"]], BeforeValidator(as_list)] = Field(
        default_factory=list, description="a list of costs, register: what is kept of a run beside weekly counts"
    )
    design: Design | None = Field(default=None, description="keys method, factors, points")
    budget: Budget | None = Field(default=None, description="keys runs and yuan")

    @field_validator("arms", mode="before")
    @classmethod
    def _arms(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {name: item if isinstance(item, Arm) else nested("study", Arm, item, ("arms", str(name)))
                for name, item in value.items()}

    @field_validator("design", "budget", mode="before")
    @classmethod
    def _parts(cls, value: object, info: Any) -> object:
        model = {"design": Design, "budget": Budget}[info.field_name]
        return value if value is None or isinstance(value, model) else nested("study", model, value, (info.field_name,))

    def model_post_init(self, context: Any, /) -> None:
        """Check names and numbers that types do not."""
        for field in ("seeds", "worlds"):
            given = getattr(self, field) or []
            if len(set(given)) != len(given) or any(not 0 <= number < 2**63 for number in given):
                raise DeclarationError(self.kind, (field,), f"is {given}; allowed whole numbers, 0 or more, each once.")
        for name in self.arms:
            if name == BASE or not re.fullmatch(r"\w[\w-]{0,59}", name):
                raise DeclarationError(self.kind, ("arms", name), "is no name of an arm; allowed letters, digits, _ "
                                                                  "and -, and not 'base'.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A study with its scenarios: the base under "base", then every other arm by name; `folder` is that of the file."""

    plan: Plan
    arms: Mapping[str, Scenario]
    folder: Path


def study_names() -> list[str]:
    """Return the names of the studies that come with vsim, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def find_study(name_or_path: str | Path) -> Path:
    """Return the file of a study: one that comes with vsim, by name, or a path."""
    text = str(name_or_path)
    if text in study_names():
        return FOLDER / f"{text}.yaml"
    if Path(text).suffix not in SUFFIXES:
        raise UsageError(f"study is '{one_line(text)}'; allowed {listing(study_names())}, or the path of a YAML file."
                         f"{did_you_mean(text, study_names())}")
    return Path(text)


def load_study(name_or_path: str | Path, outcome: Callable[[str], object] = str) -> Loaded:
    """Return a study that comes with vsim, by name, or one from a file.

    Parameters
    ----------
    name_or_path : str or Path
    outcome : callable
        Called with each outcome; raises UsageError for one that nothing measures.

    Raises
    ------
    UsageError
        One line with file and line, for every way in which it, or a scenario that it names, can be wrong.
    """
    document = read_yaml(find_study(name_or_path))
    fields = dict(document.data)
    fields.setdefault("name", re.sub(r"[^\w-]+", "-", document.path.stem)[:60])
    try:
        plan = Plan(**fields)
        for place, key in enumerate(plan.outcomes):
            with At("outcomes", place):
                outcome(key)
        return assembled(plan, document.path.parent)
    except DeclarationError as fault:
        said = str(fault).partition(": ")[2]
        raise UsageError(f"{document.where(fault.location)}: {said}") from None


def assembled(
    plan: Plan, folder: Path = Path(), base: Scenario | None = None, given: Mapping[str, Scenario] | None = None
) -> Loaded:
    """Return a study with its scenarios; the base, and more arms, may be given in place of names."""
    named = [(Path(name).stem, Arm(scenario=name)) for name in plan.pilots]
    named += [(name, Arm(reform=name)) for name in plan.reforms]
    with At("base"):
        root = base if base is not None else load_scenario(find_scenario(plan.base, folder))
    arms = {BASE: root}
    for name, arm in [*named, *plan.arms.items()]:
        place = ("arms", name) if plan.arms.get(name) is arm else ("reforms",) if arm.reform else ("pilots",)
        if name in arms:
            raise DeclarationError("study", place, f"holds '{name}' twice; allowed once. Rename one.")
        with At(*place):
            arms[name] = arm.on(root, folder)
    arms |= given or {}
    for name, scenario in arms.items():
        for field in TWINS:
            if getattr(scenario, field) != getattr(root, field):
                text = f"{name} has another {field} than base; allowed the same. Write it with `extends`."
                raise DeclarationError("study", ("arms", name) if name in plan.arms else ("pilots",), text)
    if plan.weeks is not None and not 0 <= plan.weeks[0] < plan.weeks[1] <= root.weeks:
        text = f"is {plan.weeks}; allowed two weeks that ascend, 0 to {root.weeks}."
        raise DeclarationError("study", ("weeks",), text)
    return Loaded(plan, arms, folder)


class At:
    """A `with` that tells an error inside it by its place in the study."""

    def __init__(self, *place: str | int) -> None:
        self.place = place

    def __enter__(self) -> None:
        """Do nothing yet."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Give the error its place."""
        if isinstance(error, UsageError):
            raise DeclarationError("study", self.place, f"cannot be used: {error}") from None
