"""The syllabus row of a lesson or unit: what stands under `vsim:` in the front matter of its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.clauses import load_clauses
from vsim.spec.loading import Document, parse_yaml, shown
from vsim.spec.plain_yaml import Location, one_line

TIERS = ("foundation", "practitioner", "leader")
TRACKS = ("management", "evaluation", "policy")
NAME = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*")
LONGEST = 600                                                   # minutes: ten hours, more than a unit may take
HEADER = ("jupytext", "kernelspec", "language_info", "vsim")
LISTS = ("objectives", "competencies", "clauses", "prerequisites", "data")
OPTIONAL = ("prerequisites", "data", "examined")


@dataclass(frozen=True, slots=True)
class Syllabus:
    """What a lesson or unit is about.

    Attributes
    ----------
    id : str
        Name in small letters: "management/01-registers-and-rates", or of a unit "foundation-01-registers-and-rates".
    title : str
        Title in English; translated in the catalogue.
    tier, track : str
        One of `TIERS` and one of `TRACKS`.
    minutes : int
        Time that a learner needs.
    objectives : tuple of str
        What a learner can do afterwards, in English; translated in the catalogue.
    competencies, clauses, prerequisites, data : tuple of str
        Keys of competencies, clauses of the policy text, ids of lessons that come first, names of data sets.
    examined : tuple of tuple of str
        For each objective the tasks and hand-marked cells of a unit that show it, such as [[q1], [q2, q3]].
    """

    id: str
    title: str
    tier: str
    track: str
    minutes: int
    objectives: tuple[str, ...]
    competencies: tuple[str, ...]
    clauses: tuple[str, ...]
    prerequisites: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    examined: tuple[tuple[str, ...], ...] = ()


KEYS = tuple(field.name for field in fields(Syllabus))


def read_front_matter(text: str, path: Path) -> Syllabus:
    """Return the syllabus in the front matter at the head of a source text.

    Raises
    ------
    UsageError
        One line with file and line for whatever is wrong.
    """
    document = parse_yaml("\n" + _front_matter(text, path), path)       # the first line is the "---"
    _known(document, document.data, HEADER, ())
    _check_header(document)
    row = document.data.get("vsim")
    if not isinstance(row, Mapping):
        raise _fault(document, ("vsim",), f"vsim is {one_line(row)}; allowed keys {listing(KEYS, 12)}.")
    _known(document, row, KEYS, ("vsim",))
    missing = [key for key in KEYS if key not in row and key not in OPTIONAL]
    if missing:
        raise _fault(document, ("vsim",), f"vsim lacks {listing(missing)}. Write a value for each.")
    return _row(document, row)


def _front_matter(text: str, path: Path) -> str:
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*$", text, re.DOTALL | re.MULTILINE)
    if found is None:
        raise UsageError(f"{shown(path)}:1: has no front matter; allowed YAML between two lines '---'. "
                         "Begin the file with jupytext, kernelspec and vsim.")
    return found[1]


def _check_header(document: Document) -> None:
    """Refuse a source of another language or format, or one that is paired with a notebook."""
    jupytext, kernel = document.data.get("jupytext") or {}, document.data.get("kernelspec") or {}
    for key, value in (("jupytext", jupytext), ("kernelspec", kernel)):
        if not isinstance(value, Mapping):
            raise _fault(document, (key,), f"{key} is {one_line(value)}; allowed keys with values.")
    if "formats" in jupytext:
        raise _fault(document, ("jupytext", "formats"), "jupytext.formats pairs the source with a notebook; a pair "
                     "can put answers back into a learner's copy. Remove the line.")
    representation = jupytext.get("text_representation") or {}
    name = representation.get("format_name") if isinstance(representation, Mapping) else representation
    if name != "myst":
        raise _fault(document, ("jupytext", "text_representation"),
                     f"jupytext.text_representation.format_name is {one_line(name)}; allowed myst.")
    if kernel.get("name") != "python3":
        raise _fault(document, ("kernelspec", "name"),
                     f"kernelspec.name is {one_line(kernel.get('name'))}; allowed python3.")


def _row(document: Document, row: Mapping[str, Any]) -> Syllabus:
    for key, choices in (("tier", TIERS), ("track", TRACKS)):
        _one_of(document, ("vsim", key), row[key], choices)
    minutes = row["minutes"]
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= LONGEST:
        raise _fault(document, ("vsim", "minutes"),
                     f"vsim.minutes is {one_line(minutes)}; allowed a whole number from 1 to {LONGEST}.")
    texts = {key: _texts(document, key, row.get(key, [])) for key in LISTS}
    for place, clause in enumerate(texts["clauses"]):
        _one_of(document, ("vsim", "clauses", place), clause, load_clauses())
    if not texts["objectives"]:
        raise _fault(document, ("vsim", "objectives"), "vsim.objectives is empty; allowed at least one objective.")
    return Syllabus(
        _name(document, row["id"]), _text(document, ("vsim", "title"), row["title"]), row["tier"], row["track"],
        minutes, **texts, examined=_examined(document, row.get("examined", []), len(texts["objectives"])),
    )


def _examined(document: Document, value: Any, objectives: int) -> tuple[tuple[str, ...], ...]:
    """Return for each objective what shows it; nothing where the source does not say."""
    lists = value if isinstance(value, list) else None
    if lists is None or not all(isinstance(names, list) and names for names in lists) or len(lists) not in (
            0, objectives):
        raise _fault(document, ("vsim", "examined"),
                     f"vsim.examined is {one_line(value)}; allowed a list of tasks for each of the {objectives} "
                     "objectives, in their order, such as [[q1], [q2, q3]].")
    return tuple(tuple(_text(document, ("vsim", "examined", place), name) for name in names)
                 for place, names in enumerate(lists))


def _name(document: Document, value: Any) -> str:
    text = _text(document, ("vsim", "id"), value)
    if not NAME.fullmatch(text) or len(text) > 64:
        raise _fault(document, ("vsim", "id"), f"vsim.id is {one_line(text)}; allowed small letters, digits, '-' and "
                     "'/', at most 64, such as management/01-registers-and-rates.")
    return text


def _text(document: Document, location: Location, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _fault(document, location, f"{_dotted(location)} is {one_line(value)}; allowed words. "
                     "Put a number or a date in quotes.")
    return value.strip()


def _texts(document: Document, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _fault(document, ("vsim", key), f"vsim.{key} is {one_line(value)}; allowed a list, such as [a, b].")
    found = tuple(_text(document, ("vsim", key, place), item) for place, item in enumerate(value))
    twice = sorted({item for item in found if found.count(item) > 1})
    if twice:
        raise _fault(document, ("vsim", key), f"vsim.{key} names {one_line(twice[0])} twice. Keep one of the two.")
    return found


def _one_of(document: Document, location: Location, value: Any, choices: Any) -> None:
    if value not in choices:
        nearest = did_you_mean(str(value), choices) or f" Allowed {listing(choices)}."
        raise _fault(document, location, f"{_dotted(location)} is {one_line(value)}, which is not known.{nearest}")


def _known(document: Document, found: Mapping[str, Any], allowed: tuple[str, ...], location: Location) -> None:
    for key in found:
        if key not in allowed:
            nearest = did_you_mean(key, allowed) or f" Allowed {listing(allowed, 12)}."
            raise _fault(document, (*location, key), f"the key '{one_line(key)}' is not known.{nearest}")


def _fault(document: Document, location: Location, text: str) -> UsageError:
    return UsageError(f"{document.where(location)}: {text}")


def _dotted(location: Location) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")
