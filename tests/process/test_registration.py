"""Registration: only those off the register join, by their hazard, and their contacts come to know it."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import city_named, settled_of
from vsim.process import registration
from vsim.world.state import REGISTERED, UNREGISTERED, VOLUNTEER, copy_state

UNIT, SETTLED = city_named("plain")[0], settled_of("plain")
CERTAIN = np.zeros(UNIT.people.ids.size, dtype=np.int64)
NEVER = CERTAIN + (1 << 32) - 1


def test_only_people_off_the_register_join() -> None:
    joined = registration.joining(UNIT.state, UNIT.join_trait, SETTLED.params, 0, CERTAIN)
    assert np.array_equal(joined, np.flatnonzero(UNIT.state.status == UNREGISTERED))
    assert registration.joining(UNIT.state, UNIT.join_trait, SETTLED.params, 0, NEVER).size == 0


def test_contacts_traits_and_campaigns_raise_the_hazard() -> None:
    state = copy_state(UNIT.state)
    state.status[:] = UNREGISTERED
    uniform = np.random.default_rng(1).integers(0, 1 << 31, CERTAIN.size)
    state.friends[:] = 0
    few = registration.joining(state, UNIT.join_trait, SETTLED.params, 0, uniform)
    state.friends[:] = 6
    more = registration.joining(state, UNIT.join_trait, SETTLED.params, 0, uniform)
    pushed = registration.joining(state, UNIT.join_trait, SETTLED.params, 2048, uniform)
    eager = registration.joining(state, UNIT.join_trait + np.int32(4096), SETTLED.params, 2048, uniform)
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
