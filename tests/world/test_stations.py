"""Stations: open ones first and as many as before, the sites of every plan behind them, one tree a district."""

from __future__ import annotations

import numpy as np
import pytest

from tests.world.worlds import KEY, land, share_is, town, value_of
from vsim.world.communities import communities_of, community_at
from vsim.world.places import QUARTERS
from vsim.world.stations import (
    CENTRE,
    COMPLEX,
    EMPLOYER,
    HAVES,
    HOUSING,
    INSTITUTE,
    MOBILE,
    OF_PLAN,
    OPEN,
    PLANS,
    POINT,
    PUBLIC,
    STATION_KINDS,
    THEMED,
    VENUE,
    Stations,
    opened,
    stations_of,
)

pytestmark = pytest.mark.slow

VALUE = value_of()


def everywhere(districts: int = 200, rural: float = 0.0, **changes: float) -> list[Stations]:
    value = value_of(**changes)
    return [stations_of(KEY, d, communities_of(KEY, d, value), value)
            for d in land(1000 * districts, districts, 4, rural, **changes)]


@pytest.mark.parametrize("per_quarter", [1, 3])
def test_open_stations_stand_in_the_middle_of_their_quarter(per_quarter: int) -> None:
    district, _, stations = town(places__stations_per_zone=per_quarter)
    half = district.side // 2
    now = opened(stations)
    assert np.array_equal(now, np.arange(QUARTERS * per_quarter)), "open ones come first"
    assert np.bincount(stations.quarter[now]).tolist() == [per_quarter] * QUARTERS
    west, south = stations.quarter[now] % 2 * half, stations.quarter[now] // 2 * half
    for at, corner in ((stations.x[now], west), (stations.y[now], south)):
        assert ((at - corner >= half // 4) & (at - corner < half // 4 + half // 2)).all()


def test_more_stations_leave_the_first_ones_where_they_are() -> None:
    few, many = town()[2], town(places__stations_per_zone=3)[2]
    for name in ("x", "y", "quarter", "kind", "haves", "hours", "order"):
        assert np.array_equal(getattr(few, name)[:4], getattr(many, name)[:4]), name


def test_every_station_stands_in_its_community_and_quarter() -> None:
    _, communities, stations = town()
    assert np.array_equal(stations.quarter, communities.quarter[stations.community])
    assert (community_at(communities, stations.x, stations.y) == stations.community).mean() > 0.9


def test_stations_of_a_district_are_one_tree_of_three_levels() -> None:
    for district, stations in zip(land(200_000, 200, 4), everywhere(), strict=True):
        assert stations.level[0] == (CENTRE if district.seat else INSTITUTE)
        assert STATION_KINDS[stations.kind[0]] == ("practice_centre" if district.seat else "institute")
        assert stations.parent[0] == -1
        assert (stations.parent[1:] == 0).all()
        assert (stations.level[1:] > stations.level[0]).all()
        assert set(stations.level[1:].tolist()) <= {3, POINT}


def test_planned_sites_are_those_of_their_plan() -> None:
    value = value_of(communities__new_housing=0.5)
    for district in land(20_000, 20):
        communities = communities_of(KEY, district, value)
        stations = stations_of(KEY, district, communities, value)
        where = {plan: stations.planned == plan for plan in range(len(PLANS))}
        without = set(range(communities.x.size)) - set(stations.community[where[OPEN]].tolist())
        assert sorted(stations.community[where[COMPLEX]]) == sorted(without), "one in each community without a station"
        new = np.flatnonzero(communities.new_housing)
        assert np.array_equal(stations.community[where[HOUSING]], np.repeat(new, int(value["stations.plan_housing"])))
        for plan in (PUBLIC, VENUE, MOBILE, THEMED, EMPLOYER):
            assert where[plan].sum() == value[f"stations.plan_{PLANS[plan]}"], PLANS[plan]
        for plan, kinds in OF_PLAN.items():
            assert {STATION_KINDS[k] for k in stations.kind[where[plan]]} <= set(kinds), PLANS[plan]
        assert ((stations.theme >= 0) == where[THEMED]).all()
        assert (np.diff(stations.planned) >= 0).all()


def test_plans_can_be_empty() -> None:
    none = {f"stations__plan_{name}": 0 for name in PLANS[2:]}
    stations = town(**none)[2]
    assert set(stations.planned.tolist()) <= {OPEN, COMPLEX}


def test_the_six_conditions_kinds_and_hours_have_their_shares() -> None:
    found = everywhere(400)
    haves = np.concatenate([s.haves for s in found])
    for place, name in enumerate(HAVES):
        share_is((haves >> place & 1) == 1, VALUE[f"stations.have_{name}"])
    kinds = np.concatenate([s.kind[1:4] for s in found])
    for name in ("community_complex", "party_service_centre", "social_work_station", "point"):
        share_is(kinds == STATION_KINDS.index(name), VALUE[f"stations.kind_{name}"])
    hours = np.concatenate([s.hours for s in found])
    assert (hours.min(), hours.max()) == (VALUE["stations.hours_least"], VALUE["stations.hours_most"])
    assert haves.max() == 63
    theme = np.concatenate([s.theme[s.planned == THEMED] for s in found])
    assert set(theme.tolist()) == set(range(8))


def test_a_share_of_the_order_opens_that_share_of_the_sites() -> None:
    found = everywhere(400)
    planned = np.concatenate([s.planned for s in found])
    for order in ("order", "need_order"):
        word = np.concatenate([getattr(s, order) for s in found])
        assert word.min() >= 0
        assert word.max() < 65536
        for share in (0.1, 0.25, 0.6):
            share_is(word[planned == MOBILE] < share * 65536, share)


def test_the_most_needed_site_is_far_from_what_is_open() -> None:
    ranks = []
    for stations in everywhere(200, communities__new_housing=1.0):
        now, sites = opened(stations), np.flatnonzero(stations.planned == HOUSING)
        away = (np.abs(stations.x[sites][:, None] - stations.x[now]) + np.abs(
            stations.y[sites][:, None] - stations.y[now])).min(axis=1)
        ranks.append(np.corrcoef(away, stations.need_order[sites])[0, 1])
    assert np.mean(ranks) < -0.5


def test_rural_districts_have_fewer_stations_in_quarters_that_differ() -> None:
    districts = land(50_000, 50, 4, 0.5)
    found = everywhere(50, 0.5)
    starts = set()
    for district, stations in zip(districts, found, strict=True):
        count = opened(stations).size
        assert count == (round(4 * VALUE["places.rural_stations"]) if district.rural else 4)
        if district.rural:
            starts.add(int(stations.quarter[0]))
        assert stations.x.max() < district.side
        assert stations.y.max() < district.side
    assert starts == {0, 1, 2, 3}


def test_orders_are_random_and_belong_to_the_site() -> None:
    one, other = town()[2], town(stations__plan_venue=5)[2]
    for plan in (PUBLIC, MOBILE, THEMED, EMPLOYER):
        assert np.array_equal(one.order[one.planned == plan], other.order[other.planned == plan]), PLANS[plan]
        assert np.array_equal(one.x[one.planned == plan], other.x[other.planned == plan]), PLANS[plan]
