"""The state before the first week: who is registered, ready, lapsed, since when, and what contacts know of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import city, z_score
from vsim.rng import stream_key
from vsim.spec.cards import values
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, districts_of, unit_of
from vsim.world.state import (
    LAPSED,
    NEVER,
    REGISTERED,
    UNREGISTERED,
    VOLUNTEER,
    State,
    bytes_per_resident,
    copy_state,
    initial_state,
    is_ready,
    join_trait,
    registration_base,
)

VALUE = values()
WARMUP = 26


def make(share: float, residents: int = 4000, **changes: float) -> Unit:
    world = WorldSpec(residents=residents, districts=1, prefectures=1, registered_share=share)
    value = {**VALUE, **{key.replace("__", "."): item for key, item in changes.items()}}
    return unit_of(world, districts_of(world, value)[0], WARMUP, value)


@pytest.mark.parametrize("share", [0.02, 0.17, 0.5, 0.9])
def test_the_share_on_the_register_is_that_of_the_world(share: float) -> None:
    unit = make(share)
    n = unit.people.ids.size
    assert abs(z_score((unit.state.status != UNREGISTERED).sum(), share * n, share * (1 - share) * n)) < 4


def test_nobody_and_everybody_can_be_on_the_register() -> None:
    assert (make(0.0).state.status == UNREGISTERED).all()
    assert (make(1.0).state.status == UNREGISTERED).mean() < 1e-3


def test_traits_that_favour_service_favour_registering() -> None:
    unit = make(0.3)
    on = unit.state.status != UNREGISTERED
    assert unit.people.trait[on].mean() > unit.people.trait[~on].mean() + 100
    even = make(0.3, registration__trait_weight=0.0)
    on = even.state.status != UNREGISTERED
    assert abs(even.people.trait[on].mean() - even.people.trait[~on].mean()) < 80


def test_ready_registrants_are_volunteers_or_lapsed_and_others_only_registered() -> None:
    unit = make(0.6, registration__history_lapsed=0.4)
    status, ready = unit.state.status, unit.ready
    on = status != UNREGISTERED
    assert (status[on & ~ready] == REGISTERED).all()
    assert np.isin(status[on & ready], (VOLUNTEER, LAPSED)).all()
    n = (on & ready).sum()
    assert abs(z_score((status == LAPSED).sum(), 0.4 * n, 0.24 * n)) < 4
    share = VALUE["registration.activation"]
    assert abs(z_score(ready.sum(), share * ready.size, share * (1 - share) * ready.size)) < 4


def test_registrants_came_before_the_run_up_over_the_years_of_the_card() -> None:
    unit = make(0.6)
    since = unit.state.since[unit.state.status != UNREGISTERED].astype(int)
    assert since.max() == -WARMUP - 1
    assert since.min() >= -WARMUP - VALUE["registration.history_weeks"]
    assert (-WARMUP - since).mean() == pytest.approx(104, abs=6)
    assert (unit.state.since[unit.state.status == UNREGISTERED] == NEVER).all()
    been = unit.state.status >= VOLUNTEER
    assert np.array_equal(unit.state.first[been], unit.state.since[been])
    assert (unit.state.first[~been] == NEVER).all()


def test_contacts_on_the_register_are_counted_without_oneself() -> None:
    unit = make(0.4, residents=301)                      # odd: somebody is paired with nobody
    on = unit.state.status != UNREGISTERED
    here = np.arange(301)[:, None]
    assert np.array_equal(unit.state.friends, (on[unit.ties] & (unit.ties != here)).sum(axis=1))
    assert (unit.ties == here).any()


def test_nothing_has_happened_yet() -> None:
    state = make(0.5).state
    for name in ("habit", "fatigue", "verified", "served", "star", "points", "asks"):
        assert not getattr(state, name).any(), name
    for name in ("last", "noted", "star_week", "trained"):
        assert (getattr(state, name) == NEVER).all(), name


def test_the_state_is_a_function_of_the_world_and_its_seed() -> None:
    one, other = make(0.3, residents=500), make(0.3, residents=500)
    assert all(np.array_equal(a, b) for a, b in zip(one.state, other.state, strict=True))
    district = one.district
    luck = initial_state(stream_key(99), one.people, one.ties, 0.3, WARMUP, VALUE)
    assert not np.array_equal(luck.status, one.state.status)
    assert district.residents == 500


@examples(max_examples=20)
@given(st.floats(0.01, 0.99), st.floats(0, 2))
def test_the_base_of_registering_meets_the_expected_share(share: float, weight: float) -> None:
    people = city()[0].people
    base = registration_base(people, share, weight)
    trait = people.trait * round(weight * 65536) / 65536
    expected = (1 / (1 + np.exp(-(base + trait) / 1024))).mean()
    assert expected == pytest.approx(share, abs=2e-3)


def test_readiness_and_the_joining_trait_belong_to_the_person() -> None:
    unit = city()[0]
    few = is_ready(stream_key(1), unit.people.ids[:9], {**VALUE, "registration.activation": 0.5})
    many = is_ready(stream_key(1), unit.people.ids, {**VALUE, "registration.activation": 0.5})
    more = is_ready(stream_key(1), unit.people.ids, {**VALUE, "registration.activation": 0.6})
    assert np.array_equal(few, many[:9])
    assert (more >= many).all()
    half = join_trait(unit.people, {**VALUE, "registration.trait_weight": 0.5})
    assert np.abs(half - unit.people.trait / 2).max() <= 1


def test_a_copy_shares_no_memory() -> None:
    state = city()[0].state
    copied = copy_state(state)
    assert all(np.array_equal(a, b) and not np.shares_memory(a, b) for a, b in zip(state, copied, strict=True))


def test_a_resident_takes_about_a_hundred_and_twenty_bytes_and_the_state_under_half() -> None:
    unit = city()[0]
    state = sum(array.itemsize for array in unit.state)
    assert 30 <= state <= 60
    assert bytes_per_resident(unit.people, unit.ties, unit.state) < 130
    assert bytes_per_resident(unit.people, unit.ties, State._make(a[:0] for a in unit.state)) > 0
