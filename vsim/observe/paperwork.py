"""Paperwork: the tables that offices write, as an agency has them - opaque ids, dates, yuan, and nothing of the truth.

Names are turned by one rule for all tables: a person becomes a volunteer_id, an organisation an org_id, a station a
station_id, a task an activity_id, a week (with a day of it) a date, fen become yuan; columns that begin with "true_"
are left out. What a table holds, and in which order, stands in its dictionary (`vsim/tables/office`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import DataError
from vsim.observe.registers import Raw, activity_codes, codes, days, opaque
from vsim.spec.tables import Table, load_office_tables

if TYPE_CHECKING:
    import pandas as pd

FEN = 100                     # in a yuan
NUMBERED = {"organisation": ("org_id", "G", "organisations"), "station": ("station_id", "S", "stations")}


def paperwork(raw: Raw, written: Raw, *, start: date, seed: int) -> dict[str, pd.DataFrame]:
    """Return the tables of the offices as an agency has them, by name; those without a dictionary stay inside.

    Parameters
    ----------
    raw : mapping of table name to DataFrame
        Raw tables of the run, for the numbers of organisations, stations and tasks.
    written : mapping of table name to DataFrame
        What the offices wrote.
    start : date
        The Monday of week 0.
    seed : int
        Seed of the run, for the opaque ids: the same as in the registers.

    Raises
    ------
    DataError
        When a table lacks a column that its dictionary names.
    """
    return {
        name: _seen(table, written[name], raw, start, seed)
        for name, table in load_office_tables().items() if name in written
    }


def _seen(table: Table, rows: pd.DataFrame, raw: Raw, start: date, seed: int) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in rows:
        if not str(name).startswith("true_"):
            columns |= _column(str(name), rows, raw, start, seed)
    missing = [name for name in table.names if name not in columns]
    if missing:
        raise DataError(f"table {table.name}: column {missing[0]} is in its dictionary, and the office wrote "
                        f"{', '.join(sorted(columns))}. Write it, or take it out of the dictionary.")
    return pd.DataFrame({name: columns[name] for name in table.names})


def _column(name: str, rows: pd.DataFrame, raw: Raw, start: date, seed: int) -> dict[str, Any]:
    """Return one column of an office as an agency has it, under the name (or names) that it has there."""
    values = rows[name].to_numpy()
    if name == "person":
        return {"volunteer_id": _known(values, lambda kept: opaque("V-", kept, seed))}
    if name in NUMBERED:
        seen, prefix, table = NUMBERED[name]
        number = codes(prefix, len(raw[table]))
        return {seen: _known(values, lambda kept: number[kept])}
    if name == "task":
        return {"activity_id": _known(values, lambda kept: activity_codes(raw)[kept])}
    if name == "week":
        day = rows["day"].to_numpy() if "day" in rows else 0
        return {"week": values, "date": days(start, values, day)}
    if name.endswith("_week"):
        dated = days(start, np.where(np.isnan(values.astype(float)), 0, values.astype(float)).astype(np.int64))
        known = np.where(_some(values), dated, np.datetime64("NaT"))
        return {name: _whole(values), f"{name.removesuffix('_week')}_on": known}
    if name == "fen" or name.endswith("_fen"):
        return {name.removesuffix("fen").removesuffix("_") or "yuan": values / FEN}
    return {name: values}


def _whole(values: Any) -> Any:
    """Return weeks as whole numbers, missing where there is none."""
    import pandas as pd

    return pd.array(values, dtype="Int64") if values.dtype.kind == "f" else values


def _some(values: Any) -> Any:
    """Return which entries name something: not missing, not negative."""
    numbers = values.astype(float)
    return ~np.isnan(numbers) & (numbers >= 0)


def _known(values: Any, code: Any) -> Any:
    """Return codes of numbers, None where there is none (missing or negative)."""
    out = np.full(values.shape, None, dtype=object)
    there = _some(values)
    out[there] = code(values[there].astype(np.int64))
    return out


def without_truth(frame: Mapping[str, Any]) -> list[str]:
    """Return the columns of a raw table that are no truth."""
    return [name for name in frame if not name.startswith("true_")]
