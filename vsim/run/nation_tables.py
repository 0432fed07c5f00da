"""Tables of one district for a large run: whole numbers in as few bytes as they need, sorted once.

`services` is what truly happened, a row for each seat taken; `records` is what the register got to know of it, a row
for each entry; `training`, `points` and `credits` are the three ledgers of persons. Every column is in a dictionary of
`vsim/tables/nation`. Hours are quarter hours, weeks count from the first week of the run. Rows stand week by week;
inside a week volunteers rise in even weeks and fall in odd ones, so that numbers of neighbours are close and are stored
as small differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.rng import Stream
from vsim.run.district import Progress
from vsim.run.making import draw
from vsim.run.settle import Settled
from vsim.world.city import Unit
from vsim.world.ledgers import BREACH, INCIDENT, SECOND, SHOWED, STAND_IN, Book
from vsim.world.metrics import A, M

Table = dict[str, NDArray[Any]]
Rows = NDArray[np.int32]
Narrow = type[np.signedinteger[Any]]
RECORDS = ("all", "sample", "none")
SAMPLE = 0.01                 # of volunteers, whose records a sample keeps
FEW = 1 << 14                 # rows that are sorted all at once
DISTRICT_SHIFT = 32           # bits of a service's number below that of its district
RECORDED, METHOD = 1, 8       # bits of the book of placements: entered at all; method of entry in bits 8 and 9
SENT_HOME, AS_STAND_IN, BY_SECOND_MENU, WITH_INCIDENT, WITH_BREACH = 1, 2, 4, 8, 16     # flags of `services`
LEDGERS: Mapping[str, tuple[Book, Mapping[str, Narrow]]] = {
    "training": (Book.COURSES, {"passed": np.int8}),
    "stars": (Book.STARS, {"star": np.int8, "verified": np.int32}),
    "points": (Book.POINTS, {"kind": np.int8, "points": np.int32, "balance": np.int32}),
    "credits": (Book.CREDITS, {"kind": np.int8, "quarter_hours": np.int32, "balance": np.int32}),
}
TASK_COLUMNS: Mapping[str, tuple[int, Narrow]] = {              # columns of the book of tasks that are told, by place
    "station": (12, np.int32), "seats": (2, np.int32), "filled": (3, np.int32), "staffed": (4, np.int32),
    "slot": (5, np.int8), "gated": (7, np.int8), "needed": (9, np.int32), "online": (10, np.int8),
}


def kept(ids: NDArray[np.uint32], key: tuple[int, int], records: str) -> NDArray[np.bool_]:
    """Return whose records are written, shape (n,): a fact of the world, the same in every run of it."""
    if records != "sample":
        return np.full(ids.size, records == "all")
    found: NDArray[np.bool_] = draw(key, Stream.SAMPLE, ids)[0] < np.uint32(threshold32(SAMPLE))
    return found


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
    order, number = task_order(end)
    out = service_tables(unit, _in_order(_theirs(_of_run(end, Book.PLACEMENTS), mine)), number)
    for name, (book, columns) in LEDGERS.items():
        rows = _in_order(_theirs(_of_run(end, book), mine))
        more = {column: small(rows[:, 2 + place], kind) for place, (column, kind) in enumerate(columns.items())}
        out[name] = {**_who(unit, rows), **more}
    if every:
        out["tasks"] = _task_table(unit, end, order, number)
        events = _of_run(end, Book.EVENTS)
        out["org_events"] = {
            **_where(unit, events), "organisation": events[:, 1].copy(), "kind": small(events[:, 2], np.int8),
            "value": events[:, 3].copy(),
        }
    return out


def service_tables(unit: Unit, rows: Rows, number: NDArray[np.int32]) -> dict[str, Table]:
    """Return `services` and `records` from rows of the book of placements.

    Parameters
    ----------
    rows : ndarray of int32, shape (k, 8), in the order of the table
    number : ndarray of int32, shape (tasks,)
        From `task_order`.
    """
    word, hours = rows[:, 6].copy(), small(rows[:, 3], np.int16)
    flags = ((word & SHOWED) > 0) & (hours == 0)
    flags = flags.view(np.int8)
    for told, bit in ((AS_STAND_IN, STAND_IN), (BY_SECOND_MENU, SECOND), (WITH_INCIDENT, INCIDENT),
                      (WITH_BREACH, BREACH)):
        flags |= (word & bit > 0).view(np.int8) * np.int8(told)
    service = (unit.district.index << DISTRICT_SHIFT) + np.arange(len(rows), dtype=np.int64)
    services = {
        "service": service, **_who(unit, rows), "task": np.take(number, rows[:, 2]), "hours": hours, "flags": flags,
    }
    entered = np.flatnonzero(word & RECORDED > 0)
    entries, seen = np.take(rows, entered, axis=0), np.take(word, entered)
    records = {
        "service": np.take(service, entered), "entered": small(entries[:, 4], np.int16),
        "lag": small(entries[:, 5] - entries[:, 0], np.int16), "method": (seen >> METHOD & 3).astype(np.int8),
        "flags": (seen >> 1 & 31).astype(np.int8),
    }
    return {"services": services, "records": records}


def task_order(end: Progress) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the order of the book of tasks in the table, and the number of each of its rows, both of shape (tasks,).

    Tasks stand week by week, in a week those with most seats taken first, else as born. They are numbered in this
    order, week by week, so that most services are of a task with a small number.
    """
    book = end.ledgers.tasks[: int(end.ledgers.counts[Book.TASKS])]
    number = np.zeros(len(book), dtype=np.int32)
    if not len(book):
        return number.astype(np.int64), number
    week, filled, place = book[:, 0].astype(np.int64), book[:, 3].astype(np.int64), np.arange(len(book))
    most, place_bits = int(filled.max()), len(book).bit_length()
    bits = place_bits + most.bit_length()
    word = week << bits | (most - filled) << place_bits | place
    word.sort()
    first = np.searchsorted(week, np.arange(int(week[0]), int(week[-1]) + 1))
    week_of = (word >> bits) - int(week[0])
    word &= (1 << place_bits) - 1
    number[word] = place - np.take(first, week_of)
    return word, number


def _task_table(unit: Unit, end: Progress, order: NDArray[np.int64], number: NDArray[np.int32]) -> Table:
    order = order[int((end.ledgers.tasks[order, 0] < 0).sum()) :]
    rows, source = np.take(end.ledgers.tasks, order, axis=0), unit.sources
    which = rows[:, 1]
    return {
        **_where(unit, rows), "task": number[order], "source": source.ids[which].astype(np.uint32),
        "organisation": source.organisation[which].astype(np.int32), "field25": small(source.field25[which], np.int8),
        **{name: small(rows[:, place], kind) for name, (place, kind) in TASK_COLUMNS.items()},
    }


def _of_run(end: Progress, book: Book) -> Rows:
    """Return the rows of a book from week 0 on, a view: rows are written in the order of weeks."""
    whole: Rows = end.ledgers[Book(book)]          # type: ignore[assignment]
    rows = whole[: int(end.ledgers.counts[book])]
    return rows[int(np.searchsorted(rows[:, 0], 0)) :]


def _theirs(rows: Rows, mine: NDArray[np.bool_]) -> Rows:
    return rows if mine.all() else np.take(rows, np.flatnonzero(mine[rows[:, 1]]), axis=0)


def _in_order(rows: Rows) -> Rows:
    """Return rows week by week, inside a week by person: rising in even weeks, falling in odd ones; else as born.

    Rows are born in the order of weeks. Person and place in the week are one number, so that one sort does, without
    an index of indices; many rows are sorted week by week, few at once.
    """
    if len(rows) < 2:
        return rows
    edges = np.searchsorted(rows[:, 0], np.arange(int(rows[-1, 0]) + 2))
    longest = int(np.diff(edges).max())
    place_bits, who_bits = longest.bit_length(), int(rows[:, 1].max()).bit_length()
    wide = place_bits + who_bits > 32
    if len(rows) < FEW or wide:
        return np.take(rows, _at_once(rows, who_bits), axis=0)
    word, place = rows[:, 1].astype(np.uint32), np.arange(longest, dtype=np.uint32)
    back, mask = np.uint32((1 << who_bits) - 1), np.uint32((1 << place_bits) - 1)
    for week, (start, end) in enumerate(pairwise(edges.tolist())):
        part = word[start:end]
        if week & 1:
            part ^= back
        part <<= np.uint32(place_bits)
        part |= place[: end - start]
        part.sort()
        part &= mask
        part += np.uint32(start)
    return np.take(rows, word, axis=0)


def _at_once(rows: Rows, who_bits: int) -> NDArray[np.int64]:
    """Return the order of rows by one sort of week, person and place together."""
    place_bits = len(rows).bit_length()
    odd = -(rows[:, 0] & 1) & (1 << who_bits) - 1
    word = (rows[:, 0].astype(np.int64) << who_bits | rows[:, 1] ^ odd) << place_bits | np.arange(len(rows))
    word.sort()
    return word & (1 << place_bits) - 1


def _where(unit: Unit, rows: Rows) -> Table:
    return {"district": np.full(len(rows), unit.district.index, dtype=np.int16), "week": small(rows[:, 0], np.int16)}


def _who(unit: Unit, rows: Rows) -> Table:
    volunteer = rows[:, 1].astype(np.uint32)
    volunteer += np.uint32(unit.district.first_id)
    return {**_where(unit, rows), "volunteer": volunteer}


def small(column: NDArray[Any], kind: Narrow) -> NDArray[Any]:
    """Return a column in a narrow type; a value that does not fit is an error and not another number."""
    if column.size and not np.iinfo(kind).min <= column.min() <= column.max() <= np.iinfo(kind).max:
        raise OverflowError(f"nation: a column holds {column.min()} to {column.max()}, which {kind.__name__} cannot")
    return column.astype(kind)
