"""Turns frames into the bytes of CSV files as their dictionaries say: the same frame gives the same bytes.

UTF-8 without a byte-order mark, LF, a comma, quotes only where they are needed; numbers with ten significant
digits; an empty cell for what is missing; "true" and "false"; dates as 2026-03-05; codes as text.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from datetime import date, datetime
from numbers import Integral, Real
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError, did_you_mean
from vsim.spec.plain_yaml import one_line
from vsim.spec.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 10


def csv_bytes(frame: pd.DataFrame, table: Table) -> bytes:
    """Return a frame as CSV, its columns in the order of the dictionary.

    Raises
    ------
    DataError
        When a column is missing or unknown, or a cell does not have the type of its column.
    """
    names = [str(name) for name in frame.columns]
    for name in names:
        if name not in table.names:
            near = did_you_mean(name, table.names)
            raise DataError(f"{table.name}: column '{name}' is in no dictionary; "
                            f"allowed {', '.join(table.names)}.{near}")
        if names.count(name) > 1:
            raise DataError(f"{table.name}: column '{name}' stands twice; allowed once. Take one out.")
    for name in table.names:
        if name not in names:
            raise DataError(f"{table.name}: column '{name}' is missing; "
                            f"allowed {', '.join(table.names)}. Add it.")
    cells = [_column_text(frame, table, column) for column in table.columns]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(zip(*cells, strict=True))
    return stream.getvalue().encode("utf-8")


def _column_text(frame: pd.DataFrame, table: Table, column: Column) -> list[str]:
    import pandas as pd

    series = frame[column.name]
    codes, distinct = pd.factorize(series)
    write = WRITERS[column.type]
    texts = []
    for position, value in enumerate(distinct):
        text = write(value)
        if text is None:
            place = _place(table, column, codes == position)
            raise DataError(f"{place} is {one_line(value)} ({type(value).__name__}); "
                            f"allowed {column.type}. Convert the column before writing.")
        texts.append(text)
    texts.append("")                    # what is missing has the code -1
    cells = [texts[code] for code in codes.tolist()]
    if column.required and "" in cells:
        place = _place(table, column, np.array(cells) == "")
        raise DataError(f"{place} is empty; allowed a value in every row. Fill it in.")
    return cells


def _place(table: Table, column: Column, rows: NDArray[np.bool_]) -> str:
    return f"{table.name}:{int(np.flatnonzero(rows)[0]) + 2}: {column.name}"


def _string(value: object) -> str | None:
    plain = isinstance(value, str) and value.isprintable() and value == value.strip()
    return str(value) if plain else None


def _integer(value: object) -> str | None:
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, Integral):
        return str(int(value))
    whole = isinstance(value, Real) and math.isfinite(float(value)) and float(value).is_integer()
    return str(int(float(value))) if whole and isinstance(value, Real) else None


def _number(value: object) -> str | None:
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real) or not math.isfinite(float(value)):
        return None
    return format(float(value) + 0.0, f".{DIGITS}g")


def _boolean(value: object) -> str | None:
    return ("true" if value else "false") if isinstance(value, bool | np.bool_) else None


def _date(value: object) -> str | None:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return None
    return None


WRITERS: dict[str, Callable[[object], str | None]] = {
    "string": _string, "integer": _integer, "number": _number, "boolean": _boolean, "date": _date,
}
