"""Ties are mutual, six a person, inside the district, and long ones are a keyed pairing."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from vsim.rng import stream_key
from vsim.world.ties import DEGREE, LONG, pairing, ties_of

KEY = stream_key(1)


def ids_of(n: int, first: int = 0) -> np.ndarray:
    return (first + np.arange(n)).astype(np.uint32)


@examples(max_examples=40)
@given(st.integers(5, 400), st.integers(0, 10**6))
def test_ties_are_mutual_and_as_often_one_way_as_the_other(n: int, first: int) -> None:
    ties = ties_of(KEY, ids_of(n, first))
    assert ties.shape == (n, DEGREE)
    assert ((ties >= 0) & (ties < n)).all()
    pairs = Counter((i, j) for i in range(n) for j in ties[i].tolist())
    assert all(pairs[j, i] == times for (i, j), times in pairs.items())


@examples(max_examples=40)
@given(st.integers(1, 301), st.integers(0, LONG - 1))
def test_a_pairing_is_an_involution_with_at_most_one_person_left_over(n: int, layer: int) -> None:
    partner = pairing(KEY, ids_of(n), layer)
    assert np.array_equal(partner[partner], np.arange(n))
    assert (partner == np.arange(n)).sum() == n % 2


def test_the_layers_pair_people_differently_and_far_from_the_ring() -> None:
    ties = ties_of(KEY, ids_of(1000))
    assert (ties[:, -1] != ties[:, -2]).mean() > 0.99
    step = np.abs(ties[:, -1] - np.arange(1000))
    assert np.minimum(step, 1000 - step).mean() == pytest.approx(250, rel=0.1)


def test_neighbours_are_the_next_two_on_the_ring_either_way() -> None:
    ties = ties_of(KEY, ids_of(50))
    assert ties[0, :4].tolist() == [48, 49, 1, 2]
    assert ties[49, :4].tolist() == [47, 48, 0, 1]


def test_another_seed_makes_other_long_ties() -> None:
    assert (pairing(KEY, ids_of(200), 0) != pairing(stream_key(2), ids_of(200), 0)).mean() > 0.9
