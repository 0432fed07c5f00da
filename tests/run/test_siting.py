"""Siting: which stations are open, where needs are served, and how many of them are found."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine_worlds import alone, settled_of, town
from vsim.exact import share16
from vsim.run.siting import COLUMNS, HAVES, layouts, open_stations, station_state
from vsim.world.places import distance
from vsim.world.weekly import PLANS, Weekly

SCENARIO = town({"demand.catchment": 0.4}, residents=800, districts=1)
UNIT, SETTLED = alone(SCENARIO)
VALUE = SCENARIO.values


def weekly(**tables: int | list[int]) -> Weekly:
    """Return the tables of the run with some set for every week, or for each third of the weeks."""
    out = {}
    for name, value in tables.items():
        table = np.zeros_like(getattr(SETTLED.weekly, name))
        thirds = np.arange(table.shape[1]) * 3 // table.shape[1]
        table[:] = np.array(value)[thirds] if isinstance(value, list) else value
        out[name] = table
    return SETTLED.weekly._replace(**out)


def state(**tables: int) -> np.ndarray:
    return station_state(weekly(**tables), 0, 0)


def test_without_policy_there_is_one_layout_and_needs_are_served_where_they_always_were() -> None:
    sites, row = layouts(UNIT, SETTLED.weekly, VALUE)
    assert sites.station.shape[0] == 1
    assert not row.any()
    assert np.array_equal(sites.station[0], UNIT.sources.station)
    for name in ("x", "y", "quarter"):
        assert np.array_equal(getattr(sites, name)[0], getattr(UNIT.stations, name)[UNIT.sources.station])


def test_each_set_of_open_stations_is_one_layout_however_often_it_comes() -> None:
    sites, row = layouts(UNIT, weekly(open_complex=[0, 65536, 0]), VALUE)
    assert sites.station.shape[0] == 2
    assert len(set(row.tolist())) == 2
    assert row[0] == row[-1] != row[row.size // 2]
    assert all(array.shape == (2, UNIT.sources.ids.size) for array in sites)


def test_a_plan_opens_its_own_stations_and_a_larger_share_keeps_those_of_a_smaller() -> None:
    planned = UNIT.stations.planned
    assert open_stations(UNIT, state()).tolist() == (planned == 0).tolist()
    for place, name in enumerate(PLANS):
        some, every = (open_stations(UNIT, state(**{name: share})) for share in (30000, 65536))
        assert not some[(planned != 0) & (planned != place + 1)].any(), name
        assert (every >= some).all()
        assert every[planned == place + 1].all()


def test_planned_sites_open_at_random_or_by_need() -> None:
    stations = UNIT.stations
    for by_need, order in ((0, stations.order), (1, stations.need_order)):
        opened = open_stations(UNIT, state(by_need=by_need, open_complex=30000))
        mine = stations.planned == 1
        assert np.array_equal(opened[mine], order[mine] < 30000)


def test_a_need_moves_only_to_an_open_station_that_a_policy_opened_and_that_is_nearer() -> None:
    sites, _ = layouts(UNIT, weekly(**dict.fromkeys(PLANS, 65536)), VALUE)
    sources, stations, station = UNIT.sources, UNIT.stations, sites.station[0]
    moved = station != sources.station
    assert moved.any()
    before, after = (distance(sources.need_x, sources.need_y, stations.x[at], stations.y[at])
                     for at in (sources.station, station))
    assert (after[moved] < before[moved]).all()
    assert (stations.planned[station[moved]] > 0).all()
    theme = stations.theme[station[moved]]
    assert ((theme < 0) | (theme == sources.field[moved])).all(), "a themed station serves its own field"


def test_needs_within_the_catchment_of_an_open_station_are_found_more_often() -> None:
    none = {**VALUE, "demand.haves_loss": 0.0}
    sites, _ = layouts(UNIT, SETTLED.weekly, none)
    sources, stations = UNIT.sources, UNIT.stations
    usable = (stations.planned == 0)[None, :] & (
        (stations.theme[None, :] < 0) | (stations.theme[None, :] == sources.field[:, None]))
    away = distance(sources.need_x[:, None], sources.need_y[:, None], stations.x[None, :], stations.y[None, :])
    near = np.where(usable, away, 1 << 40).min(axis=1) <= 40
    assert 0 < near.sum() < near.size
    expected = np.where(near, share16(none["demand.discovered"]), share16(none["demand.discovered_far"]))
    assert np.array_equal(sites.found[0], expected)
    more, _ = layouts(UNIT, weekly(**dict.fromkeys(PLANS, 65536)), none)
    assert (more.found[0] >= sites.found[0]).all()
    assert more.found[0].sum() > sites.found[0].sum()


def test_missing_haves_lose_needs_and_a_policy_that_asks_for_all_six_loses_none() -> None:
    usual, asked = (layouts(UNIT, weekly(haves=number), VALUE)[0].found[0] for number in (0, HAVES))
    whole = layouts(UNIT, SETTLED.weekly, {**VALUE, "demand.haves_loss": 0.0})[0].found[0]
    assert np.array_equal(asked, whole)
    assert (usual <= whole).all()
    bits = np.array([int(b & 63).bit_count() for b in UNIT.stations.haves.tolist()])[UNIT.sources.station]
    loss = share16(VALUE["demand.haves_loss"]) * (6 - bits) // 6
    assert np.array_equal(usual, whole * (65536 - loss) >> 16)


@pytest.mark.parametrize("name", COLUMNS)
def test_the_state_of_the_stations_follows_from_these_tables(name: str) -> None:
    changed = station_state(weekly(**{name: 7}), 0, 3) - station_state(weekly(), 0, 3)
    assert changed.tolist() == [7 if column == name else 0 for column in COLUMNS]


def test_a_settled_scenario_names_a_layout_that_exists_for_each_week() -> None:
    settled = settled_of("lively")
    for index, sites in enumerate(settled.sites):
        assert settled.weekly.layout[index].max() < sites.station.shape[0]
