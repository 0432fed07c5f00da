"""A city is made from keys alone: any district can be made, dropped and made again, in any order."""

from __future__ import annotations

import numpy as np
import pytest

from tests.world.worlds import city, value_of
from vsim.levers.stars import Stars
from vsim.spec.scenario import Scenario
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, city_bytes_per_resident, city_of, districts_of, unit_of


def arrays(unit: Unit) -> list[np.ndarray]:
    found = [*unit.communities, *unit.stations, *unit.organisations, *unit.sources, *unit.people]
    return [*found, unit.ties, unit.join_trait, unit.ready, *unit.state]


def same(one: Unit, other: Unit) -> bool:
    pairs = zip(arrays(one), arrays(other), strict=True)
    return one.district == other.district and all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


@pytest.mark.parametrize("rural", [0.0, 0.5])
def test_a_district_made_alone_is_the_district_in_its_city(rural: float) -> None:
    world = WorldSpec(residents=3000, districts=6, prefectures=2, registered_share=0.3, rural_share=rural)
    whole = city_of(world, 8, value_of())
    assert sum(unit.district.rural for unit in whole) == round(6 * rural)
    laid = districts_of(world, value_of())
    for index in (5, 0, 3):
        assert same(unit_of(world, laid[index], 8, value_of()), whole[index])


def test_the_seed_of_the_world_makes_the_people() -> None:
    one, other = city()[0], city(seed=2)[0]
    assert not np.array_equal(other.people.taste[:50], one.people.taste[:50])
    world = WorldSpec(residents=600, districts=3, prefectures=2, registered_share=0.5)
    assert all(same(a, b) for a, b in zip(city_of(world, 6, value_of()), city(), strict=True))


def test_policies_leave_the_city_as_it_is() -> None:
    world = WorldSpec(residents=600, districts=3, prefectures=2, registered_share=0.5)
    plain = Scenario(name="town", world=world, start="2025-09-01", weeks=24, warmup_weeks=6)
    treated = plain.with_levers(Stars(thresholds=[2, 5, 10, 20, 40]))
    cities = [city_of(scenario.world, scenario.warmup_weeks, scenario.values) for scenario in (plain, treated)]
    assert all(same(a, b) for a, b in zip(*cities, strict=True))


def test_residents_of_the_city_are_those_of_its_world() -> None:
    assert sum(unit.people.ids.size for unit in city()) == 600
    joined = np.concatenate([unit.people.ids for unit in city()])
    assert np.array_equal(joined, np.arange(600)), "ids are dense over the region"
    assert 60 < city_bytes_per_resident(list(city())) < 140
    assert city_bytes_per_resident([]) == 0


def test_the_arrays_of_a_city_have_one_type_each_so_that_the_kernels_compile_once() -> None:
    for unit in city():
        for part in (unit.communities, unit.stations, unit.organisations, unit.sources[1:]):
            assert {array.dtype for array in part} == {np.dtype(np.int64)}
        assert all(array.flags.c_contiguous for array in arrays(unit))


def test_the_tree_of_places_is_a_forest() -> None:
    for unit in city(rural=0.5):
        count = unit.communities.x.size
        assert set(unit.people.community.tolist()) <= set(range(count))
        assert ((unit.stations.community >= 0) & (unit.stations.community < count)).all()
        assert np.array_equal(unit.people.quarter, unit.communities.quarter[unit.people.community])
        assert np.array_equal(unit.stations.quarter, unit.communities.quarter[unit.stations.community])
        assert (unit.communities.residents > 0).all()


def test_the_largest_and_smallest_worlds_of_the_cards_overflow_nowhere() -> None:
    wide = value_of(places__district_side=60.0, places__rural_side=5.0, places__communities_per_zone=32,
                    places__stations_per_zone=8, organisations__size_log_sd=3.0, demand__tasks=200.0,
                    demand__recurring_rate=0.05, organisations__cash_foundation=10_000_000.0)
    world = WorldSpec(residents=60_000, districts=2, prefectures=1, registered_share=0.3, rural_share=0.5)
    for unit in city_of(world, 6, wide):
        for name in ("x", "y"):
            assert getattr(unit.people, name).min() >= 0
            assert getattr(unit.people, name).max() < unit.district.side
            assert getattr(unit.sources, f"need_{name}").min() >= 0
        assert unit.people.community.max() == 127
        assert (unit.organisations.weight > 0).all()
        assert (unit.organisations.cash >= 0).all()
        assert (unit.sources.rate >= 0).all()
        assert (unit.stations.need_order >= 0).all()
        assert unit.stations.need_order.max() < 65536
    small = WorldSpec(residents=100, districts=2, prefectures=1, registered_share=0.3)
    assert sum(unit.people.ids.size for unit in city_of(small, 6, wide)) == 100
