"""Patterns of service, held against slow versions that say what they mean."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.evaluate.patterns import gini, per_person, share_single, top_share, transitions

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=40)
RECORDS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), max_size=60)


def slow_gini(counts: list[int]) -> float:
    """Mean absolute difference of all pairs over twice the mean."""
    n, total = len(counts), sum(counts)
    return sum(abs(a - b) for a in counts for b in counts) / (2 * n * total)


def slow_top_share(counts: list[int], share: float) -> float:
    """Cut every person into a thousand parts and give the first of them away."""
    parts = [count / 1000 for count in sorted(counts, reverse=True) for _ in range(1000)]
    return sum(parts[: round(share * len(parts))]) / sum(counts)


def slow_transitions(records: list[tuple[int, int]], last: int) -> tuple[float, float]:
    stay, active, back, idle = 0, 0, 0, 0
    for person in {who for who, _ in records}:
        weeks = {week for who, week in records if who == person}
        for week in range(min(weeks), last):
            if week in weeks:
                active += 1
                stay += week + 1 in weeks
            else:
                idle += 1
                back += week + 1 in weeks
    return (stay / active if active else math.nan), (back / idle if idle else math.nan)


@given(COUNTS)
def test_gini_is_the_mean_difference_of_pairs(counts: list[int]) -> None:
    if sum(counts) == 0:
        assert math.isnan(gini(counts))
    else:
        assert gini(counts) == pytest.approx(slow_gini(counts), abs=1e-12)
        assert 0 <= gini(counts) < 1


@given(COUNTS, st.integers(1, 50), st.randoms())
def test_gini_knows_neither_order_nor_scale_nor_size(counts: list[int], factor: int, random: object) -> None:
    shuffled = list(counts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for other in (shuffled, [factor * count for count in counts], counts * 3):
        np.testing.assert_allclose(gini(other), gini(counts), atol=1e-12)


def test_gini_of_equal_shares_is_zero_and_of_one_who_does_all_nearly_one() -> None:
    assert gini([5] * 10) == pytest.approx(0)
    assert gini([0] * 99 + [7]) == pytest.approx(0.99)
    assert math.isnan(gini([]))


@given(COUNTS, st.sampled_from([0.05, 0.1, 0.25, 0.5, 1.0]))
def test_the_top_share_is_what_the_busiest_hold(counts: list[int], share: float) -> None:
    if sum(counts) == 0:
        assert math.isnan(top_share(counts, share))
    else:
        assert top_share(counts, share) == pytest.approx(slow_top_share(counts, share), abs=1e-9)
        assert top_share(counts, share) >= share - 1e-12


def test_the_top_tenth_of_fifteen_people_holds_one_and_a_half_of_them() -> None:
    assert top_share([10, 6, *[1] * 13]) == pytest.approx((10 + 3) / 29)
    assert top_share([4], 0.1) == pytest.approx(0.1)
    assert math.isnan(top_share([]))


@given(COUNTS)
def test_the_share_of_singles_counts_ones(counts: list[int]) -> None:
    assert share_single(counts) == pytest.approx(counts.count(1) / len(counts))


def test_there_is_no_share_of_nobody() -> None:
    assert math.isnan(share_single([]))


@given(st.lists(st.integers(-5, 5), max_size=50))
def test_records_are_counted_for_each_person_who_has_one(people: list[int]) -> None:
    assert sorted(per_person(people).tolist()) == sorted(Counter(people).values())


@given(RECORDS, st.integers(0, 3))
def test_transitions_are_those_of_a_walk_through_every_persons_weeks(
    records: list[tuple[int, int]], extra: int
) -> None:
    last = max((week for _, week in records), default=0) + extra
    who, when = [person for person, _ in records], [week for _, week in records]
    np.testing.assert_allclose(transitions(who, when, last), slow_transitions(records, last), atol=1e-12)


@given(RECORDS, st.randoms())
def test_transitions_do_not_depend_on_the_order_of_rows_or_on_a_second_record_in_a_week(
    records: list[tuple[int, int]], random: object
) -> None:
    again = [*records, *records[: len(records) // 2]]
    random.shuffle(again)  # type: ignore[attr-defined]
    found = [transitions([p for p, _ in rows], [w for _, w in rows], 12) for rows in (records, again)]
    np.testing.assert_array_equal(found[0], found[1])


def test_transitions_by_hand() -> None:
    """Weeks 0 to 5. One serves in 0, 1, 4; another in 3: 3 + 1 active weeks followed by one, 1 staying."""
    stay, back = transitions([1, 1, 1, 2], [0, 1, 4, 3], 5)
    assert stay == pytest.approx(1 / 4)
    assert back == pytest.approx(1 / 3)
    assert all(math.isnan(value) for value in transitions([], [], 5))
    assert math.isnan(transitions([1], [5], 5)[0])
