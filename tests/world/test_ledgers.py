"""Books: rows of integers with room to grow."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.world.ledgers import COLUMNS, SHOWED, Book, Ledgers, copy_ledgers, empty_ledgers, longer


def test_empty_books_have_the_room_and_columns_asked_for() -> None:
    ledgers = empty_ledgers(30, (10, 20, 30, 40, 50))
    assert [ledgers[book].shape for book in Book] == [(10 * (book + 1), COLUMNS[book]) for book in Book]
    assert not ledgers.counts.any()
    assert (ledgers.due == -1).all()
    assert ledgers.due.size == 30


@pytest.mark.parametrize("book", list(Book))
def test_a_longer_book_keeps_its_rows_and_leaves_the_others_alone(book: Book) -> None:
    ledgers = empty_ledgers(5, (3, 3, 3, 3, 3))
    ledgers[book][:] = 7
    grown = longer(ledgers, book)
    assert grown[book].shape[0] == 16
    assert (grown[book][:3] == 7).all()
    assert not grown[book][3:].any()
    assert all(grown[other] is ledgers[other] for other in Book if other != book)
    assert longer(grown, book)[book].shape[0] == 32


def test_an_empty_book_can_grow() -> None:
    assert longer(empty_ledgers(5, (0, 0, 0, 0, 0)), Book.STARS).stars.shape == (16, 4)


def test_a_copy_shares_no_memory() -> None:
    ledgers = empty_ledgers(5, (3, 3, 3, 3, 3))
    copied = copy_ledgers(ledgers)
    assert all(not np.shares_memory(a, b) for a, b in zip(ledgers, copied, strict=True))


def test_a_book_is_where_its_number_says() -> None:
    assert [Ledgers._fields[book] for book in Book] == [book.name.lower() for book in Book]
    assert SHOWED & 0x3F == 0, "no flag of recording"
