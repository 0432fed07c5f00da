"""Rows that indicators are made of: columns looked up with a message, windows of days, counts and firsts by unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError, UsageError, did_you_mean, listing

if TYPE_CHECKING:
    import pandas as pd

Day = str | date | None
Float = NDArray[np.float64]
YEAR = 364                    # days of a year of 52 weeks
WEEK = 7


def needs(who: str, frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a table with its rows numbered anew, or refuse one that lacks a column."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise UsageError(f"{who}: the table is a {type(frame).__name__}; allowed a pandas DataFrame.")
    for column in columns:
        if column not in frame.columns:
            names = [str(name) for name in frame.columns]
            raise DataError(f"{who}: column '{column}' is not in the table; there are {listing(names, 20)}. Name yours "
                            f"by its keyword.{did_you_mean(column, names)}")
    return frame.reset_index(drop=True)


def floats(frame: pd.DataFrame, column: str) -> Float:
    """Return a column as numbers, shape (rows,); booleans become 0 and 1, missing becomes NaN."""
    import pandas as pd

    values = frame[column]
    try:
        if not pd.api.types.is_numeric_dtype(values.dtype):
            values = pd.to_numeric(values.map(str).str.lower().replace({"true": "1", "false": "0", "none": "nan"}))
        return np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError):
        raise DataError(f"indicator: column '{column}' holds {frame[column].dtype}; allowed numbers.") from None


def days(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as dates; text in ISO form is read, what is empty stays missing."""
    import pandas as pd

    try:
        return pd.to_datetime(frame[column])
    except (ValueError, TypeError):
        raise DataError(f"indicator: column '{column}' holds no dates; allowed dates such as 2025-03-05.") from None


def window(who: str, dates: pd.Series, start: Day, end: Day, length: int = YEAR) -> tuple[Any, Any]:
    """Return the ends of a window: from `start` up to and without `end`; by default the last `length` days seen."""
    import pandas as pd

    last = pd.Timestamp(end) if end is not None else dates.max() + pd.Timedelta(days=1)
    if pd.isna(last):
        last = pd.Timestamp(0)
    first = pd.Timestamp(start) if start is not None else last - pd.Timedelta(days=length)
    if not first < last:
        raise UsageError(f"{who}: the window begins on {first.date()} and ends on {last.date()}; allowed days that "
                         "ascend.")
    return first, last


def inside(dates: pd.Series, ends: tuple[Any, Any]) -> NDArray[np.bool_]:
    """Return which dates lie in a window, shape (rows,)."""
    return np.asarray((dates >= ends[0]) & (dates < ends[1]), dtype=np.bool_)


def per(frame: pd.DataFrame, key: str, units: pd.Series, values: Float | None = None) -> Float:
    """Return for each unit the number of rows of a table that name it, or the sum of a value, shape (units,)."""
    import pandas as pd

    ones = pd.Series(np.ones(len(frame)) if values is None else values, index=frame[key].to_numpy())
    sums = ones.groupby(level=0, sort=True).sum()
    return np.asarray(sums.reindex(units.to_numpy()).fillna(0.0), dtype=np.float64)


def once(who: str, frame: pd.DataFrame, key: str) -> None:
    """Refuse a list of units in which one stands twice."""
    twice = int(frame[key].duplicated().sum())
    if twice:
        raise DataError(f"{who}: {twice:,} rows repeat a value of '{key}'; allowed one row for each.")


def options(who: str, name: str, value: str, allowed: Sequence[str]) -> str:
    """Return an option, or refuse one that is not allowed, with the nearest."""
    if value not in allowed:
        raise UsageError(f"{who}: {name} is '{value}'; allowed {', '.join(allowed)}.{did_you_mean(value, allowed)}")
    return value
