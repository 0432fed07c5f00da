"""Forms of answers: what a number, a choice, a table or a function must look like before it can be right or wrong.

The same form is used twice: in the notebook, for a friendly word at once, and outside it, where a kernel's claim is
read as hostile text. `read` returns a plain value or raises `FormError`; `public` is what a release may say of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from string import ascii_uppercase
from typing import Any, ClassVar, TypeAlias
from unicodedata import normalize

from vsim.course.words import Said

LONGEST = 200  # characters of a text inside an answer
MOST_ROWS = 5_000
LARGEST = 1e15
FAULT = "$fault"  # key under which a kernel says that it could not put a value into plain words


class FormError(ValueError):
    """An answer that is not of its form; `said` is the reason in words that can be translated."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.said = Said(message, values)


def kind_of(value: object) -> str:
    """Return a short word for the type of a value, fit to be shown."""
    if isinstance(value, Mapping) and FAULT in value:
        return str(value[FAULT])[:LONGEST]
    return type(value).__name__


@dataclass(frozen=True, slots=True)
class Number:
    """A number under a name.

    Attributes
    ----------
    name : str
        Variable of the notebook.
    unit : str
        Unit in words.
    whole : bool
        Whether it counts things.
    low, high : float, optional
        Bounds that follow from what it is, not from the answer.
    """

    kind: ClassVar[str] = "number"
    name: str
    unit: str = ""
    whole: bool = False
    low: float | None = None
    high: float | None = None

    def read(self, value: object) -> float | int:
        """Return the number, or raise FormError."""
        if isinstance(value, str):
            raise FormError("{name} is text; write the number without quotation marks", name=self.name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FormError("{name} is of the kind {kind}; a number is wanted", name=self.name, kind=kind_of(value))
        if isinstance(value, int) and abs(value) > LARGEST:
            raise FormError("{name} is far too large", name=self.name)
        if not math.isfinite(value) or abs(value) > LARGEST:
            raise FormError("{name} is no finite number", name=self.name)
        if self.whole and value != int(value):
            raise FormError(
                "{name} is {value}; it counts {unit}, so it must be whole",
                name=self.name,
                value=f"{value:g}",
                unit=Said(self.unit),
            )
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            raise FormError(
                "{name} is {value}; it can only lie between {low} and {high}",
                name=self.name,
                value=f"{value:g}",
                low=_bound(self.low, "-∞"),
                high=_bound(self.high, "∞"),
            )
        return int(value) if self.whole else float(value)

    def public(self) -> dict[str, Any]:
        """Return what a release may say of the form."""
        return {
            "kind": self.kind,
            "name": self.name,
            "unit": self.unit,
            "whole": self.whole,
            "low": self.low,
            "high": self.high,
        }


def _bound(value: float | None, none: str) -> str:
    return none if value is None else f"{value:g}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options, by its letter.

    Attributes
    ----------
    name : str
        Variable of the notebook.
    texts : tuple of str
        The options as messages, in the author's order.
    lettered : bool
        Whether the answer is a letter; else it is the option itself, such as the code of a district.
    order : tuple of int
        In which order a learner sees them; the author's by default. `dealt` shuffles it for a learner.
    """

    kind: ClassVar[str] = "choice"
    name: str
    texts: tuple[str, ...]
    lettered: bool = True
    order: tuple[int, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """What names the options, in the order that the learner sees: letters, or the options themselves."""
        return tuple(ascii_uppercase[: len(self.texts)]) if self.lettered else tuple(self.texts)

    @property
    def seen(self) -> tuple[int, ...]:
        """The author's places of the options, in the order that the learner sees."""
        return self.order or tuple(range(len(self.texts)))

    def dealt(self, seed: int) -> Choice:
        """Return the choice in an order of the learner's own, so that a letter does not carry over to others."""
        if not self.lettered:
            return self
        ranks = [sha256(f"{seed}/{self.name}/{place}".encode()).digest() for place in range(len(self.texts))]
        return replace(self, order=tuple(sorted(range(len(self.texts)), key=ranks.__getitem__)))

    def read(self, value: object) -> int:
        """Return the option's place in the author's order, or raise FormError.

        Small and full-width letters, spaces and a full stop behind the letter are understood, of words as well.
        """
        if isinstance(value, str) and len(value) <= LONGEST:
            letter = normalize("NFKC", value).strip().rstrip(".)。、").strip().upper()
            letters = [one.upper() for one in self.letters]
            if letter in letters:
                return self.seen[letters.index(letter)]
        raise FormError("{name} is none of {options}", name=self.name, options=", ".join(self.letters))

    def public(self) -> dict[str, Any]:
        """Return what a release may say of the form."""
        return {"kind": self.kind, "name": self.name, "texts": list(self.texts), "lettered": self.lettered}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row for each key; a DataFrame in the notebook.

    Attributes
    ----------
    name : str
        Variable of the notebook.
    key : str
        Column of texts that names a row, each once.
    columns : tuple of str
        Columns of numbers.
    """

    kind: ClassVar[str] = "table"
    name: str
    key: str
    columns: tuple[str, ...]

    def read(self, value: object) -> dict[str, dict[str, float]]:
        """Return key -> column -> number, or raise FormError. A cell that is no finite number is left out."""
        if (
            not isinstance(value, Mapping)
            or not _texts(value.get("columns"))
            or not isinstance(value.get("rows"), list)
        ):
            raise FormError("{name} is of the kind {kind}; a table is wanted", name=self.name, kind=kind_of(value))
        names, rows = value["columns"], value["rows"]
        absent = [column for column in (self.key, *self.columns) if names.count(column) != 1]
        if absent:
            raise FormError("{name} must have the column {column} once", name=self.name, column=absent[0])
        if len(rows) > MOST_ROWS or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
            raise FormError("{name} has rows that do not fit its columns", name=self.name)
        found: dict[str, dict[str, float]] = {}
        for row in rows:
            line = dict(zip(names, row, strict=True))
            key = line[self.key]
            if not isinstance(key, str) or len(key) > LONGEST or key in found:
                raise FormError(
                    "{name} must name each row once in the column {column}", name=self.name, column=self.key
                )
            found[key] = {column: float(line[column]) for column in self.columns if _finite(line[column])}
        return found

    def public(self) -> dict[str, Any]:
        """Return what a release may say of the form."""
        return {"kind": self.kind, "name": self.name, "key": self.key, "columns": list(self.columns)}


def _texts(value: object) -> bool:
    return isinstance(value, list) and len(value) <= LONGEST and all(isinstance(item, str) for item in value)


def _finite(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= LARGEST
        and math.isfinite(value)
    )


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the learner completes; what it returns for given inputs is the answer.

    Attributes
    ----------
    name : str
        Name of the function in the notebook.
    result : Number or Choice
        Form of what it returns.
    example : tuple
        Arguments with which the notebook tries it: plain values, tables as {"columns", "rows"}.
    """

    kind: ClassVar[str] = "function"
    name: str
    result: Number | Choice
    example: Sequence[Any] = field(default_factory=tuple)

    def read(self, value: object) -> list[float | int | str | None]:
        """Return the results in the order of the inputs, None where it failed, or raise FormError."""
        if not isinstance(value, list) or len(value) > LONGEST:
            raise FormError("{name} is of the kind {kind}; a function is wanted", name=self.name, kind=kind_of(value))
        results: list[float | int | str | None] = []
        for item in value:
            try:
                results.append(
                    self.result.read(item["value"] if isinstance(item, Mapping) and "value" in item else None)
                )
            except FormError:
                results.append(None)
        return results

    def public(self) -> dict[str, Any]:
        """Return what a release may say of the form."""
        return {"kind": self.kind, "name": self.name, "result": self.result.public(), "example": list(self.example)}


Form: TypeAlias = Number | Choice | Table | Function
