"""Reading YAML and CSV declarations safely: one clear message, with file and line, for whatever is wrong.

What vsim understands of YAML stands in `plain_yaml`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.plain_yaml import Location, PlainReader, one_line

PACKAGE = Path(__file__).resolve().parent.parent
LARGEST = 1_000_000
UTF8 = "utf-8-sig"            # with a byte-order mark or without
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A mapping that was read from a file, with the line on which each key stands."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[Location, int] = field(default_factory=dict)

    def where(self, location: Location = ()) -> str:
        """Return "file:line" of the nearest known place at or above `location`."""
        for end in range(len(location), -1, -1):
            line = self.lines.get(location[:end])
            if line is not None and end:
                return f"{shown(self.path)}:{line}"
        return shown(self.path)

    def fault(self, name: str, text: str, *place: str) -> UsageError:
        """Return the error of an entry: file, line and name, then what is wrong with it."""
        return UsageError(f"{self.where((name, *place))}: {name} {text}")

    def entry(self, name: str, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the fields of an entry that has every key it needs and no other than those allowed.

        Raises
        ------
        UsageError
            When the entry is no mapping, lacks a key, or has one that is unknown (the nearest is named).
        """
        fields = self.data[name]
        if not isinstance(fields, dict):
            raise self.fault(name, f"is {one_line(fields)}; allowed keys with values. Correct it.")
        for key in fields:
            if key not in needed + optional:
                unknown = f"has an unknown key '{one_line(key)}'.{did_you_mean(key, needed + optional)}"
                raise self.fault(name, unknown, key)
        for key in needed:
            if fields.get(key) is None:
                raise self.fault(name, f"has no {key}; allowed {', '.join(needed)}. Add it.")
        return fields


def pick(kind: str, known: Mapping[str, T], name: str) -> T:
    """Return what bears a name; the error for another name lists the first twenty and tells the nearest."""
    if name not in known:
        raise UsageError(f"{kind} is '{one_line(name)}'; allowed {listing(known, 20)}.{did_you_mean(name, known)}")
    return known[name]


@lru_cache(maxsize=4096)
def shown(path: Path) -> str:
    """Return a path as a person would write it: inside the package from `vsim/` on, else as given."""
    try:
        return (Path("vsim") / path.resolve().relative_to(PACKAGE)).as_posix()
    except (ValueError, OSError):
        return one_line(path.as_posix(), 200)


def read_text(path: Path, largest: int = LARGEST, encodings: tuple[str, ...] = (UTF8,)) -> str:
    """Return the text of a UTF-8 file (with or without a byte-order mark).

    Parameters
    ----------
    path : Path
    largest : int
        Bytes that are allowed.
    encodings : tuple of str
        Tried in their order; tables that people write themselves may be in GB18030 as well.

    Raises
    ------
    UsageError
        When the file is missing, a directory, unreadable, larger than `largest` bytes, or not text in an encoding that
        is allowed.
    """
    name = shown(path)
    try:
        if path.is_dir():
            raise UsageError(f"{name}: is a directory; allowed a file. Name one file inside it.")
        if not path.exists():
            raise UsageError(f"{name}: no such file. Check the spelling and the folder you are in.")
        if not path.is_file():
            raise UsageError(f"{name}: is no ordinary file; allowed a file of text. Name one.")
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except (OSError, ValueError) as error:
        reason = one_line(str(getattr(error, "strerror", None) or error))
        raise UsageError(f"{name}: cannot be read ({reason}). Check the path and its permissions.") from None
    if len(raw) > largest:
        raise UsageError(f"{name}: is too large; allowed {largest:,} bytes. Is it the right file?")
    text = _decoded(raw, name, encodings)
    if "\0" in text:
        raise UsageError(f"{name}: holds binary data; allowed UTF-8 text. Is it the right file?")
    return text


def _decoded(raw: bytes, name: str, encodings: tuple[str, ...]) -> str:
    """Return bytes as text in the first encoding that they are text in."""
    line = 1
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
    also = "".join(f" or {encoding.upper()}" for encoding in encodings if encoding != UTF8)
    raise UsageError(f"{name}:{line}: is not UTF-8{also} text. Save the file as UTF-8 and try again.")


def read_yaml(path: Path) -> Document:
    """Return the mapping that a YAML file holds.

    Raises
    ------
    UsageError
        One line that names file and line, for every way in which a file can be wrong.
    """
    return parse_yaml(read_text(path), path)


def parse_yaml(text: str, path: Path) -> Document:
    """Return the mapping in `text`; `path` is the name used in messages."""
    name = shown(path)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = PlainReader(name, yaml.parse(text, Loader=loader))
    try:
        data = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark is not None else ""
        raise UsageError(f"{name}{line}: is not valid YAML ({_problem(error, text)}).") from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise UsageError(f"{name}: is not valid YAML ({one_line(str(error), 120)}).") from None
    return Document(path, data, reader.lines)


def _problem(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    lines = text.splitlines()
    if mark is not None and mark.line < len(lines) and "\t" in lines[mark.line]:
        return "a tab stands where spaces belong; indent with spaces"
    return one_line(str(error.problem or error.context or "unreadable"), 120)


def read_csv(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV file as text, one mapping a row.

    Raises
    ------
    UsageError
        When the header is not exactly `columns`, or a row has more or fewer fields than the header.
    """
    name = shown(path)
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            found = one_line(",".join(header), 120)
            raise UsageError(f"{name}:1: header is {found}; allowed {','.join(columns)}.")
        for row in reader:
            if len(row) != len(columns):
                line = f"{name}:{reader.line_num}"
                raise UsageError(f"{line}: has {len(row)} fields; allowed {len(columns)}. Quote commas.")
            rows.append(dict(zip(columns, row, strict=True)))
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: is not valid CSV ({one_line(str(error))}).") from None
    return rows
