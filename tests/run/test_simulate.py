"""The loop: books that grow, counts by cell, and an oracle that goes week by week."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import SEED, city_named, halfway, settled_of
from vsim.rng import stream_key
from vsim.run.district import begin
from vsim.run.simulate import add_row, empty_counts, plain_week, plain_weeks, tally
from vsim.world.ledgers import Book, empty_ledgers
from vsim.world.metrics import A, M
from vsim.world.people import CELLS
from vsim.world.weekly import district_rows

UNIT, SETTLED, KEY = city_named("lively")[0], settled_of("lively"), stream_key(SEED)
REACH = SETTLED.reach(UNIT)


def test_counts_begin_empty_with_a_row_for_each_week() -> None:
    counts = empty_counts(9)
    assert counts.people.shape == (9, CELLS, len(M))
    assert counts.tasks.shape == (9, len(A))
    assert not counts.people.any()


def test_a_row_goes_to_the_end_of_its_book_which_grows_when_full() -> None:
    ledgers = empty_ledgers(3, (1,) * len(Book))
    for week in range(40):
        ledgers = add_row(ledgers, Book.STARS, (week, 2, 3, 4))
    assert ledgers.counts.tolist() == [0, 0, 0, 40, 0, 0, 0]
    assert ledgers.stars[:40, 0].tolist() == list(range(40))
    assert ledgers.points.shape[0] == 1


def test_a_tally_counts_people_in_their_cells_also_twice() -> None:
    counts = empty_counts(1).people[0]
    tally(counts, UNIT, M.HOURS, np.array([3, 3, 5]), np.array([4, 8, 2]))
    expected = np.zeros(CELLS, dtype=int)
    expected[UNIT.people.cell[3]] += 12
    expected[UNIT.people.cell[5]] += 2
    assert np.array_equal(counts[:, M.HOURS], expected)
    assert counts.sum() == 14


def test_weeks_of_the_oracle_are_its_single_weeks_in_order() -> None:
    one, other = begin(UNIT, SETTLED), begin(UNIT, SETTLED)
    one.ledgers = plain_weeks(UNIT, one.state, one.bodies, SETTLED, REACH, KEY, one.ledgers, one.counts, range(-6, -2))
    rows = district_rows(SETTLED.weekly, UNIT.district.index)
    for week in range(-6, -2):
        other.ledgers = plain_week(UNIT, other.state, other.bodies, SETTLED, rows, REACH, KEY, other.ledgers,
                                   other.counts, week)
    assert np.array_equal(one.counts.people, other.counts.people)
    assert all(np.array_equal(a, b) for a, b in zip(one.state, other.state, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(one.bodies, other.bodies, strict=True))


def test_a_week_changes_no_table_and_no_other_week() -> None:
    progress = halfway("lively").copy()
    rows = district_rows(SETTLED.weekly, 0)
    kept = [table.copy() for table in rows]
    before = progress.counts.people.copy()
    plain_week(UNIT, progress.state, progress.bodies, SETTLED, rows, REACH, KEY, progress.ledgers, progress.counts, 15)
    assert all(np.array_equal(a, b) for a, b in zip(rows, kept, strict=True))
    assert np.array_equal(before[: 15 + 6], progress.counts.people[: 15 + 6])
    assert progress.counts.people[15 + 6].any()
    assert not progress.counts.people[15 + 7 :].any()
