"""The books of a district: rows written week by week, as integers, in the order in which things happened.

Columns are positions in arrays of 32-bit integers; `vsim.observe` turns them into tables with names, units and dates.
Rows are counted in `counts`; a book that is too short is made longer and the weeks are run again, which keyed draws
make identical.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Flags of a placement beside those of recording (bits 0 to 5; the method stands in bits 8 and 9).
SHOWED, STAND_IN = 64, 128
UNUSED, INCIDENT, BREACH, SECOND = 1024, 2048, 4096, 8192


class Book(IntEnum):
    """The books, and their place in `Ledgers.counts`."""

    PLACEMENTS = 0
    TASKS = 1
    COURSES = 2
    STARS = 3
    POINTS = 4
    CREDITS = 5
    EVENTS = 6


class Ledgers(NamedTuple):
    """Books of one district, each of shape (capacity, columns), and what they hold."""

    placements: NDArray[np.int32]    # week, person, row of the task, true hours, entered hours, due, flags, next due
    tasks: NDArray[np.int32]         # week, source, seats, filled, staffed, slot, ln hours, gated, lead, needed,
                                     # online, skill, station
    courses: NDArray[np.int32]       # week, person, passed
    stars: NDArray[np.int32]         # week, person, stars after, verified quarter hours
    points: NDArray[np.int32]        # week, person, kind, signed points, balance
    credits: NDArray[np.int32]       # week, person, kind, signed quarter hours, balance
    events: NDArray[np.int32]        # week, organisation, kind, value
    counts: NDArray[np.int64]        # (7,) rows in use
    due: NDArray[np.int32]           # (weeks,) first placement to be entered in a week, or -1


COLUMNS = {
    Book.PLACEMENTS: 8, Book.TASKS: 13, Book.COURSES: 3, Book.STARS: 4, Book.POINTS: 5, Book.CREDITS: 5, Book.EVENTS: 4,
}


def empty_ledgers(weeks: int, capacity: tuple[int, ...]) -> Ledgers:
    """Return empty books for a number of weeks (run-up included), with room for `capacity` rows each."""
    books = {book.name.lower(): np.zeros((capacity[book], COLUMNS[book]), dtype=np.int32) for book in Book}
    return Ledgers(**books, counts=np.zeros(len(Book), dtype=np.int64), due=np.full(weeks, -1, dtype=np.int32))


def copy_ledgers(ledgers: Ledgers) -> Ledgers:
    """Return books that share no memory with these; only the rows in use are copied, behind them all is zero."""
    books = {book.name.lower(): np.zeros(ledgers[book].shape, dtype=np.int32) for book in Book}
    for book, count in zip(Book, ledgers.counts.tolist(), strict=True):
        books[book.name.lower()][:count] = ledgers[book][:count]
    return Ledgers(**books, counts=ledgers.counts.copy(), due=ledgers.due.copy())


def longer(ledgers: Ledgers, book: Book) -> Ledgers:
    """Return the same books with twice the room in one of them."""
    old = ledgers[book]
    new = np.zeros((max(16, 2 * old.shape[0]), old.shape[1]), dtype=np.int32)
    new[: old.shape[0]] = old
    return ledgers._replace(**{Ledgers._fields[book]: new})


def add_row(ledgers: Ledgers, book: Book, row: tuple[int, ...]) -> Ledgers:
    """Write one row into a book, making it longer when it is full; return the ledgers."""
    if ledgers.counts[book] >= ledgers[book].shape[0]:
        ledgers = longer(ledgers, book)
    ledgers[book][ledgers.counts[book], : len(row)] = row
    ledgers.counts[book] += 1
    return ledgers
