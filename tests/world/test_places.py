"""Places are a forest: every district in one prefecture, on ground of its own; need and momentum have their sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import KEY, land, value_of, world_of
from vsim.rng import stream_key
from vsim.spec.declared import DeclarationError
from vsim.world.places import distance, lay_out, travel

MANY = land(400_000, 400, 4, 0.3)


@examples(max_examples=40)
@given(st.integers(1, 120), st.floats(0, 1), st.data())
def test_districts_are_a_forest_with_all_residents_in_it(districts: int, rural: float, data: st.DataObject) -> None:
    prefectures = data.draw(st.integers(1, districts))
    residents = data.draw(st.integers(max(100, 50 * districts), 500 * districts + 100))
    laid = lay_out(KEY, world_of(residents, districts, prefectures=prefectures, rural=rural), value_of())
    assert [place.index for place in laid] == list(range(districts))
    assert len({place.code for place in laid}) == districts
    assert sum(place.residents for place in laid) == residents
    assert [place.first_id for place in laid] == np.cumsum([0, *[p.residents for p in laid]])[:-1].tolist()
    assert len({(place.column, place.row) for place in laid}) == districts, "one tile each"
    assert [p.prefecture for p in laid] == sorted(p.prefecture for p in laid)
    assert all(0 <= p.prefecture < prefectures for p in laid)
    assert sum(p.rural for p in laid) == round(rural * districts)
    assert sum(p.seat for p in laid) == prefectures, "one seat in each prefecture"


@pytest.mark.parametrize(("districts", "prefectures"), [(1, 1), (3, 2), (4, 3), (9, 5), (40, 4), (60, 7), (10, 10)])
def test_every_prefecture_has_a_district(districts: int, prefectures: int) -> None:
    assert {place.prefecture for place in land(100 * districts, districts, prefectures)} == set(range(prefectures))


def test_sizes_differ_by_no_more_than_a_third_either_way() -> None:
    sizes = np.array([place.residents for place in MANY])
    assert sizes.min() >= 1000 * 0.64
    assert sizes.max() <= 1000 * 1.37
    assert sizes.std() > 100


def test_a_region_is_the_same_for_its_seed_and_another_for_another() -> None:
    world, value = world_of(5000, 5, prefectures=1), value_of()
    assert lay_out(KEY, world, value) == lay_out(KEY, world, value)
    assert lay_out(stream_key(2), world, value) != lay_out(KEY, world, value)


def test_no_two_districts_share_ground() -> None:
    x, y, side = (np.array([getattr(p, name) for p in MANY]) for name in ("cx", "cy", "side"))
    room = (side[:, None] + side[None, :]) // 2
    apart = (np.abs(x[:, None] - x) >= room) | (np.abs(y[:, None] - y) >= room)
    assert (apart | np.eye(len(MANY), dtype=bool)).all()


def test_neighbours_on_the_tile_map_are_nearer_than_others() -> None:
    away = travel(list(MANY))
    column, row = (np.array([getattr(p, name) for p in MANY]) for name in ("column", "row"))
    steps = np.abs(column[:, None] - column) + np.abs(row[:, None] - row)
    assert np.array_equal(away, away.T)
    assert (np.diag(away) == 0).all()
    assert away[steps == 1].max() < away[steps >= 4].min()
    assert np.corrcoef(away.ravel(), steps.ravel())[0, 1] > 0.97


def test_rural_districts_are_wider_and_a_city_has_none() -> None:
    value = value_of()
    sides = {place.side for place in MANY if place.rural}
    assert sides == {round(100 * value["places.district_side"] * value["places.rural_side"])}
    assert {place.side for place in MANY if not place.rural} == {300}
    assert not any(place.rural for place in land(4000, 4))


def test_the_rural_share_is_a_share() -> None:
    with pytest.raises(DeclarationError, match=r"rural_share is 1\.5; allowed a share of the districts, 0 to 1"):
        world_of(1000, rural=1.5)
    assert world_of(1000).rural_share == 0


def test_need_rises_with_age_and_in_the_country_and_momentum_with_neither() -> None:
    need, momentum, rural = (np.array([getattr(p, name) for p in MANY]) for name in ("need", "momentum", "rural"))
    older = np.array([p.tilts[0] for p in MANY])
    assert sorted(need) == [(2 * i + 1) * 32768 // 400 for i in range(400)], "an order, spread evenly"
    assert np.corrcoef(need, older)[0, 1] > 0.4
    assert need[rural == 1].mean() > need[rural == 0].mean() + 3000
    limit = 4 / 20
    assert abs(np.corrcoef(momentum, need)[0, 1]) < limit
    assert abs(np.corrcoef(momentum, older)[0, 1]) < limit
    assert abs(np.corrcoef(momentum, rural)[0, 1]) < limit
    assert momentum.min() >= 0
    assert momentum.max() < 65536


def test_leanings_cancel_over_the_region() -> None:
    tilts, residents = np.array([p.tilts for p in MANY]), np.array([p.residents for p in MANY])
    assert (np.abs((tilts * residents[:, None]).sum(axis=0) / residents.sum()) <= 1).all()
    assert tilts.std(axis=0).min() > 30_000
    assert land(4000)[0].tilts == (0, 0, 0, 0), "a single district leans nowhere"
    assert np.abs(np.corrcoef(tilts.T) - np.eye(4)).max() < 4 / 20


@examples(max_examples=50)
@given(*[st.integers(0, 6000)] * 6)
def test_walking_distance_is_a_metric(x: int, y: int, x2: int, y2: int, x3: int, y3: int) -> None:
    def away(a: int, b: int, c: int, d: int) -> int:
        return int(distance(np.int32(a), np.int32(b), np.array(c), np.array(d)))

    assert away(x, y, x, y) == 0
    assert away(x, y, x2, y2) == away(x2, y2, x, y) >= 0
    assert away(x, y, x3, y3) <= away(x, y, x2, y2) + away(x2, y2, x3, y3)
