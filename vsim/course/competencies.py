"""Competencies by key: what somebody can do, in which tier it is learned, and what shows it (competencies.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from vsim.course.folder import Course, curriculum_folder
from vsim.course.gate_rules import Both
from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.declared import DeclarationError, Declared, nested
from vsim.spec.loading import read_yaml, shown

FILE = "competencies.yaml"
KIND = "competency"


class Competency(Declared):
    """One competency."""

    kind: ClassVar[str] = KIND

    title: Both = Field(description="keys en and zh")
    tier: Literal["foundation", "practitioner", "leader"] = Field(description="foundation, practitioner or leader")
    shows: Both = Field(description="keys en and zh")

    @field_validator("title", "shows", mode="before")
    @classmethod
    def _texts(cls, value: object, info: Any) -> object:
        return value if isinstance(value, Both) else nested(KIND, Both, value, (info.field_name,))


def read_competencies(path: Path) -> Mapping[str, Competency]:
    """Return the competencies in a file, in its order.

    Raises
    ------
    UsageError
        One line with file and line for whatever is wrong; an unknown key is named with the nearest.
    """
    document = read_yaml(path)
    found: dict[str, Competency] = {}
    for key, fields in document.data.items():
        if not (key.isascii() and key.replace("_", "").isalnum() and key.islower()):
            raise document.fault(key, "is no key; allowed small letters, digits and _. Choose another.")
        try:
            found[key] = nested(KIND, Competency, fields, (key,))
        except DeclarationError as fault:
            raise UsageError(f"{document.where(tuple(fault.location))}: {fault}") from None
    return MappingProxyType(found)


def competencies_of(course: Course) -> Mapping[str, Competency]:
    """Return the competencies that a course goes by: its own competencies.yaml, else those that come with vsim.

    Raises
    ------
    UsageError
        When there are none, or they are wrong.
    """
    own = course.place(FILE)
    if own.is_file():
        return read_competencies(own)
    folder = curriculum_folder()
    if folder is None or not (folder / FILE).is_file():
        raise UsageError(f"{shown(own)}: not found, nor curriculum/{FILE} of vsim; allowed one of the two. Put a copy "
                         "of it into the course folder.")
    return read_competencies(folder / FILE)


def check_keys(keys: Iterable[str], known: Mapping[str, Competency], where: str) -> None:
    """Refuse a competency that does not stand in the list.

    Raises
    ------
    UsageError
        Naming the place and the nearest key.
    """
    for key in keys:
        if key not in known:
            nearest = did_you_mean(key, known) or f" Allowed {listing(known)}."
            raise UsageError(f"{where}: the competency '{key}' does not stand in {FILE}.{nearest}")
