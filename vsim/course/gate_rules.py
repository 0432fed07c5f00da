"""What a tier asks: curriculum/course.yaml, read strictly; a course folder may hold its own as curriculum.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from vsim.course.calendar_dates import AT, DAYS
from vsim.course.folder import Course, curriculum_folder
from vsim.course.syllabus import NAME, TIERS
from vsim.errors import UsageError
from vsim.spec.declared import DeclarationError, Declared, nested
from vsim.spec.loading import parse_yaml, read_text, shown

FILE, OWN = "course.yaml", "curriculum.yaml"
KIND = "curriculum"
ROUNDING = 1e-9              # by which a share may miss what is needed, because 0.8 is no binary fraction


def enough(share: float, least: float) -> bool:
    """Return whether a share reaches what is needed."""
    return share >= least - ROUNDING


class Both(Declared):
    """A text in both languages."""

    kind: ClassVar[str] = KIND

    en: str = Field(min_length=1, max_length=400, description="words in English")
    zh: str = Field(min_length=1, max_length=400, description="words in Chinese")

    def get(self, lang: str) -> str:
        """Return the text in "en" or "zh_CN"."""
        return self.zh if lang == "zh_CN" else self.en


class TierRule(Declared):
    """What one tier asks of a learner.

    `units` is "all" that the course has released, or how many of them; shares are of the points of a unit.
    """

    kind: ClassVar[str] = KIND

    title: Both = Field(description="keys en and zh")
    audience: Both = Field(description="keys en and zh")
    units: Literal["all"] | int = Field(description="all, or a whole number of units, 1 or more")
    least_share: float = Field(ge=0, le=1, description="a share, 0 to 1")
    least_mean: float = Field(ge=0, le=1, description="a share, 0 to 1")
    capstone: str | None = Field(default=None, description="the id of a unit, or null")
    planned: list[str] = Field(default_factory=list, description="a list of names such as management/01-registers")

    @field_validator("title", "audience", mode="before")
    @classmethod
    def _texts(cls, value: object, info: Any) -> object:
        return value if isinstance(value, Both) else nested(KIND, Both, value, (info.field_name,))

    def model_post_init(self, context: Any, /) -> None:
        """Check what types do not."""
        if self.units != "all" and self.units < 1:
            raise DeclarationError(KIND, ("units",), f"is {self.units}; allowed all, or a whole number, 1 or more.")
        for name in (*self.planned, *([self.capstone] if self.capstone is not None else [])):
            if not NAME.fullmatch(name):
                raise DeclarationError(KIND, ("planned",), f"names '{name}'; allowed small letters, digits, - and /.")


class Band(Declared):
    """A word for a mean share, such as merit."""

    kind: ClassVar[str] = KIND

    least: float = Field(ge=0, le=1, description="a share, 0 to 1")
    title: Both = Field(description="keys en and zh")

    @field_validator("title", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        return value if isinstance(value, Both) else nested(KIND, Both, value, ("title",))


class Pace(Declared):
    """What a trainer's calendar starts from."""

    kind: ClassVar[str] = KIND

    days: int = Field(ge=1, le=366, description="a whole number of days, 1 to 366")
    time: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time in quotes, such as \"18:00\"")


class Curriculum(Declared):
    """What course.yaml of the curriculum says."""

    kind: ClassVar[str] = KIND

    tiers: dict[str, TierRule] = Field(description=f"keys {', '.join(TIERS)}")
    bands: list[Band] = Field(min_length=1, description="a list of keys least and title, from the highest share down")
    calendar: Pace = Field(description="keys days and time")

    @field_validator("tiers", "bands", "calendar", mode="before")
    @classmethod
    def _parts(cls, value: object, info: Any) -> object:
        if info.field_name == "tiers" and isinstance(value, Mapping):
            return {str(name): nested(KIND, TierRule, item, ("tiers", str(name))) for name, item in value.items()}
        if info.field_name == "bands" and isinstance(value, list):
            return [nested(KIND, Band, item, ("bands", place)) for place, item in enumerate(value)]
        return nested(KIND, Pace, value, ("calendar",)) if info.field_name == "calendar" else value

    def model_post_init(self, context: Any, /) -> None:
        """Check what types do not: the tiers and their order, and bands that reach every share."""
        if tuple(self.tiers) != TIERS:
            raise DeclarationError(KIND, ("tiers",), f"are {', '.join(self.tiers)}; allowed {', '.join(TIERS)}, in "
                                                     "this order, each once.")
        shares = [band.least for band in self.bands]
        if shares != sorted(set(shares), reverse=True) or shares[-1] > 0:
            raise DeclarationError(KIND, ("bands",), f"begin at {shares}; allowed shares from high to low, the last 0.")

    def band(self, share: float) -> Both:
        """Return the word for a mean share."""
        return next(band.title for band in self.bands if enough(share, band.least))


@dataclass(frozen=True, slots=True)
class Rules:
    """The curriculum that a course goes by, and the checksum of its text."""

    said: Curriculum
    path: Path
    sha256: str

    def before(self, tier: str) -> str | None:
        """Return the tier that must be passed before another opens; None for the first."""
        names = list(self.said.tiers)
        place = names.index(tier)
        return names[place - 1] if place else None


def read_rules(path: Path) -> Rules:
    """Return the curriculum in a file.

    Raises
    ------
    UsageError
        One line with file and line for whatever is wrong; an unknown key is named with the nearest.
    """
    text = read_text(path)
    document = parse_yaml(text, path)
    try:
        said = Curriculum(**document.data)
    except DeclarationError as fault:
        place = tuple(fault.location)
        raise UsageError(f"{document.where(place)}: {fault}") from None
    return Rules(said, path, sha256(text.encode()).hexdigest())


def shipped_pace() -> tuple[int, str]:
    """Return the days between due dates and their time of day, as the curriculum that comes with vsim has them."""
    folder = curriculum_folder()
    if folder is None or not (folder / FILE).is_file():
        return DAYS, AT
    pace = read_rules(folder / FILE).said.calendar
    return pace.days, pace.time


def rules_of(course: Course) -> Rules:
    """Return the curriculum of a course: its own curriculum.yaml, else the one that comes with vsim.

    Raises
    ------
    UsageError
        When there is none, or it is wrong.
    """
    own = course.place(OWN)
    if own.is_file():
        return read_rules(own)
    folder = curriculum_folder()
    if folder is None or not (folder / FILE).is_file():
        raise UsageError(f"{shown(own)}: not found, nor curriculum/{FILE} of vsim; allowed one of the two. Put a copy "
                         f"of curriculum/{FILE} into the course folder as {OWN}.")
    return read_rules(folder / FILE)
