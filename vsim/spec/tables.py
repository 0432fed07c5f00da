"""Table dictionaries: what each table of a data set holds, in one YAML file a table.

Recorder, checks, chart labels, DICTIONARY.md and datapackage.json all read these files, so that a column is
described once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, cast

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import PACKAGE, Document, read_yaml
from vsim.spec.plain_yaml import Location, one_line

TYPES = ("string", "integer", "number", "boolean", "date")
ORDERED: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "date": (date,)}
COLUMN_FIELDS = ("label", "type", "description", "unit", "required", "unique", "minimum", "maximum", "enum",
                 "enum_labels", "foreign_key", "sensitive", "truth")
TABLE_FIELDS = ("name", "title", "label", "description", "source", "primary_key", "truth", "columns")

Type = Literal["string", "integer", "number", "boolean", "date"]
Bound = int | float | date


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `enum` holds the codes it may take, `enum_labels` what they mean.

    `foreign_key` is "table.column" or None; `sensitive` marks personal data, `truth` what no agency sees.
    """

    name: str
    type: Type
    label: str
    description: str
    unit: str | None = None
    required: bool = False
    unique: bool = False
    minimum: Bound | None = None
    maximum: Bound | None = None
    enum: tuple[str, ...] | None = None
    enum_labels: Mapping[str, str] = field(default_factory=dict)
    foreign_key: str | None = None
    sensitive: bool = False
    truth: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a data set: its names, keys and columns, in order. `truth` tables never reach a learner."""

    name: str
    title: str
    label: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    truth: bool = False
    description: str = ""
    source: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by name.

        Raises
        ------
        UsageError
            When the table has no such column; the nearest is named.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UsageError(f"table {self.name}: has no column '{one_line(name)}'; "
                         f"allowed {listing(self.names, 12)}.{did_you_mean(name, self.names)}")


@cache
def load_tables() -> Mapping[str, Table]:
    """Return every table dictionary of the package by name (read once, keys between tables checked).

    Raises
    ------
    UsageError
        When a dictionary is incomplete or points to a column that does not exist; file and line are named.
    """
    return _tables("tables", {})


@cache
def load_office_tables() -> Mapping[str, Table]:
    """Return the dictionary of every table that the offices write, by name; keys may point to those of the registers.

    Raises
    ------
    UsageError
        As `load_tables`.
    """
    return _tables("tables/office", load_tables())


@cache
def load_platform_tables() -> Mapping[str, Table]:
    """Return the dictionary of every table of the common schema of several platforms, by name."""
    return _tables("observe/tables", load_tables())


@cache
def load_study_tables() -> Mapping[str, Table]:
    """Return the dictionary of every table that a study of twin worlds adds to a data set, by name."""
    return _tables("tables/study", load_tables())


def _tables(folder: str, known: Mapping[str, Table]) -> Mapping[str, Table]:
    documents = [read_yaml(path) for path in sorted((PACKAGE / folder).glob("*.yaml"))]
    tables = {document.path.stem: read_table(document) for document in documents}
    for document in documents:
        for column in tables[document.path.stem].columns:
            if column.foreign_key is not None:
                _check_key(document, column, {**known, **tables})
    return MappingProxyType(tables)


def _check_key(document: Document, column: Column, tables: Mapping[str, Table]) -> None:
    table, _, target = (column.foreign_key or "").partition(".")
    if table not in tables or target not in tables[table].names:
        choices = [f"{other.name}.{name}" for other in tables.values() for name in other.names]
        where = document.where(("columns", column.name, "foreign_key"))
        raise UsageError(f"{where}: foreign_key is {column.foreign_key}; allowed an existing table.column."
                         f"{did_you_mean(column.foreign_key or '', choices)}")


def read_table(document: Document) -> Table:
    """Return the table that one file describes."""
    data, stem = document.data, document.path.stem
    _check_fields(document, (), data, TABLE_FIELDS, ("title", "label", "primary_key", "columns"))
    if data.get("name", stem) != stem:
        raise _fault(document, ("name",), f"is {one_line(data['name'])}; allowed {stem}, as the file")
    if not isinstance(data["columns"], dict) or not data["columns"]:
        raise _fault(document, ("columns",), "is no mapping of names to columns; allowed one entry a column")
    columns = tuple(_read_column(document, name) for name in data["columns"])
    names = [column.name for column in columns]
    keys = data["primary_key"]
    if not isinstance(keys, list) or not keys or not set(map(str, keys)) <= set(names):
        raise _fault(document, ("primary_key",), f"is {one_line(keys)}; allowed a list of columns")
    return Table(
        name=stem,
        title=str(data["title"]),
        label=str(data["label"]),
        primary_key=tuple(str(key) for key in keys),
        columns=columns,
        truth=data.get("truth") is True,
        description=str(data.get("description") or ""),
        source=None if data.get("source") is None else str(data["source"]),
    )


def _read_column(document: Document, name: str) -> Column:
    place: Location = ("columns", name)
    fields = document.data["columns"][name]
    _check_fields(document, place, fields, COLUMN_FIELDS, ("label", "type", "description"))
    kind = fields["type"]
    if kind not in TYPES:
        raise _fault(document, (*place, "type"), f"is {one_line(kind)}; allowed {', '.join(TYPES)}")
    for bound in ("minimum", "maximum"):
        value = fields.get(bound)
        if value is not None and (isinstance(value, bool) or not isinstance(value, ORDERED.get(kind, ()))):
            raise _fault(document, (*place, bound), f"is {one_line(value)}; allowed a value of type {kind}")
    low, high = fields.get("minimum"), fields.get("maximum")
    if low is not None and high is not None and low > high:
        raise _fault(document, (*place, "maximum"), f"is {high}, below minimum {low}; allowed the reverse")
    enum = fields.get("enum")
    if enum is not None and (not isinstance(enum, list) or len(set(map(str, enum))) != len(enum) or not enum):
        raise _fault(document, (*place, "enum"), f"is {one_line(enum)}; allowed a list of different codes")
    labels = fields.get("enum_labels") or {}
    if not isinstance(labels, dict) or (labels and list(labels) != [str(code) for code in enum or ()]):
        raise _fault(document, (*place, "enum_labels"), "does not match enum; allowed one label a code")
    return Column(
        name=name,
        type=cast(Type, kind),
        label=str(fields["label"]),
        description=str(fields["description"]),
        unit=None if fields.get("unit") is None else str(fields["unit"]),
        required=fields.get("required") is True,
        unique=fields.get("unique") is True,
        minimum=low,
        maximum=high,
        enum=None if enum is None else tuple(str(code) for code in enum),
        enum_labels={str(code): str(label) for code, label in labels.items()},
        foreign_key=None if fields.get("foreign_key") is None else str(fields["foreign_key"]),
        sensitive=fields.get("sensitive") is True,
        truth=fields.get("truth") is True,
    )


def _check_fields(
    document: Document, place: Location, fields: Any, allowed: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    if not isinstance(fields, dict):
        raise _fault(document, place, f"is {one_line(fields)}; allowed keys with values")
    for key in fields:
        if key not in allowed:
            raise _fault(document, (*place, key), f"is an unknown key; allowed {', '.join(allowed)}")
    for key in needed:
        if fields.get(key) is None:
            raise _fault(document, place, f"has no {key}; allowed {', '.join(needed)} and more")


def _fault(document: Document, place: Location, text: str) -> UsageError:
    name = ".".join(str(part) for part in place) or f"table {document.path.stem}"
    return UsageError(f"{document.where(place)}: {name} {text}. Correct the dictionary.")
