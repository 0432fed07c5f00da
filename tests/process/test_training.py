"""Training: untrained volunteers ask, seats go by keyed priority, and a certificate holds for its weeks."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import city_named, halfway, settled_of
from vsim.process import training
from vsim.rng import stream_key
from vsim.world.state import LAPSED, VOLUNTEER, State, copy_state

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
N = UNIT.people.ids.size
KEY = stream_key(3)
ALL = 1 << 32


def fresh() -> State:
    state = copy_state(halfway("lively").state)
    state.status[:], state.trained[:] = VOLUNTEER, -32768
    return state


def train(state: State, uptake: int = ALL, seats: int = 1000, blocked: np.ndarray | None = None, week: int = 9,
          more: int = 0):
    shut = np.zeros(N, dtype=bool) if blocked is None else blocked
    return training.train(state, shut, SETTLED.params, uptake, seats, KEY, UNIT.people.ids, week, more)


def test_seats_bind_and_go_to_the_same_first_people() -> None:
    few, _ = train(fresh(), seats=5)
    many, _ = train(fresh(), seats=20)
    assert (few.size, many.size) == (5, 20)
    assert np.array_equal(few, many[:5])
    assert train(fresh(), seats=0)[0].size == 0


def test_only_volunteers_without_a_valid_certificate_ask() -> None:
    state = fresh()
    state.status[:10] = LAPSED
    state.trained[10:20], state.trained[20:30] = 9, 8
    seated, _ = train(state)
    assert set(seated) == set(range(20, N))


def test_the_shut_out_ask_without_being_prompted() -> None:
    blocked = np.zeros(N, dtype=bool)
    blocked[[3, 7]] = True
    assert set(train(fresh(), uptake=0, blocked=blocked)[0]) == {3, 7}


def test_a_pass_gives_a_certificate_for_its_weeks_and_a_failure_none() -> None:
    state = fresh()
    seated, passed = train(state, seats=150)
    assert 0 < passed.sum() < passed.size
    assert (state.trained[seated[passed]] == 9 + SETTLED.params.course_validity).all()
    assert (state.trained[seated[~passed]] == -32768).all()


def test_whole_seats_are_sure_and_a_fraction_is_a_chance() -> None:
    assert {training.seats_now(KEY, 1, 3 << 10, week) for week in range(40)} == {3}
    found = [training.seats_now(KEY, 1, (3 << 10) + 256, week) for week in range(800)]
    assert set(found) == {3, 4}
    assert abs(np.mean(found) - 3.25) < 4 * (0.25 * 0.75 / 800) ** 0.5


def test_better_courses_let_some_of_those_pass_who_would_fail_and_nobody_fail_who_would_pass() -> None:
    (seated, usual), (same, better), (_, all_pass) = (train(fresh(), more=share) for share in (0, 32768, 65536))
    assert np.array_equal(seated, same)
    assert (better >= usual).all()
    assert better.sum() > usual.sum()
    assert all_pass.all()
