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

SHOWED = 64                   # flag of a placement whose volunteer came (beside the flags of recording)


class Book(IntEnum):
    """The books, and their place in `Ledgers.counts`."""

    PLACEMENTS = 0
    TASKS = 1
    COURSES = 2
    STARS = 3
    POINTS = 4


class Ledgers(NamedTuple):
    """Books of one district, each of shape (capacity, columns), and what they hold."""

    placements: NDArray[np.int32]    # week, person, row of the task, true hours, entered hours, due, flags, next due
    tasks: NDArray[np.int32]         # week, source, seats, filled, staffed, slot, ln hours, gated, lead
    courses: NDArray[np.int32]       # week, person, passed
    stars: NDArray[np.int32]         # week, person, stars after, verified quarter hours
    points: NDArray[np.int32]        # week, person, kind, signed points, balance
    counts: NDArray[np.int64]        # (5,) rows in use
    due: NDArray[np.int32]           # (weeks,) first placement to be entered in a week, or -1


COLUMNS = {Book.PLACEMENTS: 8, Book.TASKS: 9, Book.COURSES: 3, Book.STARS: 4, Book.POINTS: 5}


def empty_ledgers(weeks: int, capacity: tuple[int, int, int, int, int]) -> Ledgers:
    """Return empty books for a number of weeks (run-up included), with room for `capacity` rows each."""
    placements, tasks, courses, stars, points = (
        np.zeros((capacity[book], COLUMNS[book]), dtype=np.int32) for book in Book
    )
    counts = np.zeros(len(Book), dtype=np.int64)
    return Ledgers(placements, tasks, courses, stars, points, counts, np.full(weeks, -1, dtype=np.int32))


def copy_ledgers(ledgers: Ledgers) -> Ledgers:
    """Return books that share no memory with these."""
    return Ledgers._make(array.copy() for array in ledgers)


def longer(ledgers: Ledgers, book: Book) -> Ledgers:
    """Return the same books with twice the room in one of them."""
    old = ledgers[book]
    new = np.zeros((max(16, 2 * old.shape[0]), old.shape[1]), dtype=np.int32)
    new[: old.shape[0]] = old
    return ledgers._replace(**{Ledgers._fields[book]: new})
