"""Stations: the places where service is offered, open before the run or planned, in a network of three levels.

Those that are open before the run come first in the arrays and are the only ones that sources of need belong to.
Station 0 of a district is its institute; in the seat of a prefecture it is the practice centre. Behind them stand the
sites of every plan that a policy may open, each with a random order and an order by need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.rng import Stream, draw
from vsim.world.communities import Communities, community_at, inside_of
from vsim.world.drawing import Draw
from vsim.world.places import QUARTERS, District, distance
from vsim.world.work import by_share

STATION_KINDS = (
    "community_complex", "practice_centre", "institute", "station", "point", "party_service_centre",
    "social_work_station", "window", "museum", "library", "park", "transport_hub", "mobile", "employer", "memorial",
    "science_hall",
)
HAVES = ("venue", "team", "projects", "equipment", "rules", "signage")
OPEN, COMPLEX, HOUSING, PUBLIC, VENUE, MOBILE, THEMED, EMPLOYER = range(8)
PLANS = ("open", "complex", "housing", "public_place", "venue", "mobile", "themed", "employer")
HOSTED = ("community_complex", "party_service_centre", "social_work_station", "point")
OF_PLAN: dict[int, tuple[str, ...]] = {
    COMPLEX: ("community_complex",), HOUSING: ("station",), PUBLIC: ("window", "transport_hub", "library"),
    VENUE: ("museum", "park", "memorial", "science_hall"), MOBILE: ("mobile",), THEMED: ("point",),
    EMPLOYER: ("employer",),
}
CENTRE, INSTITUTE, STATION, POINT = 1, 2, 3, 4
PLANNED_FROM = 4096           # number of the first draw of a plan, times the plan: clear of the open stations
EQUIPMENT = 5                 # number of the draws of what a station has
ANYWHERE = -1                 # no community is asked for
Int = NDArray[np.int64]
MANY_OF = np.array([1, *(len(OF_PLAN[plan]) for plan in sorted(OF_PLAN))], dtype=np.int64)       # kinds, by plan
KINDS_OF = np.zeros((len(PLANS), max(MANY_OF)), dtype=np.int64)
for _plan, _names in OF_PLAN.items():
    KINDS_OF[_plan, : len(_names)] = [STATION_KINDS.index(name) for name in _names]


class Stations(NamedTuple):
    """Stations of one district, open ones first; arrays of shape (s,)."""

    x: Int                    # 10 m from the west edge
    y: Int                    # 10 m from the south edge
    quarter: Int
    community: Int            # position among the communities of the district
    kind: Int                 # index into STATION_KINDS
    level: Int                # 1 centre, 2 institute, 3 station, 4 point
    parent: Int               # position of the station that leads it; -1 for station 0
    haves: Int                # bits of HAVES, venue lowest
    hours: Int                # open hours a week
    planned: Int              # 0 open before the run, else the plan that opens it: index into PLANS
    order: Int                # 0 to 65535: random order inside its plan
    need_order: Int           # 0 to 65535: order by need inside its plan in the district, most needed first
    theme: Int                # service area of a themed station, else -1


def opened(stations: Stations) -> Int:
    """Return the positions of the stations that are open before the run."""
    return np.flatnonzero(stations.planned == OPEN)


def stations_of(
    key: tuple[int, int], district: District, communities: Communities, value: Mapping[str, float], draw: Draw = draw
) -> Stations:
    """Return the stations of a district: open ones within the middle half of their quarter, then the planned sites.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    communities : Communities of the district
    value : mapping of card key to number (cards `places.stations_per_zone`, `places.rural_stations`, `stations.*`)
    draw : the drawer of keyed words
    """
    now = _open_sites(key, district, communities, value, draw)
    planned = _planned_sites(key, district, communities, now, value, draw)
    x, y, community, kind, item, plan_of = (np.concatenate(pair) for pair in zip(now, planned, strict=True))
    count = x.size
    words = [w.astype(np.int64) for w in draw(key, Stream.PLACE, district.index, EQUIPMENT, item)]
    more = [w.astype(np.int64) for w in draw(key, Stream.PLACE, district.index, EQUIPMENT + 1, item)]
    haves = np.zeros(count, dtype=np.int64)
    for position, name in enumerate(HAVES):
        half = (words[position // 2] >> position % 2 * 16 & 0xFFFF) << 16
        haves |= (half < threshold32(value[f"stations.have_{name}"])).astype(np.int64) << position
    least, most = int(value["stations.hours_least"]), int(value["stations.hours_most"])
    level = np.where(plan_of >= PUBLIC, POINT, np.where(kind == STATION_KINDS.index("point"), POINT, STATION))
    level[0] = CENTRE if district.seat else INSTITUTE
    return Stations(
        x=x, y=y, quarter=communities.quarter[community], community=community, kind=kind, level=level,
        parent=np.where(np.arange(count) == 0, -1, 0), haves=haves,
        hours=least + (words[3] * max(most - least + 1, 1) >> 32), planned=plan_of, order=more[0] >> 16,
        need_order=_by_need(communities, now, x, y, community, plan_of, more[1] >> 16),
        theme=np.where(plan_of == THEMED, more[2] >> 29, -1),
    )


Sites = tuple[Int, Int, Int, Int, Int, Int]     # x, y, community, kind, number of the draw, plan


def _open_sites(
    key: tuple[int, int], district: District, communities: Communities, value: Mapping[str, float], draw: Draw
) -> Sites:
    count = QUARTERS * int(value["places.stations_per_zone"])
    first = 0
    if district.rural:
        count = max(1, round(count * value["places.rural_stations"]))
        first = int(draw(key, Stream.PLACE, district.index, EQUIPMENT + 2)[0]) * QUARTERS >> 32
    item = np.arange(count, dtype=np.int64)
    quarter = (item + first) % QUARTERS
    words = [w.astype(np.int64) for w in draw(key, Stream.PLACE, district.index, 1, item)]
    half = district.side // 2
    x = (quarter % 2) * half + half // 4 + (words[0] * (half // 2) >> 32)
    y = (quarter // 2) * half + half // 4 + (words[1] * (half // 2) >> 32)
    names = np.array([STATION_KINDS.index(name) for name in ("station", *HOSTED)])
    kind = names[by_share(words[2], [value[f"stations.kind_{name}"] for name in HOSTED])]
    kind[0] = STATION_KINDS.index("practice_centre" if district.seat else "institute")
    return x, y, community_at(communities, x, y), kind, item, np.zeros(count, dtype=np.int64)


def _wanted(plan: int, communities: Communities, now: Sites, value: Mapping[str, float]) -> Int | int:
    """Return the communities of the sites of a plan, or how many sites stand anywhere in the district."""
    everywhere = np.arange(communities.x.size, dtype=np.int64)
    if plan == COMPLEX:
        return np.setdiff1d(everywhere, now[2])
    if plan == HOUSING:
        return np.repeat(everywhere[communities.new_housing == 1], int(value["stations.plan_housing"]))
    return int(value[f"stations.plan_{PLANS[plan]}"])


def _planned_sites(
    key: tuple[int, int], district: District, communities: Communities, now: Sites, value: Mapping[str, float],
    draw: Draw,
) -> Sites:
    """Return the sites of all plans: in the communities asked for, or spread over the communities of the district."""
    wanted = {plan: _wanted(plan, communities, now, value) for plan in range(COMPLEX, len(PLANS))}
    sizes = {plan: where if isinstance(where, int) else where.size for plan, where in wanted.items()}
    number = np.concatenate([np.arange(size, dtype=np.int64) for size in sizes.values()])
    plan_of = np.repeat(np.array(list(sizes), dtype=np.int64), list(sizes.values()))
    asked = np.concatenate([np.full(where, ANYWHERE, dtype=np.int64) if isinstance(where, int) else where
                            for where in wanted.values()])
    item = plan_of * PLANNED_FROM + number
    words = [w.astype(np.int64) for w in draw(key, Stream.PLACE, district.index, 1, item)]
    community = np.where(asked == ANYWHERE, words[2] * communities.x.size >> 32, asked)
    x, y = inside_of(communities, community, (words[0], words[1]))
    return x, y, community, KINDS_OF[plan_of, number % MANY_OF[plan_of]], item, plan_of


def _by_need(
    communities: Communities, now: Sites, x: Int, y: Int, community: Int, plan: Int, words: Int
) -> Int:
    """Return the order by need inside each plan, shape (s,), 16 bit, most needed first.

    A site is needed where it is far from an open station and in a community of high need; over a plan the order is
    spread evenly, so that opening all sites below a share of 65536 opens that share of them.
    """
    away = distance(x[:, None], y[:, None], now[0][None, :], now[1][None, :]).min(axis=1)
    score = away * (65536 + communities.need[community])
    line = np.lexsort((-score, plan))                         # by plan, the highest score first, then by position
    sizes = np.bincount(plan, minlength=len(PLANS))
    rank = np.empty(x.size, dtype=np.int64)
    rank[line] = np.arange(x.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return (rank * 65536 + words) // sizes[plan]
