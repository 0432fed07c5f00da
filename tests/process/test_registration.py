"""Registration: only those off the register join, by their hazard, and their contacts come to know it."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import city_named, one_class, settled_of
from vsim.process import registration
from vsim.world.state import REGISTERED, UNREGISTERED, VOLUNTEER, State, copy_state

UNIT, SETTLED = city_named("plain")[0], settled_of("plain")
CERTAIN = np.zeros(UNIT.people.ids.size, dtype=np.int64)
NEVER = CERTAIN + (1 << 32) - 1
LEVEL = SETTLED.params.trust_level


def joining(state: State, trait: np.ndarray, uniform: np.ndarray, push: int = 0, trust: int = LEVEL, **params: int):
    return registration.joining(state, trait, SETTLED.params._replace(**params), np.array([push]), one_class(UNIT),
                                trust, uniform)


def test_only_people_off_the_register_join() -> None:
    joined = joining(UNIT.state, UNIT.join_trait, CERTAIN)
    assert np.array_equal(joined, np.flatnonzero(UNIT.state.status == UNREGISTERED))
    assert joining(UNIT.state, UNIT.join_trait, NEVER).size == 0


def test_contacts_traits_and_campaigns_raise_the_hazard() -> None:
    state = copy_state(UNIT.state)
    state.status[:] = UNREGISTERED
    uniform = np.random.default_rng(1).integers(0, 1 << 31, CERTAIN.size)
    state.friends[:] = 0
    few = joining(state, UNIT.join_trait, uniform)
    state.friends[:] = 6
    more = joining(state, UNIT.join_trait, uniform)
    pushed = joining(state, UNIT.join_trait, uniform, 2048)
    eager = joining(state, UNIT.join_trait + np.int32(4096), uniform, 2048)
    assert set(few) < set(more) < set(pushed) < set(eager)


def test_joining_makes_ready_people_volunteers_and_tells_their_contacts() -> None:
    state = copy_state(UNIT.state)
    joined = np.flatnonzero(state.status == UNREGISTERED)[:25]
    registration.join(state, joined, UNIT.ready, UNIT.ties, 17)
    assert np.array_equal(state.status[joined], np.where(UNIT.ready[joined], VOLUNTEER, REGISTERED))
    assert (state.since[joined] == 17).all()
    gained = state.friends.astype(int) - UNIT.state.friends
    expected = np.zeros(gained.size, dtype=int)
    for person in joined:
        for contact in UNIT.ties[person]:
            expected[contact] += contact != person
    assert np.array_equal(gained, expected)
    others = np.setdiff1d(np.arange(gained.size), joined)
    assert np.array_equal(state.status[others], UNIT.state.status[others])


def test_trust_above_its_level_brings_people_in_and_below_it_keeps_them_out() -> None:
    state = copy_state(UNIT.state)
    state.status[:] = UNREGISTERED
    uniform = np.random.default_rng(1).integers(0, 1 << 31, CERTAIN.size)
    strong = {"trust_join": 4096, "join_base": -4000}
    low, usual, high = (set(joining(state, UNIT.join_trait, uniform, trust=t, **strong)) for t in (0, LEVEL, 65536))
    assert low < usual < high
    indifferent = [joining(state, UNIT.join_trait, uniform, trust=t, trust_join=0).tolist() for t in (0, LEVEL, 65536)]
    assert indifferent[0] == indifferent[1] == indifferent[2]
    weak = joining(state, UNIT.join_trait, uniform, trust_join=0, join_base=-4000)
    assert usual == set(weak), "at its level trust moves nobody"


def test_a_push_is_for_its_class_of_persons_only() -> None:
    state = copy_state(UNIT.state)
    state.status[:] = UNREGISTERED
    uniform = np.random.default_rng(1).integers(0, 1 << 31, CERTAIN.size)
    reach = (np.arange(CERTAIN.size) % 2).astype(np.uint8)
    params = SETTLED.params._replace(join_base=-4000)

    def found(push: list[int]) -> set[int]:
        return set(registration.joining(state, UNIT.join_trait, params, np.array(push), reach, LEVEL, uniform).tolist())

    nobody, second = found([0, 0]), found([0, 3000])
    assert nobody < second
    assert all(person % 2 for person in second - nobody)
