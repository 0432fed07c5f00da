"""A city is made from keys alone: any district can be made, dropped and made again, in any order."""

from __future__ import annotations

import numpy as np

from tests.engine_worlds import START, city_named, scenario_of, town, world_of
from vsim.spec.scenario import Scenario
from vsim.world.city import city_bytes_per_resident, city_of, districts_of, unit_of


def arrays(unit) -> list[np.ndarray]:
    found = [*unit.stations, *unit.organisations, *unit.sources, *unit.people, unit.ties, unit.join_trait, unit.ready]
    return [*found, *unit.state]


def test_a_district_made_alone_is_the_district_in_its_city() -> None:
    scenario = scenario_of("lively")
    laid = districts_of(scenario.world, scenario.values)
    for index in (2, 0):
        one = unit_of(scenario.world, laid[index], scenario.warmup_weeks, scenario.values)
        assert one.district == city_named("lively")[index].district
        assert all(np.array_equal(a, b) for a, b in zip(arrays(one), arrays(city_named("lively")[index]), strict=True))


def test_the_seed_of_the_world_makes_the_people_and_the_luck_of_a_run_does_not() -> None:
    one = city_named("plain")
    scenario = town()
    own = {name: getattr(scenario, name) for name in Scenario.model_fields}
    other = Scenario(**{**own, "world": world_of(600, 3, 0.5, seed=2)})
    assert other.start == START
    assert not np.array_equal(city_of(other.world, 6, other.values)[0].people.taste[:50], one[0].people.taste[:50])
    assert np.array_equal(city_of(scenario.world, 6, scenario.values)[0].people.taste, one[0].people.taste)


def test_policies_leave_the_city_as_it_is() -> None:
    for plain, treated in zip(city_named("plain"), city_named("lively"), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(arrays(plain), arrays(treated), strict=True))


def test_residents_of_the_city_are_those_of_its_world() -> None:
    city = city_named("lively")
    assert sum(unit.people.ids.size for unit in city) == scenario_of("lively").world.residents
    assert 60 < city_bytes_per_resident(city) < 130
    assert city_bytes_per_resident([]) == 0
