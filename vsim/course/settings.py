"""What course.yaml says of a course, and how a new one is written: every line with what it allows behind it."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Literal

import yaml
from pydantic import Field

from vsim.spec.declared import Declared


class Settings(Declared):
    """What course.yaml says."""

    kind: ClassVar[str] = "course"

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", description="letters, digits, _ and -, at most 40")
    language: Literal["en", "zh_CN"] = Field(default="en", description="en or zh_CN")
    units: list[str] = Field(default_factory=list, description="a list of folders with units of your own")
    cell_seconds: int = Field(default=30, ge=1, le=3600, description="a whole number of seconds, 1 to 3600")
    notebook_seconds: int = Field(default=180, ge=5, le=7200, description="a whole number of seconds, 5 to 7200")
    memory_gib: float = Field(default=4.0, ge=0.5, le=256, description="a number of GiB, 0.5 to 256")
    kernel: Literal["forked", "fresh"] = Field(
        default="fresh", description="fresh or forked: each kernel started anew, or forked from one with all imports")
    weak: bool = Field(default=False, description="true or false")
    jail: Literal["any", "bwrap"] = Field(
        default="any", description="any or bwrap: the least jail in which learners' code may run")
    tier: Literal["foundation", "practitioner", "leader"] = Field(
        default="foundation", description="foundation, practitioner or leader")
    cohort: str = Field(default="", max_length=80, description="what the cohort is called, at most 80 characters")
    issuer: str = Field(default="", max_length=80,
                        description="who issues certificates, at most 80 characters; without it the cohort's name")
    utc_offset: str = Field(default="+08:00", pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$",
                            description="hours and minutes that the course's clock is ahead of UTC, such as '+08:00'")
    counts: Literal["best", "last"] = Field(default="best", description="best or last: the attempt that counts")
    grace_minutes: int = Field(default=15, ge=0, le=1440,
                               description="minutes after the due date not counted, 0 to 1440")
    late_per_day: float = Field(default=0.0, ge=0, le=1, description="share of an attempt's points lost for each day "
                                "begun after the due date, 0 to 1")
    late_days: int = Field(default=365, ge=0, le=365,
                           description="days late after which an attempt earns nothing, 0 to 365")


def settings_text(settings: Settings) -> str:
    """Return course.yaml for a new course."""
    fields = Settings.model_fields
    lines = [
        "# A course of vsim. What each line allows stands behind it; the name is part of every learner's seed: keep it."
    ]
    lines += [f"{key}: {_written(value)}    # {fields[key].description}"
              for key, value in settings.model_dump().items()]
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    """Return a value as YAML reads it back: text that looks like something else, such as "+08:00", in quotes."""
    if isinstance(value, str) and value and yaml.safe_load(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
