"""Checks the cells of one table against its dictionary, and the keys between tables."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from vsim.i18n import t
from vsim.report.package_privacy import private_cells
from vsim.report.package_problem import Problem, problem
from vsim.report.package_reading import LONGEST, Loaded
from vsim.spec.tables import Column

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
ZEROS = re.compile(r"-?0[0-9]+(?:\.[0-9]*)?")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FORMULA = ("=", "+", "@")
Fault = tuple[str, str]                 # rule, what is allowed


def check_cells(loaded: Loaded, most: int) -> list[Problem]:
    """Return the faults inside one table: cells, keys, private numbers; at most `most` of a kind in a column.

    Parameters
    ----------
    loaded : Loaded
    most : int
        After so many faults of one rule in one column the rest is counted in one more fault.
    """
    found: list[Problem] = []
    for column in loaded.table.columns:
        values = loaded.columns.get(column.name)
        if values is not None:
            found += _check_column(loaded, column, values, most)
    for name, values in loaded.columns.items():
        found += private_cells(loaded.table.name, name, values, most)
    return found + _check_key(loaded, most)


def _check_column(loaded: Loaded, column: Column, values: list[str], most: int) -> list[Problem]:
    judge, distinct = _judge(column), set(values)
    suspect = set() if _plain_text(column, distinct) else distinct
    bad = {value: fault for value in suspect if (fault := judge(value)) is not None}
    bad.update(dict.fromkeys(_short_codes(column, distinct) - set(bad), ("leading-zeros", "")))
    rows = _Rows(loaded, column.name, most)
    if bad:
        for row, value in enumerate(values, start=2):
            if value in bad:
                rows.add(row, value, *bad[value])
    if column.unique:
        for row, value in _repeats(values):
            rows.add(row, value, "unique", "")
    return rows.problems()


def _plain_text(column: Column, distinct: set[str]) -> bool:
    """Say whether nothing can be wrong with any of these texts: one look instead of one for each."""
    if column.type != "string" or column.enum or (column.required and "" in distinct):
        return False
    short = max(map(len, distinct), default=0) <= LONGEST
    return short and "".join(distinct).isprintable() and not any(one.startswith(FORMULA) for one in distinct)


class _Rows:
    """Collects the faults of one column, a bounded number of each rule."""

    def __init__(self, loaded: Loaded, column: str, most: int) -> None:
        self.loaded, self.column, self.most = loaded, column, most
        self.found: dict[str, list[Problem]] = {}
        self.count: Counter[str] = Counter()

    def add(self, row: int, value: str, rule: str, allowed: str) -> None:
        if row in self.loaded.ragged:
            return
        self.count[rule] += 1
        if self.count[rule] <= self.most:
            shown: object = len(value) if rule == "huge-cell" else value
            each = problem(rule, self.loaded.table.name, shown, self.column, row, allowed)
            self.found.setdefault(rule, []).append(each)

    def problems(self) -> list[Problem]:
        result = [each for kind in self.found.values() for each in kind]
        for rule, count in self.count.items():
            if count > self.most:
                more = problem("more", self.loaded.table.name, count - self.most, f"{self.column} ({rule})")
                result.append(more)
        return result


def _judge(column: Column) -> Callable[[str], Fault | None]:
    """Return the function that says what is wrong with one cell of a column, or None."""
    by_type: dict[str, Callable[[str], Fault | None]] = {
        "string": _string, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date,
    }
    typed = by_type[column.type]

    def judge(value: str) -> Fault | None:
        if value == "":
            return ("required", "") if column.required else None
        if len(value) > LONGEST:
            return ("huge-cell", str(LONGEST))
        fault = typed(value)
        if fault is not None:
            return fault
        if column.enum is not None and value not in column.enum:
            return ("enum", ", ".join(column.enum))
        return None if column.type in ("string", "boolean") else _range(column, value)

    return judge


def _string(value: str) -> Fault | None:
    if not value.isprintable():
        return ("control", "")
    return ("formula", "") if value.startswith(FORMULA) else None


def _integer(value: str) -> Fault | None:
    if ZEROS.fullmatch(value):
        return ("leading-zeros", "")
    return None if INTEGER.fullmatch(value) else ("type", "integer")


def _number(value: str) -> Fault | None:
    if ZEROS.fullmatch(value):
        return ("leading-zeros", "")
    plain = NUMBER.fullmatch(value) and math.isfinite(float(value))
    return None if plain else ("type", "number")


def _boolean(value: str) -> Fault | None:
    return None if value in ("true", "false") else ("type", "true, false")


def _date(value: str) -> Fault | None:
    if DATE.fullmatch(value):
        try:
            date.fromisoformat(value)
            return None
        except ValueError:
            pass
    return ("date", "")


def _range(column: Column, value: str) -> Fault | None:
    low, high = column.minimum, column.maximum
    size: float = date.fromisoformat(value).toordinal() if column.type == "date" else float(value)
    if low is not None and size < _size(low):
        return ("minimum", f"{low} {t(column.unit or '')}".rstrip())
    if high is not None and size > _size(high):
        return ("maximum", f"{high} {t(column.unit or '')}".rstrip())
    return None


def _size(bound: float | date) -> float:
    return bound.toordinal() if isinstance(bound, date) else float(bound)


def _short_codes(column: Column, distinct: set[str]) -> set[str]:
    """Return codes of digits that a spreadsheet cut: shorter than their fellows with zeros in front."""
    if column.type != "string" or not (column.unique or column.foreign_key):
        return set()
    codes = {value for value in distinct if value.isascii() and value.isdigit()}
    widths = {len(code) for code in codes if code.startswith("0") and len(code) > 1}
    return {code for code in codes if widths and len(code) < min(widths)}


def _repeats(values: list[str]) -> list[tuple[int, str]]:
    if len(set(values)) == len(values):
        return []
    seen: set[str] = set()
    result = []
    for row, value in enumerate(values, start=2):
        if value and value in seen:
            result.append((row, value))
        seen.add(value)
    return result


def _check_key(loaded: Loaded, most: int) -> list[Problem]:
    names = list(loaded.table.primary_key)
    parts = [loaded.columns[name] for name in names if name in loaded.columns]
    alone = {column.name for column in loaded.table.columns if column.unique}
    if not names or len(parts) != len(names) or (len(names) == 1 and names[0] in alone):
        return []
    rows = _Rows(loaded, ", ".join(names), most)
    for row, value in _repeats([" | ".join(cells) for cells in zip(*parts, strict=True)]):
        rows.add(row, value, "primary-key", "")
    return rows.problems()


def check_links(loaded: Loaded, others: Mapping[str, Loaded], most: int) -> list[Problem]:
    """Return the cells that point to rows which are not there; a table that cannot be read is not judged."""
    found: list[Problem] = []
    for column in loaded.table.columns:
        if column.foreign_key is None or column.name not in loaded.columns:
            continue
        other, _, field = column.foreign_key.partition(".")
        if other not in others or field not in others[other].columns:
            continue
        lost = set(loaded.columns[column.name]) - set(others[other].columns[field]) - {""}
        rows = _Rows(loaded, column.name, most)
        if lost:
            for row, value in enumerate(loaded.columns[column.name], start=2):
                if value in lost:
                    rows.add(row, value, "foreign-key", column.foreign_key)
        found += rows.problems()
    return found
