"""Stars are granted by verified hours, several at once where due, and never taken away."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import halfway
from vsim.process import stars
from vsim.world.settings import NO_LADDER
from vsim.world.state import State, copy_state

LADDER = np.array([[8, 20, 40, 80, 160, 0, 0, 0]], dtype=np.int64)        # of the one class


def grant(state: State, ladders: np.ndarray, week: int, reach: list[int] | None = None):
    classes = np.array(reach or [0] * state.star.size, dtype=np.uint8)
    return stars.grant(state, ladders, classes, week)


def fresh(verified: list[int], star: list[int] | None = None) -> State:
    state = copy_state(halfway("lively").state)
    state = State._make(array[: len(verified)].copy() for array in state)
    state.verified[:] = verified
    state.star[:] = star or [0] * len(verified)
    state.star_week[:] = -32768
    return state


def test_a_star_comes_at_the_threshold_and_not_before() -> None:
    state = fresh([7, 8, 9, 20, 200])
    risen, steps = grant(state, LADDER, 3)
    assert risen.tolist() == [1, 2, 3, 4]
    assert steps.tolist() == [1, 1, 2, 5]
    assert state.star.tolist() == [0, 1, 1, 2, 5]
    assert state.star_week.tolist() == [-32768, 3, 3, 3, 3]


def test_a_second_look_grants_nothing_new() -> None:
    state = fresh([8, 200])
    grant(state, LADDER, 3)
    assert grant(state, LADDER, 4)[0].size == 0
    assert state.star_week.tolist() == [3, 3]


def test_a_higher_ladder_takes_no_star_away() -> None:
    state = fresh([30], star=[4])
    assert grant(state, LADDER * 100, 3)[0].size == 0
    assert state.star.tolist() == [4]


def test_without_a_ladder_nobody_rises() -> None:
    assert grant(fresh([10**6]), np.array([NO_LADDER], dtype=np.int64), 3)[0].size == 0


def test_each_class_of_persons_has_its_own_ladder() -> None:
    ladders = np.concatenate([LADDER, LADDER * 4, np.array([NO_LADDER])])
    risen, steps = grant(fresh([32, 32, 32, 32]), ladders, 3, [0, 1, 2, 0])
    assert (risen.tolist(), steps.tolist()) == ([0, 1, 3], [2, 1, 2])
