"""The sources that cards, targets and docstrings name by key: who said it, where, and how sure we are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from vsim.errors import UsageError, did_you_mean
from vsim.spec.loading import PACKAGE, Document, read_yaml
from vsim.spec.plain_yaml import one_line

FILE = "sources.yaml"
KINDS = ("article", "law", "standard", "press", "data", "report", "software")
GRADES = {
    "V": "seen in the named source, often its abstract or a press summary",
    "C": "computed from the named data",
    "R": "recalled, to be checked",
    "A": "assumed",
}
NEEDED = ("authors", "title", "year", "where", "kind", "grade", "note")

Kind = Literal["article", "law", "standard", "press", "data", "report", "software"]
Grade = Literal["V", "C", "R", "A"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source. `grade` says how its numbers were seen (`GRADES`), `note` what exactly was seen."""

    key: str
    title: str
    authors: str
    year: str
    where: str
    kind: Kind
    grade: Grade
    note: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}). {self.title}. {self.where}."


@cache
def load_sources() -> Mapping[str, Source]:
    """Return every source by key, in the order of the file (read once).

    Raises
    ------
    UsageError
        When an entry is incomplete; file and line are named.
    """
    document = read_yaml(PACKAGE / FILE)
    return MappingProxyType({key: _read(document, key) for key in document.data})


def _read(document: Document, key: str) -> Source:
    fields = document.data[key]
    where = document.where((key,))
    if not isinstance(fields, dict):
        raise UsageError(f"{where}: {key} is {one_line(fields)}; allowed keys with values. Correct it.")
    for name in NEEDED:
        if fields.get(name) is None:
            raise UsageError(f"{where}: {key} has no {name}; allowed {', '.join(NEEDED)}. Add it.")
    for name in fields:
        if name not in NEEDED:
            raise UsageError(f"{document.where((key, name))}: {name} is an unknown key."
                             f"{did_you_mean(name, NEEDED)}")
    if fields["kind"] not in KINDS:
        raise UsageError(f"{document.where((key, 'kind'))}: kind is {one_line(fields['kind'])};"
                         f" allowed {', '.join(KINDS)}. Correct it.")
    if fields["grade"] not in GRADES:
        raise UsageError(f"{document.where((key, 'grade'))}: grade is {one_line(fields['grade'])};"
                         f" allowed {', '.join(GRADES)}. Correct it.")
    text = {name: str(fields[name]) for name in ("title", "authors", "year", "where", "note")}
    return Source(key=key, kind=cast(Kind, fields["kind"]), grade=cast(Grade, fields["grade"]), **text)


def source(key: str) -> Source:
    """Return one source.

    Raises
    ------
    UsageError
        When no source has this key; the nearest is named.
    """
    known = load_sources()
    if key not in known:
        raise UsageError(f"source is '{one_line(key)}'; allowed keys of vsim/sources.yaml."
                         f"{did_you_mean(key, known)}")
    return known[key]
