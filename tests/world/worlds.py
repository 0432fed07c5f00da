"""Worlds for the tests of places and people, made without the engine: one process makes each only once."""

from __future__ import annotations

from functools import cache

import numpy as np

from vsim.rng import stream_key
from vsim.spec.cards import values
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, city_of
from vsim.world.communities import Communities, communities_of
from vsim.world.organisations import Organisations, Sources, organisations_of
from vsim.world.people import People, people_of
from vsim.world.places import District, lay_out
from vsim.world.sources import sources_of
from vsim.world.stations import Stations, stations_of

KEY = stream_key(1)


def world_of(residents: int, districts: int = 1, *, prefectures: int | None = None, rural: float = 0.0,
             seed: int = 1) -> WorldSpec:
    return WorldSpec(residents=residents, districts=districts, prefectures=prefectures or min(2, districts),
                     registered_share=0.2, seed=seed, rural_share=rural)


def value_of(**changes: float) -> dict[str, float]:
    """Return the cards' numbers with changes, written as `demand__tasks=3`."""
    return {**values(), **{key.replace("__", "."): item for key, item in changes.items()}}


@cache
def land(residents: int, districts: int = 1, prefectures: int | None = None, rural: float = 0.0,
         **changes: float) -> tuple[District, ...]:
    return tuple(lay_out(KEY, world_of(residents, districts, prefectures=prefectures, rural=rural),
                         value_of(**changes)))


@cache
def town(residents: int = 20_000, **changes: float) -> tuple[District, Communities, Stations]:
    """Return a world of one district, its communities and stations."""
    value, district = value_of(**changes), land(residents, **changes)[0]
    communities = communities_of(KEY, district, value)
    return district, communities, stations_of(KEY, district, communities, value)


@cache
def crowd(residents: int = 20_000, **changes: float) -> People:
    district, communities, _ = town(residents, **changes)
    return people_of(KEY, district, communities, value_of(**changes))


@cache
def economy(residents: int = 4000, **changes: float) -> tuple[Organisations, Sources]:
    value, (district, communities, stations) = value_of(**changes), town(residents, **changes)
    organisations = organisations_of(KEY, district, stations, value)
    return organisations, sources_of(KEY, district, communities, stations, organisations, value)


@cache
def city(residents: int = 600, districts: int = 3, share: float = 0.5, rural: float = 0.0, seed: int = 1,
         warmup: int = 6) -> tuple[Unit, ...]:
    world = WorldSpec(residents=residents, districts=districts, prefectures=min(2, districts), seed=seed,
                      registered_share=share, rural_share=rural)
    return tuple(city_of(world, warmup, value_of()))


def z_score(observed: float, expected: float, variance: float) -> float:
    return (observed - expected) / max(variance, 1e-12) ** 0.5


def share_is(hits: np.ndarray, stated: float) -> None:
    """Check that a share of yes and no lies within four standard errors of what is stated."""
    assert abs(z_score(hits.sum(), hits.size * stated, hits.size * stated * (1 - stated))) < 4, (hits.mean(), stated)


def alike(ties: np.ndarray, labels: np.ndarray) -> float:
    """Return the assortativity of ties by a label: 0 for random pairing, 1 when all ties stay inside their label."""
    here, there = labels, labels[ties]
    keep = ties != np.arange(ties.size)
    inside = (here == there)[keep].mean()
    counts = np.bincount(labels) / labels.size
    expected = (counts**2).sum()
    return float((inside - expected) / (1 - expected))
