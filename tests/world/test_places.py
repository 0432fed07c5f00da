"""Places are a forest: every district in one prefecture, every station in one quarter, nobody outside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from vsim.rng import stream_key
from vsim.world.places import QUARTERS, distance, lay_out, stations_of

KEY = stream_key(1)


@examples(max_examples=40)
@given(st.integers(1, 120), st.data())
def test_districts_are_a_forest_with_all_residents_in_it(districts: int, data: st.DataObject) -> None:
    prefectures = data.draw(st.integers(1, districts))
    residents = data.draw(st.integers(50 * districts, 500 * districts))
    laid = lay_out(KEY, residents, districts, prefectures, 3.0)
    assert [place.index for place in laid] == list(range(districts))
    assert len({place.code for place in laid}) == districts
    assert sum(place.residents for place in laid) == residents
    assert [place.first_id for place in laid] == np.cumsum([0, *[p.residents for p in laid]])[:-1].tolist()
    assert len({(place.column, place.row) for place in laid}) == districts, "one tile each"
    assert [p.prefecture for p in laid] == sorted(p.prefecture for p in laid)
    assert all(0 <= p.prefecture < prefectures for p in laid)


@pytest.mark.parametrize(("districts", "prefectures"), [(1, 1), (3, 2), (4, 3), (9, 5), (40, 4), (60, 7), (10, 10)])
def test_every_prefecture_has_a_district(districts: int, prefectures: int) -> None:
    laid = lay_out(KEY, 100 * districts, districts, prefectures, 3.0)
    assert {place.prefecture for place in laid} == set(range(prefectures))


def test_sizes_differ_by_no_more_than_a_third_either_way() -> None:
    sizes = np.array([place.residents for place in lay_out(KEY, 400_000, 400, 4, 3.0)])
    assert sizes.min() >= 1000 * 0.64
    assert sizes.max() <= 1000 * 1.37
    assert sizes.std() > 100


def test_a_district_is_the_same_with_and_without_others_after_it_apart_from_its_share() -> None:
    one, other = (lay_out(stream_key(seed), 5000, 5, 1, 3.0) for seed in (1, 1))
    assert one == other
    assert lay_out(stream_key(2), 5000, 5, 1, 3.0) != one


@pytest.mark.parametrize("per_quarter", [1, 3])
def test_stations_stand_in_the_middle_of_their_quarter(per_quarter: int) -> None:
    district = lay_out(KEY, 1000, 1, 1, 3.0)[0]
    stations = stations_of(KEY, district, per_quarter)
    half = district.side // 2
    assert np.bincount(stations.quarter).tolist() == [per_quarter] * QUARTERS
    west, south = stations.quarter % 2 * half, stations.quarter // 2 * half
    for at, corner in ((stations.x, west), (stations.y, south)):
        assert ((at - corner >= half // 4) & (at - corner < half // 4 + half // 2)).all()


def test_more_stations_leave_the_first_ones_where_they_are() -> None:
    district = lay_out(KEY, 1000, 1, 1, 3.0)[0]
    few, many = stations_of(KEY, district, 1), stations_of(KEY, district, 3)
    assert np.array_equal(few.x, many.x[:4])
    assert np.array_equal(few.y, many.y[:4])


@examples(max_examples=50)
@given(*[st.integers(0, 6000)] * 6)
def test_walking_distance_is_a_metric(x: int, y: int, x2: int, y2: int, x3: int, y3: int) -> None:
    def away(a: int, b: int, c: int, d: int) -> int:
        return int(distance(np.int32(a), np.int32(b), np.array(c), np.array(d)))

    assert away(x, y, x, y) == 0
    assert away(x, y, x2, y2) == away(x2, y2, x, y) >= 0
    assert away(x, y, x3, y3) <= away(x, y, x2, y2) + away(x2, y2, x3, y3)
