"""Measures: one number of a run under a short name, so that a lever's file can say what it moves.

"weekly.<column>" sums a weekly count (`vsim.run.run.COLUMNS` and `TASK_COLUMNS`); "<table>.rows" counts the rows of a
raw or office table; "<table>.<column>.sum" and ".mean" add up or average a column; "[<column>=<value>]" after the table
keeps some rows: "courses[passed=1].rows", "money[line=premium].fen.sum".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import UsageError, listing
from vsim.run.offices import desk_tables, papers
from vsim.run.run import Run

if TYPE_CHECKING:
    import pandas as pd

PATTERN = re.compile(r"(?P<table>\w+)(\[(?P<column>\w+)=(?P<value>[^\]]+)\])?\.(?P<what>\w+)(\.(?P<how>sum|mean))?")


def all_tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return the raw tables of a run by name, its weekly counts by district as "weekly", and what the offices wrote."""
    raw = desk_tables(run)
    return {**raw, **papers(run, raw)}


def measure(
    name: str, tables: Mapping[str, pd.DataFrame], *, weeks: range | None = None,
    districts: Collection[str] | None = None,
) -> float:
    """Return a measure of a run's tables.

    Parameters
    ----------
    name : str
        See the module.
    tables : mapping of table name to DataFrame
        From `all_tables`.
    weeks : range, optional
        Weeks to count, where the table has a column "week"; all weeks of the run by default.
    districts : collection of str, optional
        Districts to count, where the table has a column "district"; all by default.

    Returns
    -------
    float
        NaN for the mean of nothing.
    """
    found = PATTERN.fullmatch(name)
    if found is None:
        raise UsageError(f"measure is '{name}'; allowed weekly.<column>, <table>.rows, <table>.<column>.sum or .mean.")
    table, what, how = found["table"], found["what"], found["how"]
    if table not in tables:
        raise UsageError(f"measure is '{name}'; allowed tables {listing(sorted(tables), 60)}.")
    rows = tables[table]
    if "week" in rows:
        rows = rows[rows["week"] >= 0] if weeks is None else rows[rows["week"].isin(weeks)]
    if districts is not None and "district" in rows:
        rows = rows[rows["district"].isin(districts)]
    if found["column"]:
        rows = rows[rows[found["column"]].astype(str) == found["value"]]
    if what == "rows" and how is None:
        return float(len(rows))
    if what not in rows:
        raise UsageError(f"measure is '{name}'; allowed columns of {table}: {listing(list(rows), 60)}.")
    values = rows[what].to_numpy(dtype=np.float64)
    if how == "mean":
        return float(values.mean()) if values.size else float("nan")
    return float(values.sum())
