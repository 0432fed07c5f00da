"""Indicators of a run too large for memory: SQL of DuckDB over its Parquet files, in whole numbers.

Each query gives `top`, `bottom` and `count` by district; the same functions of whole numbers as in `people`, `shifts`
and their like, held equal to them by tests. Where intervals rest on clusters, districts are drawn whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.evaluate.kpi.card import kpi
from vsim.evaluate.kpi.nation import QUARTERS, is_nation
from vsim.evaluate.kpi.parts import Kind, Parts

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

TABLES = ("weekly", "volunteers", "services", "records", "tasks", "credits")
REGISTER = """
CREATE TEMP VIEW register AS
SELECT s.district, s.week, s.volunteer, s.task, r.entered::BIGINT AS entered, r.flags
FROM records r JOIN services s USING (service)
WHERE s.week + r.lag <= (SELECT max(week) FROM weekly)
"""
LAST = "(SELECT max(week) FROM register)"
PERSONS = """
SELECT v.district, {top} AS top, {bottom} AS bottom, 1 AS count
FROM volunteers v LEFT JOIN (
  SELECT volunteer, count(*) FILTER (week > {last} - {now}) AS now,
         count(*) FILTER (week > {last} - 2 * {now} AND week <= {last} - {now}) AS before,
         count(*) FILTER (week <= {last} - 2 * {now}) AS ever
  FROM register GROUP BY volunteer) r USING (volunteer)
"""
GIVEN = f"""
SELECT v.district, coalesce(r.given, 0) AS given, coalesce(r.shifts, 0) AS shifts
FROM volunteers v LEFT JOIN (
  SELECT volunteer, sum(entered * (1 + (flags & 1)))::BIGINT AS given, sum(1 + (flags & 1))::BIGINT AS shifts
  FROM register WHERE week > {LAST} - 52 GROUP BY volunteer) r USING (volunteer)
"""
BALANCES = """
SELECT district, volunteer, last(balance ORDER BY week, file_row_number) AS balance,
       coalesce(sum(quarter_hours) FILTER (kind = 0), 0) AS earned,
       coalesce(-sum(quarter_hours) FILTER (kind = 3), 0) AS spent
FROM credits GROUP BY district, volunteer
"""                           # all rows of a volunteer stand in one file


@dataclass(frozen=True, slots=True)
class Query:
    """One indicator in SQL: the rows it counts, tables that it reads, and how top and bottom meet."""

    sql: str
    tables: tuple[str, ...]
    kind: Kind = "share"
    scale: float = 1.0
    shape: str = ""


def _persons(top: str, bottom: str, weeks: int) -> Query:
    sql = PERSONS.format(top=f"coalesce(({top})::INT, 0)", bottom=f"coalesce(({bottom})::INT, 0)", now=weeks, last=LAST)
    return Query(sql, ("weekly", "volunteers", "services", "records"))


def _given(top: str, bottom: str, kind: Kind = "ratio", scale: float = 1.0, shape: str = "") -> Query:
    sql = f"SELECT district, {top} AS top, {bottom} AS bottom, 1 AS count FROM ({GIVEN})"
    return Query(sql, ("weekly", "volunteers", "services", "records"), kind, scale, shape)


HOURS = 1 / QUARTERS
RECORDED = ("weekly", "services", "records")
QUERIES: Mapping[str, Query] = MappingProxyType({
    "turnover": Query("SELECT district, \"left\" AS top, volunteers AS bottom, 1 AS count FROM weekly", ("weekly",),
                      "ratio", 52.0),
    "unplaced_share": Query("SELECT district, unplaced AS top, willing AS bottom, 1 AS count FROM weekly",
                            ("weekly",), "ratio"),
    "fill_rate": Query("SELECT district, least(filled, seats) AS top, seats AS bottom, 1 AS count FROM tasks",
                       ("tasks",), "ratio"),
    "staffed_rate": Query("SELECT district, least(staffed, seats) AS top, seats AS bottom, 1 AS count FROM tasks",
                          ("tasks",), "ratio"),
    "no_show": Query("SELECT district, (hours = 0 AND flags & 1 = 0 AND flags & 2 = 0)::INT AS top, "
                     "(flags & 2 = 0)::INT AS bottom, 1 AS count FROM services", ("services",)),
    "active_rate": _persons(f"r.now > 0 AND v.registered_week <= {LAST}", f"v.registered_week <= {LAST}", 52),
    "retention": _persons("r.before > 0 AND r.now > 0", "r.before > 0", 26),
    "reactivation": _persons("r.ever > 0 AND r.before = 0 AND r.now > 0", "r.ever > 0 AND r.before = 0", 13),
    "hours_per_active": _given("given", "(given > 0)::INT", scale=HOURS),
    "hours_per_registered": _given("given", "1", scale=HOURS),
    "hours_median": _given("given", "(given > 0)::INT", "shape", HOURS, "median"),
    "top_tenth_share": _given("given", "(given > 0)::INT", "shape", 1.0, "top_tenth"),
    "concentration": _given("given", "(given > 0)::INT", "shape", 1.0, "gini"),
    "episodic_share": _given("(shifts BETWEEN 1 AND 2)::INT", "(shifts > 0)::INT", "share"),
    "regular_share": _given("(shifts >= 12)::INT", "(shifts > 0)::INT", "share"),
    "core_share": _given("(shifts >= 48)::INT", "(shifts > 0)::INT", "share"),
    "double_records": Query("SELECT district, flags & 1 AS top, 1 + (flags & 1) AS bottom, 1 + (flags & 1) AS count "
                            "FROM register", RECORDED),
    "hours_inflation": Query("SELECT district, entered * (1 + (flags & 1)) AS top, 0 AS bottom, 1 AS count FROM "
                             "register UNION ALL SELECT district, 0, hours, 1 FROM services", RECORDED, "ratio"),
    "safety": Query("SELECT district, (flags & 8 > 0)::INT AS top, hours AS bottom, 1 AS count FROM services",
                    ("services",), "rate", 200_000 * QUARTERS),
    "star_share": Query("SELECT district, (star >= 1)::INT AS top, 1 AS bottom, 1 AS count FROM volunteers",
                        ("volunteers",)),
    "credit_balance": Query("SELECT district, quarter_hours AS top, 1 AS bottom, 1 AS count FROM credits",
                            ("credits",), "total", HOURS),
    "credit_hoarding": Query(f"SELECT district, greatest(balance, 0) AS top, 1 AS bottom, 1 AS count FROM ({BALANCES})",
                             ("credits",), "shape", 1.0, "gini"),
    "debtors": Query(f"SELECT district, (balance < 0)::INT AS top, 1 AS bottom, 1 AS count FROM ({BALANCES})",
                     ("credits",)),
    "reciprocity": Query("SELECT district, least(earned, spent) AS top, earned AS bottom, 1 AS count "
                         f"FROM ({BALANCES})", ("credits",), "ratio"),
})


def large(folder: str | Path, key: str, *, threads: int | None = None) -> Parts:
    """Return the parts of an indicator of a large run, district by district, worked out by DuckDB.

    Parameters
    ----------
    folder : path
        That of `vsim run nation --out`.
    key : str
        One of `QUERIES`.
    threads : int, optional
        Of DuckDB; changes no value.

    Raises
    ------
    UsageError
        When the folder holds no large run, or the indicator has no query.
    DataError
        When the run was written without a table that it needs.
    """
    where = Path(folder)
    if not is_nation(where):
        raise UsageError(f"{folder}: holds no tables of a large run; allowed the folder of `vsim run nation --out`.")
    if key not in QUERIES:
        raise UsageError(f"indicator '{key}' has no query over files; allowed {listing(QUERIES, 30)}."
                         f"{did_you_mean(key, QUERIES)}")
    query = QUERIES[key]
    for name in query.tables:
        if not any((where / name).glob("*.parquet")):
            raise DataError(f"{key}: {folder} has no table {name}; run the nation with --records all.")
    with opened(where, threads) as base:
        sums = _sums(base, query)
    return _parts(key, query, sums)


def opened(where: Path, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection in which the tables of a large run are views of their files."""
    import duckdb

    base = duckdb.connect(":memory:")
    if threads is not None:
        base.execute(f"SET threads = {int(threads)}")
    there = [name for name in TABLES if any((where / name).glob("*.parquet"))]
    for name in there:
        path = (where / name / "*.parquet").as_posix().replace("'", "''")
        base.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet('{path}', "
                     "file_row_number = true)")
    if {"records", "services", "weekly"} <= set(there):
        base.execute(REGISTER)
    return base


def _sums(base: duckdb.DuckDBPyConnection, query: Query) -> pd.DataFrame:
    """Return whole numbers: sums by district, or how many are alike where a statistic needs every value."""
    if query.kind == "shape":
        sql = f"SELECT district, top, bottom, count(*) AS count FROM ({query.sql}) GROUP BY ALL"
    else:
        sql = (f"SELECT district, sum(top)::BIGINT AS top, sum(bottom)::BIGINT AS bottom, "
               f"coalesce(sum(count) FILTER (bottom <> 0), 0)::BIGINT AS count FROM ({query.sql}) GROUP BY district")
    return base.execute(f"{sql} ORDER BY ALL").df()


def _parts(key: str, query: Query, sums: pd.DataFrame) -> Parts:
    top, bottom, count = (sums[name].fillna(0).to_numpy(dtype=np.float64) for name in ("top", "bottom", "count"))
    return Parts(sums[["district"]], top, bottom, query.kind, kpi(key).unit, query.scale,
                 "district" if query.kind == "ratio" else "", query.shape, count=count)


def compute_large(folder: str | Path, keys: Iterable[str] | None = None, *, by: bool = False, level: float = 0.95,
                  seed: int = 1, threads: int | None = None) -> pd.DataFrame:
    """Return indicators of a large run as `vsim.evaluate.kpi.compute.compute` does; `by` gives one row a district.

    All that the folder has tables for when `keys` is None.
    """
    import pandas as pd

    where, rows = Path(folder), []
    chosen = [key for key, query in QUERIES.items() if all(any((where / name).glob("*.parquet"))
                                                          for name in query.tables)] if keys is None else list(keys)
    for key in chosen:
        made = large(where, key, threads=threads)
        found = made.grouped("district", level=level, seed=seed) if by else pd.DataFrame([
            made.reading(level=level, seed=seed)])
        found.insert(0, "key", key)
        rows.append(found)
    if not rows:
        raise DataError(f"{folder}: no table of it carries an indicator; run the nation with --records all.")
    return pd.concat(rows, ignore_index=True)
