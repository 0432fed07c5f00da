"""Retention: habit and fatigue move, volunteers leave and come back, and the word is passed on."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import city_named, halfway, one_class, settled_of
from vsim.process import retention
from vsim.world.settings import Params
from vsim.world.state import FULL, LAPSED, NEVER, REGISTERED, UNREGISTERED, VOLUNTEER, State, copy_state

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
PARAMS, N = SETTLED.params, UNIT.people.ids.size
NOW = np.zeros(N, dtype=np.int64)
SELDOM = NOW + (1 << 32) - 1
PUSH = np.zeros(1, dtype=np.int64)


def leaving(state: State, params: Params, uniform: np.ndarray, week: int, push: np.ndarray = PUSH,
            reach: np.ndarray | None = None) -> np.ndarray:
    return retention.leaving(state, UNIT.people, params, push, one_class(UNIT) if reach is None else reach, uniform,
                             week)


def fresh() -> State:
    state = copy_state(halfway("lively").state)
    state.status[:], state.first[:], state.since[:] = VOLUNTEER, 2, 1
    return state


def test_habit_moves_to_whether_a_person_served_and_stays_in_its_range() -> None:
    state = fresh()
    served = np.arange(N) % 2 == 0
    state.habit[:] = 30000
    retention.tire_and_learn(state, served, NOW, PARAMS)
    assert (state.habit[served] > 30000).all()
    assert (state.habit[~served] < 30000).all()
    for _ in range(60):
        retention.tire_and_learn(state, served, NOW, PARAMS)
    assert state.habit[served].min() > 0.9 * FULL
    assert state.habit[~served].max() < 0.01 * FULL


def test_fatigue_fades_and_grows_by_one_with_an_ordinary_attendance() -> None:
    state = fresh()
    state.fatigue[:] = 1024
    retention.tire_and_learn(state, NOW > 0, NOW, PARAMS)
    assert (state.fatigue == 768).all()
    usual = NOW + round(4 * 3.13)
    retention.tire_and_learn(state, NOW == 0, usual, PARAMS)
    assert abs(state.fatigue.astype(int) - (576 + 256)).max() <= 12
    for _ in range(300):
        retention.tire_and_learn(state, NOW == 0, NOW + 700, PARAMS)
    assert state.fatigue.max() <= FULL


def test_people_who_never_registered_or_are_not_ready_do_not_change() -> None:
    state = fresh()
    state.status[:5], state.status[5:10] = UNREGISTERED, REGISTERED
    state.habit[:] = 20000
    retention.tire_and_learn(state, NOW == 0, NOW + 10, PARAMS)
    assert (state.habit[:10] == 20000).all()
    assert (state.habit[10:] > 20000).all()


def test_only_volunteers_who_have_served_and_did_not_join_this_week_leave() -> None:
    state = fresh()
    state.status[0], state.first[1], state.since[2] = LAPSED, NEVER, 9
    assert set(leaving(state, PARAMS, NOW, 9)) == set(range(3, N))
    assert leaving(state, PARAMS, SELDOM, 9).size == 0


@pytest.mark.parametrize(("field", "stays", "leaves"), [
    ("satisfaction", FULL, 0), ("first", -300, 8), ("fatigue", 0, FULL), ("star_week", 8, NEVER),
    ("honoured", 8, NEVER),
    ("team", 3, 0),
])
def test_satisfaction_tenure_rest_and_a_recent_award_keep_people(field: str, stays: int, leaves: int) -> None:
    params = PARAMS._replace(exit_award=-400, exit_fatigue=500, exit_team=-400)
    uniform = np.random.default_rng(2).integers(0, 1 << 28, N)
    left = []
    for value in (stays, leaves):
        state = fresh()
        state.fatigue[:], state.star_week[:], state.honoured[:], state.team[:] = 0, NEVER, NEVER, 0
        getattr(state, field)[:] = value
        left.append(set(leaving(state, params, uniform, 9)))
    assert left[0] < left[1]


def test_an_award_counts_as_recent_for_its_weeks() -> None:
    uniform = np.random.default_rng(2).integers(0, 1 << 28, N)
    params = PARAMS._replace(exit_award=-4000)
    state = fresh()
    state.star_week[:] = 9 - params.award_weeks + 1
    recent = leaving(state, params, uniform, 9)
    state.star_week[:] = 9 - params.award_weeks
    past = leaving(state, params, uniform, 9)
    assert recent.size < past.size


def test_only_the_lapsed_return_and_rather_when_asked() -> None:
    state = fresh()
    state.status[:20] = LAPSED
    state.asks[:10], state.asks[10:] = 1, 0
    between = NOW + (PARAMS.return_asked + PARAMS.return_base) // 2
    assert set(retention.returning(state, PARAMS, between)) == set(range(10))
    assert set(retention.returning(state, PARAMS, NOW)) == set(range(20))


def test_everybody_who_served_asks_each_contact_once() -> None:
    state = fresh()
    state.asks[:] = 9
    served = np.zeros(N, dtype=bool)
    served[[4, 50]] = True
    retention.pass_word(state, served, UNIT.ties)
    expected = np.zeros(N, dtype=int)
    for person in (4, 50):
        for contact in UNIT.ties[person]:
            expected[contact] += contact != person
    assert np.array_equal(state.asks, expected)


def test_the_latest_of_star_and_honour_counts_as_the_award() -> None:
    uniform = np.random.default_rng(2).integers(0, 1 << 28, N)
    params = PARAMS._replace(exit_award=-4000)
    state = fresh()
    state.star_week[:], state.honoured[:] = 9 - params.award_weeks, 8
    by_honour = leaving(state, params, uniform, 9)
    state.star_week[:], state.honoured[:] = 8, NEVER
    assert np.array_equal(by_honour, leaving(state, params, uniform, 9))
    state.honoured[:] = 8
    assert np.array_equal(by_honour, leaving(state, params, uniform, 9)), "two awards keep no more than one"


def test_what_policy_adds_to_leaving_is_for_its_class_only() -> None:
    uniform = np.random.default_rng(2).integers(0, 1 << 28, N)
    reach = (np.arange(N) % 2).astype(np.uint8)
    state = fresh()
    usual = set(leaving(state, PARAMS, uniform, 9).tolist())
    held = set(leaving(state, PARAMS, uniform, 9, np.array([0, -20000]), reach).tolist())
    assert held == {person for person in usual if person % 2 == 0}
