"""Ties are mutual, six a person, inside the district, and join people who are alike more often than chance would."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import KEY, alike, crowd
from vsim.rng import stream_key
from vsim.spec.groups import bit
from vsim.world.people import People
from vsim.world.ties import DEGREE, LONG, SCHOOL, meeting_places, pairing, ties_of


def ids_of(n: int, first: int = 0) -> np.ndarray:
    return (first + np.arange(n)).astype(np.uint32)


@examples(max_examples=25)
@given(st.integers(100, 500))
def test_ties_are_mutual_and_as_often_one_way_as_the_other(n: int) -> None:
    people = crowd(n)
    ties = ties_of(KEY, people)
    assert ties.shape == (n, DEGREE)
    assert ties.dtype == np.int32
    assert ((ties >= 0) & (ties < n)).all()
    pairs = Counter((i, j) for i in range(n) for j in ties[i].tolist())
    assert all(pairs[j, i] == times for (i, j), times in pairs.items())


@examples(max_examples=60)
@given(st.integers(1, 301), st.integers(0, LONG - 1), st.integers(1, 40))
def test_a_pairing_is_an_involution_with_at_most_one_person_left_over(n: int, layer: int, classes: int) -> None:
    group = np.random.default_rng(n).integers(0, classes, n)
    partner = pairing(KEY, ids_of(n), layer, group)
    assert np.array_equal(partner[partner], np.arange(n))
    assert (partner == np.arange(n)).sum() == n % 2
    odd = (np.bincount(group) % 2).sum()
    assert (group[partner] != group).sum() <= odd, "only the odd ones of the classes meet others"
    assert np.array_equal(pairing(KEY, ids_of(n), layer), pairing(KEY, ids_of(n), layer, np.zeros(n, dtype=np.int64)))


def test_the_layers_pair_people_differently_and_far_from_the_ring() -> None:
    people = crowd(1000)
    ties = ties_of(KEY, people)
    assert (ties[:, -1] != ties[:, -2]).mean() > 0.97
    step = np.abs(ties[:, -1] - np.arange(1000))
    assert np.minimum(step, 1000 - step).mean() == pytest.approx(250, rel=0.1)


def test_neighbours_are_the_next_two_on_the_ring_either_way() -> None:
    ties = ties_of(KEY, crowd(100))
    assert ties[0, :4].tolist() == [98, 99, 1, 2]
    assert ties[99, :4].tolist() == [97, 98, 0, 1]


def test_another_seed_makes_other_long_ties() -> None:
    assert (pairing(KEY, ids_of(200), 0) != pairing(stream_key(2), ids_of(200), 0)).mean() > 0.9


def test_people_meet_at_school_or_at_work_or_nowhere() -> None:
    people = crowd()
    places = meeting_places(people)
    student = people.groups & bit("students") > 0
    assert (places[student] >= SCHOOL).all()
    assert np.array_equal(places[~student], people.employer[~student])
    pupils = np.flatnonzero(student & (people.age == 15))
    for place in np.unique(places[pupils])[:3]:
        together = people.community[pupils[places[pupils] == place]]
        assert len(np.unique(together)) == 1, "a year of one community"


def test_ties_are_more_alike_than_random_pairing() -> None:
    people = crowd()
    ties = ties_of(KEY, people)
    student = (people.groups & bit("students") > 0).astype(int)
    chance = 4 / people.ids.size**0.5
    random = pairing(KEY, people.ids, 7)
    assert alike(ties[:, -2], student) > 0.95
    worker = people.employer > 0
    own = people.employer.astype(int)[worker]
    there = people.employer[ties[worker, -2]]
    assert (own == there).mean() > 0.95 > 10 * (own == people.employer[random[worker]]).mean()
    assert alike(ties[:, -1], people.field.astype(int)) > 0.99
    for column in range(4):
        assert alike(ties[:, column], people.community.astype(int)) > 0.99
    for name, labels in (("student", student), ("field", people.field), ("community", people.community),
                         ("employer", people.employer)):
        assert abs(alike(random, labels.astype(int))) < chance, name


@pytest.mark.slow
def test_neighbours_are_alike_in_age_and_schooling_because_communities_and_households_are() -> None:
    spread = {f"communities__spread_{name}": 0.7 for name in ("older", "education", "student", "party")}
    flat = {f"communities__spread_{name}": 0.0 for name in ("older", "education", "student", "party")}
    mixed = crowd(100_000, communities__household_alike=0.0, **spread)
    even, family = crowd(100_000, communities__household_alike=0.0, **flat), crowd(100_000, **flat)

    def ring(people: People, name: str) -> float:
        ties, labels = ties_of(KEY, people), (people.groups & bit(name) > 0).astype(int)
        return float(np.mean([alike(ties[:, column], labels) for column in range(4)]))

    assert ring(mixed, "age_60") > 0.01 > ring(even, "age_60") + 0.005
    assert ring(mixed, "degree") > 0.01 > ring(even, "degree") + 0.005
    assert ring(family, "degree") > 0.05
    assert abs(ring(family, "age_60")) < 0.005
