"""Belonging: honours once in a while, a pledge and a team once, and what a requirement leaves behind."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import city_named, halfway, settled_of
from vsim.process import belonging
from vsim.rng import stream_key
from vsim.world.state import LAPSED, NEVER, VOLUNTEER, State, copy_state

UNIT, SETTLED = city_named("lively")[0], settled_of("lively")
PARAMS, N = SETTLED.params, UNIT.people.ids.size
SURE, NONE = np.full(N, 1 << 32), np.zeros(N, dtype=np.int64)
ALL = np.ones(N, dtype=bool)
WORDS = belonging.draws(stream_key(1), UNIT.people.ids, 60)


def fresh() -> State:
    state = copy_state(halfway("lively").state)
    state.status[:], state.first[:], state.honoured[:] = VOLUNTEER, 0, NEVER
    state.sworn[:], state.team[:], state.duty[:], state.shift[:] = 0, 0, 0, 0
    return state


def test_only_who_served_is_honoured_and_only_once_in_a_while() -> None:
    state = fresh()
    served = np.arange(N) % 2 == 0
    first = belonging.honour(state, served, SURE, 0, PARAMS, WORDS[0], 60)
    assert np.array_equal(first, np.flatnonzero(served))
    assert (state.honoured[first] == 60).all()
    assert (state.honoured[~served] == NEVER).all()
    weeks = PARAMS.honour_weeks
    assert belonging.honour(state, served, SURE, 0, PARAMS, WORDS[0], 60 + weeks - 1).size == 0
    assert np.array_equal(belonging.honour(state, served, SURE, 0, PARAMS, WORDS[0], 60 + weeks), first)


def test_an_honour_for_newcomers_is_for_those_whose_first_service_is_recent() -> None:
    state = fresh()
    state.first[:10], state.first[10:20] = 60 - PARAMS.newcomer_weeks, 60 - PARAMS.newcomer_weeks - 1
    assert belonging.honour(state, ALL, SURE, 1, PARAMS, WORDS[0], 60).tolist() == list(range(10))


def test_each_person_has_the_chance_of_their_class() -> None:
    state = fresh()
    half = np.where(np.arange(N) < N // 2, 1 << 31, 0)
    chosen = belonging.honour(state, ALL, half, 0, PARAMS, WORDS[0], 60)
    assert chosen.max() < N // 2
    assert abs(chosen.size - N / 4) < 4 * (N / 8) ** 0.5
    assert belonging.honour(fresh(), ALL, NONE, 0, PARAMS, WORDS[0], 60).size == 0


def test_volunteers_take_the_pledge_once() -> None:
    state = fresh()
    state.status[:5] = LAPSED
    assert belonging.swear(state, SURE, WORDS[1]).tolist() == list(range(5, N))
    assert belonging.swear(state, SURE, WORDS[1]).size == 0
    assert not state.sworn[:5].any()
    assert belonging.swear(fresh(), NONE, WORDS[1]).size == 0


def test_a_team_is_that_of_the_host_and_is_kept() -> None:
    state = fresh()
    served = np.arange(N) < 30
    joined = belonging.gather(state, served, np.full(N, 4), SURE, WORDS[2])
    assert joined.tolist() == list(range(30))
    assert (state.team[:30] == 5).all()
    assert not state.team[30:].any()
    again = belonging.gather(state, ALL, np.zeros(N, dtype=np.int64), SURE, WORDS[2])
    assert again.tolist() == list(range(30, N))
    assert (state.team[:30] == 5).all()


@pytest.mark.parametrize(("before", "hours", "required", "met"), [
    (0, 8, 16, False), (0, 16, 16, True), (8, 8, 16, True), (15, 20, 16, True), (16, 4, 16, False), (40, 4, 16, False),
    (0, 8, 0, False),
])
def test_a_requirement_is_met_by_the_attendance_that_reaches_it(
    before: int, hours: int, required: int, met: bool
) -> None:
    state = fresh()
    state.duty[3] = before
    assert belonging.owe(state, 3, hours, required, 32768, PARAMS) is met
    assert state.duty[3] == before + hours
    assert (state.shift[3] != 0) == met


def test_a_requirement_costs_own_motive_and_a_good_host_gives_back() -> None:
    shifts = []
    for quality in (0, 32768, 65536):
        state = fresh()
        belonging.owe(state, 0, 16, 16, quality, PARAMS)
        shifts.append(int(state.shift[0]))
    assert shifts == sorted(shifts)
    assert shifts[1] == -PARAMS.duty_cost
    assert shifts[2] - shifts[0] == pytest.approx(PARAMS.duty_quality, abs=1)


def test_the_mark_and_the_count_stay_in_their_ranges() -> None:
    state = fresh()
    for _ in range(3):
        state.duty[0] = 0
        belonging.owe(state, 0, 16, 16, 0, PARAMS._replace(duty_cost=5000))
    assert state.shift[0] == -8192
    state.duty[0] = 65530
    belonging.owe(state, 0, 48, 0, 0, PARAMS)
    assert state.duty[0] == 65535
