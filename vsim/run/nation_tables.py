"""Tables of one district for a large run: whole numbers only, written as Parquet, one file for a batch of districts.

A row of every table belongs to one district; volunteers, tasks and sources have ids that are unique in the nation, so
files can be read together in any order. Hours are quarter hours, weeks count from the first week of the run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.rng import Stream, draw
from vsim.run.district import Progress
from vsim.run.settle import Settled
from vsim.world.city import Unit
from vsim.world.ledgers import Book
from vsim.world.metrics import A, M

if TYPE_CHECKING:
    import pyarrow as pa

Table = dict[str, NDArray[Any]]
RECORDS = ("all", "sample", "none")
SAMPLE = 0.01                 # of volunteers, whose records a sample keeps
TASK_SHIFT = 24               # bits of a task's id below the number of its district
GROUP = 1 << 20               # rows of a row group
PERSONAL = {                  # books with a person in their second column
    "courses": (Book.COURSES, ("passed",)), "stars": (Book.STARS, ("star", "verified")),
    "points": (Book.POINTS, ("kind", "points", "balance")),
    "credits": (Book.CREDITS, ("kind", "quarter_hours", "balance")),
}
NARROW = {                    # columns that are small numbers
    "week": np.int16, "hours": np.int16, "entered": np.int16, "due": np.int16, "flags": np.int16, "passed": np.int8,
    "star": np.int8, "kind": np.int8, "seats": np.int32, "filled": np.int32, "staffed": np.int32, "slot": np.int8,
    "needed": np.int32, "gated": np.int8, "online": np.int8,
}
DELTA = frozenset({"volunteer", "task", "source"})       # ascending in a week: stored as differences


def kept(ids: NDArray[np.uint32], key: tuple[int, int], records: str) -> NDArray[np.bool_]:
    """Return whose records are written, shape (n,): a fact of the world, the same in every run of it."""
    if records != "sample":
        return np.full(ids.size, records == "all")
    return draw(key, Stream.SAMPLE, ids)[0].astype(np.int64) < threshold32(SAMPLE)


def weekly_table(unit: Unit, end: Progress, settled: Settled) -> Table:
    """Return the counts of one district, a row a week: people over all cells, then tasks."""
    people = end.counts.people[settled.warmup :].sum(axis=1)
    tasks = end.counts.tasks[settled.warmup :]
    out: Table = {"district": np.full(settled.weeks, unit.district.index, dtype=np.int16),
                  "week": np.arange(settled.weeks, dtype=np.int16)}
    out |= {m.name.lower(): people[:, m] for m in M}
    return out | {a.name.lower(): tasks[:, a] for a in A}


def record_tables(unit: Unit, end: Progress, mine: NDArray[np.bool_], every: bool) -> dict[str, Table]:
    """Return the books of one district by name: rows of the people in `mine`, and with `every` those of tasks too.

    Parameters
    ----------
    mine : ndarray of bool, shape (n,)
    every : bool
        Whether tasks and events of organisations, which are nobody's, are told.
    """
    first = unit.district.index << TASK_SHIFT
    rows = _rows(end, Book.PLACEMENTS)
    out = {"services": _of(rows, unit, mine, {
        "task": first + rows[:, 2], "hours": rows[:, 3], "entered": rows[:, 4], "due": rows[:, 5], "flags": rows[:, 6],
    })}
    for name, (book, columns) in PERSONAL.items():
        rows = _rows(end, book)
        out[name] = _of(rows, unit, mine, {column: rows[:, 2 + k] for k, column in enumerate(columns)})
    if every:
        posted = _rows(end, Book.TASKS)
        number = np.flatnonzero(posted[:, 0] >= 0)
        rows = posted[number]
        source = rows[:, 1]
        out["tasks"] = _narrow({
            "district": np.full(len(rows), unit.district.index), "week": rows[:, 0],
            "task": first + number, "source": unit.sources.ids[source].astype(np.int64),
            "organisation": unit.sources.organisation[source], "station": rows[:, 12],
            "field25": unit.sources.field25[source], "seats": rows[:, 2], "filled": rows[:, 3], "staffed": rows[:, 4],
            "slot": rows[:, 5], "gated": rows[:, 7], "needed": rows[:, 9], "online": rows[:, 10],
        })
        rows = _rows(end, Book.EVENTS)
        rows = rows[rows[:, 0] >= 0]
        out["org_events"] = _narrow({
            "district": np.full(len(rows), unit.district.index), "week": rows[:, 0], "organisation": rows[:, 1],
            "kind": rows[:, 2], "value": rows[:, 3],
        })
    return out


def _rows(end: Progress, book: Book) -> NDArray[np.int64]:
    return end.ledgers[book][: int(end.ledgers.counts[book])].astype(np.int64)


def _of(rows: NDArray[np.int64], unit: Unit, mine: NDArray[np.bool_], columns: Table) -> Table:
    """Return rows of the people in `mine` by week and person."""
    chosen = np.flatnonzero(mine[rows[:, 1]] & (rows[:, 0] >= 0))
    chosen = chosen[np.lexsort((rows[chosen, 1], rows[chosen, 0]))]
    out = {"week": rows[:, 0], "volunteer": unit.people.ids[rows[:, 1]].astype(np.int64), **columns}
    out = {"district": np.full(len(rows), unit.district.index), **out}
    return _narrow({name: column[chosen] for name, column in out.items()})


def _narrow(table: Table) -> Table:
    """Return the columns in as few bytes as they need; a value that does not fit is an error."""
    kinds = {"district": np.int16, "volunteer": np.uint32, "task": np.int64, "source": np.uint32, **NARROW}
    out = {}
    for name, column in table.items():
        narrow = column.astype(kinds.get(name, np.int32))
        if not np.array_equal(narrow, column):
            raise OverflowError(f"nation: column {name} holds {column.max()}, which {narrow.dtype} cannot")
        out[name] = narrow
    return out


def joined(parts: Sequence[Mapping[str, Table]]) -> dict[str, Table]:
    """Return the tables of several districts one below the other, in their order."""
    return {name: {column: np.concatenate([part[name][column] for part in parts]) for column in parts[0][name]}
            for name in parts[0]}


def write_table(table: Table, path: Path) -> int:
    """Write one table as Parquet, whole or not at all; return its size in bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data: pa.Table = pa.table(table)
    delta = [name for name in data.column_names if name in DELTA]
    plain = [name for name in data.column_names if name not in DELTA]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    pq.write_table(
        data, temporary, compression="zstd", compression_level=1, row_group_size=GROUP, use_dictionary=plain,
        column_encoding=dict.fromkeys(delta, "DELTA_BINARY_PACKED"), write_statistics=True,
    )
    size = temporary.stat().st_size
    os.replace(temporary, path)
    return size
