"""Books: rows of integers with room to grow."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.world.ledgers import (
    BREACH,
    COLUMNS,
    INCIDENT,
    SECOND,
    SHOWED,
    STAND_IN,
    UNUSED,
    Book,
    Ledgers,
    add_row,
    copy_ledgers,
    empty_ledgers,
    longer,
)


def test_empty_books_have_the_room_and_columns_asked_for() -> None:
    ledgers = empty_ledgers(30, tuple(10 * (book + 1) for book in Book))
    assert [ledgers[book].shape for book in Book] == [(10 * (book + 1), COLUMNS[book]) for book in Book]
    assert not ledgers.counts.any()
    assert (ledgers.due == -1).all()
    assert ledgers.due.size == 30


@pytest.mark.parametrize("book", list(Book))
def test_a_longer_book_keeps_its_rows_and_leaves_the_others_alone(book: Book) -> None:
    ledgers = empty_ledgers(5, (3,) * len(Book))
    ledgers[book][:] = 7
    grown = longer(ledgers, book)
    assert grown[book].shape[0] == 16
    assert (grown[book][:3] == 7).all()
    assert not grown[book][3:].any()
    assert all(grown[other] is ledgers[other] for other in Book if other != book)
    assert longer(grown, book)[book].shape[0] == 32


def test_an_empty_book_can_grow() -> None:
    assert longer(empty_ledgers(5, (0,) * len(Book)), Book.STARS).stars.shape == (16, 4)


def test_a_copy_shares_no_memory() -> None:
    ledgers = empty_ledgers(5, (3,) * len(Book))
    copied = copy_ledgers(ledgers)
    assert all(not np.shares_memory(a, b) for a, b in zip(ledgers, copied, strict=True))


def test_a_copy_holds_the_rows_in_use_and_nothing_behind_them() -> None:
    ledgers = empty_ledgers(5, (3,) * len(Book))
    ledgers.due[2] = 1
    for number, book in enumerate(Book):
        for row in range(number % 3 + 1):
            ledgers = add_row(ledgers, book, tuple(range(10 * row + 1, 10 * row + 1 + COLUMNS[book])))
    copied = copy_ledgers(ledgers)
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(ledgers, copied, strict=True))
    ledgers.tasks[2] = 9                           # no row: the count says two
    assert not copy_ledgers(ledgers).tasks[2].any()
    assert copied.counts.tolist() == [1, 2, 3, 1, 2, 3, 1]


def test_a_book_is_where_its_number_says() -> None:
    assert [Ledgers._fields[book] for book in Book] == [book.name.lower() for book in Book]


def test_the_flags_of_a_placement_are_bits_of_their_own_beside_those_of_recording() -> None:
    flags = (SHOWED, STAND_IN, UNUSED, INCIDENT, BREACH, SECOND)
    recording = 0x3F | 0x300                       # bits 0 to 5, and the method in bits 8 and 9
    assert all(flag.bit_count() == 1 for flag in flags)
    assert len(set(flags)) == len(flags)
    assert not any(flag & recording for flag in flags)


def test_a_row_goes_to_the_end_of_its_book_and_a_short_row_leaves_the_rest_at_zero() -> None:
    ledgers = empty_ledgers(5, (0,) * len(Book))
    for kind in range(20):
        ledgers = add_row(ledgers, Book.EVENTS, (1, 2, kind))
    assert ledgers.events[:20].tolist() == [[1, 2, kind, 0] for kind in range(20)]
    assert ledgers.counts.tolist() == [0, 0, 0, 0, 0, 0, 20]
