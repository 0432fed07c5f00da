"""Targets of one's own: a CSV file that says what a model is to reach, each row checked before anything is run.

Columns: name, value, unit, source, and either sd or low with high (the ends of a 95 % interval); weight if wished. The
file may be in UTF-8, with or without a byte-order mark, or in GB18030, with commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vsim.errors import UsageError, did_you_mean, listing
from vsim.spec.loading import UTF8, read_text, shown
from vsim.spec.plain_yaml import one_line

NEEDED = ("name", "value", "unit", "source")
SPREAD = ("sd", "low", "high")
COLUMNS = (*NEEDED[:2], *SPREAD, *NEEDED[2:], "weight")
ENCODINGS = (UTF8, "gb18030")
SEPARATORS = ("\t", ";")      # beside the comma
WIDTH95 = 2 * 1.959964        # of a 95 % interval, in standard deviations


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure that a model is to reach.

    Attributes
    ----------
    name : str
        Of a moment or an indicator.
    value, sd : float
        The figure and its standard error, in `unit`.
    unit, source : str
    weight : float
        The variance is divided by it; 0 leaves the target out of the fit and shows it beside.
    row : int
        In the file, the header being row 1.
    """

    name: str
    value: float
    sd: float
    unit: str
    source: str
    weight: float = 1.0
    row: int = 0


def read_aims(path: str | Path, units: Mapping[str, str]) -> list[Aim]:
    """Return the targets of a file, in its order.

    Parameters
    ----------
    path : str or Path
        A CSV file, see the module.
    units : mapping of str to str
        What can be measured, by name, with its unit.

    Raises
    ------
    UsageError
        For the first thing that is wrong, with row, column, value and what is allowed.
    """
    path = Path(path)
    where = shown(path)
    text = read_text(path, encodings=ENCODINGS)
    first = text.partition("\n")[0]
    separator = next((sign for sign in SEPARATORS if sign in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = [[cell.strip() for cell in line] for line in reader]
    except csv.Error as error:
        raise UsageError(f"{where}:{reader.line_num}: is not valid CSV ({one_line(str(error))}).") from None
    head = _head([cell.lower() for cell in lines[0]] if lines else [], where)
    aims: dict[str, Aim] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(line):
            continue
        if len(line) != len(head):
            raise UsageError(f"{where}, row {number}: has {len(line)} fields; allowed {len(head)}. Quote a field that "
                             "holds the separator.")
        aim = _aim(dict(zip(head, line, strict=True)), number, f"{where}, row {number}", units)
        if aim.name in aims:
            raise UsageError(f"{where}, row {number}, column name: '{aim.name}' stands in row {aims[aim.name].row} "
                             "already; allowed once. Keep one of the two.")
        aims[aim.name] = aim
    if not aims:
        raise UsageError(f"{where}: holds no target; allowed one row or more under the header {','.join(head)}.")
    if all(aim.weight == 0 for aim in aims.values()):
        raise UsageError(f"{where}, column weight: is 0 in every row; allowed above 0 in one row at least.")
    return list(aims.values())


def _head(head: list[str], where: str) -> list[str]:
    told = f"allowed {', '.join(NEEDED)}, sd or low and high, and weight"
    if not any(head):
        raise UsageError(f"{where}: is empty; {told} as its header. Write one.")
    for name in head:
        if name not in COLUMNS:
            raise UsageError(f"{where}, row 1: column '{one_line(name)}' is unknown; {told}."
                             f"{did_you_mean(name, COLUMNS)}")
        if head.count(name) > 1:
            raise UsageError(f"{where}, row 1: column '{name}' stands twice; allowed once. Remove one.")
    missing = [name for name in NEEDED if name not in head]
    if missing or not ("sd" in head or {"low", "high"} <= set(head)):
        raise UsageError(f"{where}, row 1: column '{missing[0] if missing else 'sd'}' is missing; {told}. Add it.")
    return head


def _aim(row: Mapping[str, str], number: int, where: str, units: Mapping[str, str]) -> Aim:
    name = row["name"]
    if name not in units:
        raise UsageError(f"{where}, column name: is '{one_line(name)}'; allowed moments and indicators such as "
                         f"{listing(units, 6)}.{did_you_mean(name, units)}")
    if row["unit"].casefold() != units[name].casefold():
        raise UsageError(f"{where}, column unit: is '{one_line(row['unit'])}'; allowed '{units[name]}' for {name}. "
                         "Convert value and sd.")
    if not row["source"]:
        raise UsageError(f"{where}, column source: is empty; allowed a few words on where the figure comes from.")
    value = _number(row, "value", where)
    weight = _number(row, "weight", where) if row.get("weight") else 1.0
    if weight < 0:
        raise UsageError(f"{where}, column weight: is {row['weight']}; allowed 0 (shown, not fitted) or more.")
    return Aim(name, value, _sd(row, value, where), units[name], row["source"], weight, number)


def _sd(row: Mapping[str, str], value: float, where: str) -> float:
    """Return the standard error of a target: as given, or from the ends of its 95 % interval."""
    given = [name for name in SPREAD if row.get(name)]
    if given == ["sd"]:
        sd = _number(row, "sd", where)
        if sd <= 0:
            raise UsageError(f"{where}, column sd: is {row['sd']}; allowed above 0. No figure is without error.")
        return sd
    if given == ["low", "high"]:
        low, high = _number(row, "low", where), _number(row, "high", where)
        if not low <= value <= high or low == high:
            raise UsageError(f"{where}, column low: is {row['low']} with high {row['high']}; allowed ends of an "
                             f"interval that holds the value {row['value']}.")
        return (high - low) / WIDTH95
    column = "sd" if "sd" in row else "low"
    told = "is empty" if not given else f"is given by {', '.join(given)}"
    raise UsageError(f"{where}, column {column}: {told}; allowed sd alone, or low and high without it.")


def _number(row: Mapping[str, str], column: str, where: str) -> float:
    try:
        number = float(row[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        text = row[column]
        told = f"'{one_line(text)}'" if text else "empty"
        raise UsageError(f"{where}, column {column}: is {told}; allowed a finite number such as 0.25.")
    return number
