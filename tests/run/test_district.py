"""A district's progress: it begins before the run-up, is copied to fork, and goes on from where it is."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import SEED, city_named, settled_of
from vsim.rng import stream_key
from vsim.run.district import advance, begin

UNIT, SETTLED, KEY = city_named("lively")[0], settled_of("lively"), stream_key(SEED)


def test_a_district_begins_before_its_run_up_with_the_state_of_the_city() -> None:
    progress = begin(UNIT, SETTLED)
    assert progress.week == -SETTLED.warmup
    assert all(np.array_equal(a, b) and not np.shares_memory(a, b)
               for a, b in zip(progress.state, UNIT.state, strict=True))
    assert not progress.counts.people.any()
    assert progress.counts.people.shape[0] == SETTLED.length
    assert not progress.ledgers.counts.any()


def test_a_copy_shares_no_memory() -> None:
    progress = advance(UNIT, SETTLED, KEY, begin(UNIT, SETTLED), 3)
    copied = progress.copy()
    ours = (*progress.state, *progress.bodies, *progress.ledgers, progress.counts.people, progress.counts.tasks)
    theirs = (*copied.state, *copied.bodies, *copied.ledgers, copied.counts.people, copied.counts.tasks)
    assert all(np.array_equal(a, b) and not np.shares_memory(a, b) for a, b in zip(ours, theirs, strict=True))
    assert copied.week == 3


def test_going_to_a_week_already_reached_changes_nothing() -> None:
    progress = advance(UNIT, SETTLED, KEY, begin(UNIT, SETTLED), 3)
    same = advance(UNIT, SETTLED, KEY, progress, 1)
    assert same.week == 3
    assert same is not progress
    assert np.array_equal(same.counts.people, progress.counts.people)


def test_weeks_not_yet_run_have_no_counts() -> None:
    progress = advance(UNIT, SETTLED, KEY, begin(UNIT, SETTLED), 3)
    assert progress.counts.people[: SETTLED.warmup + 3].any(axis=(1, 2)).all()
    assert not progress.counts.people[SETTLED.warmup + 3 :].any()
    assert not progress.counts.tasks[SETTLED.warmup + 3 :].any()


def test_the_city_is_left_as_it_was_made() -> None:
    kept = [array.copy() for array in (*UNIT.state, *UNIT.people, UNIT.ties)]
    advance(UNIT, SETTLED, KEY, begin(UNIT, SETTLED), 10)
    advance(UNIT, SETTLED, KEY, begin(UNIT, SETTLED), 1, "oracle")
    assert all(np.array_equal(a, b) for a, b in zip(kept, (*UNIT.state, *UNIT.people, UNIT.ties), strict=True))
