"""Making a district: what stands before the first week, by compiled kernels or by the plain world.

`vsim.world.city.unit_of` says what a district is; `make_unit` gives the same arrays for a small part of the time.
Cards become numbers and small tables here; what has one value for each resident is left to `vsim.kernels`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.exact import share16, tables
from vsim.kernels.build import kernels
from vsim.rng import Stream, Words, stream_key
from vsim.run.making_cards import (
    KINDS,
    PROFILE,
    Cards,
    Kinds,
    empty_people,
    normal,
    settle_cards,
    settle_kinds,
    settle_places,
    settle_shares,
    settle_skills,
)
from vsim.run.making_needs import FieldTables, Forms, HostCards, NeedCards, make_needs, settle_hosts, settle_needs
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, check_size, city_of, districts_of, unit_of
from vsim.world.communities import mix_communities
from vsim.world.places import District
from vsim.world.state import blank_state
from vsim.world.stations import stations_of
from vsim.world.ties import DEGREE
from vsim.world.work import employer_weights

Int = NDArray[np.int64]
LARGE = 500_000               # residents from which a city is made by kernels: compiling them takes some seconds


def draw(
    key: tuple[int, int], stream: Stream, entity: ArrayLike, week: ArrayLike = 0, item: ArrayLike = 0, /
) -> tuple[Words, Words, Words, Words]:
    """Return four keyed words for each entity, week and item: the compiled twin of `vsim.rng.draw`.

    Parameters
    ----------
    key, stream : as of `vsim.rng.draw`
    entity, week, item : whole numbers, or arrays of shape (n,)

    Returns
    -------
    tuple of four ndarray of uint32, shape (n,), or numbers
    """
    entities, weeks, items = _numbers(entity), _numbers(week), _numbers(item)
    size = max(entities.size, weeks.size, items.size)
    if entities.size == 0 or weeks.size == 0 or items.size == 0:
        size = 0
    elif any(numbers.size not in {1, size} for numbers in (entities, weeks, items)):
        raise ValueError(f"draw: {entities.size} entities, {weeks.size} weeks and {items.size} items; allowed as many "
                         "of each, or one.")
    out = np.empty((4, size), dtype=np.uint32)
    kernels("people").draw_words(np.uint64(key[0]), np.uint64(key[1]), int(stream), entities, weeks, items, out)
    one = size == 1 and np.ndim(entity) == np.ndim(week) == np.ndim(item) == 0
    first, second, third, fourth = out[:, 0] if one else out
    return first, second, third, fourth


def _numbers(part: ArrayLike) -> Int:
    """Return whole numbers as an array of shape (k,)."""
    return np.ascontiguousarray(part, dtype=np.int64).reshape(-1)


class Reading(NamedTuple):
    """What making reads of the cards, the same in every district."""

    cards: Cards
    kinds: Kinds
    skills: tuple[Int, Int]
    hosts: tuple[HostCards, Forms]
    needs: tuple[NeedCards, FieldTables]


_last: list[tuple[Mapping[str, float], Reading]] = []        # of values that nobody can change, the last that were read


def reading_of(value: Mapping[str, float]) -> Reading:
    """Return what making reads of the cards; kept for values that cannot change, as those of `settle.fixed_of`."""
    for known, reading in _last:
        if known is value:
            return reading
    reading = Reading(
        settle_cards(value), settle_kinds(value), settle_skills(value), settle_hosts(value), settle_needs(value)
    )
    if isinstance(value, MappingProxyType):
        _last[:] = [(value, reading)]
    return reading


def make_unit(
    world: WorldSpec, district: District, warmup: int, value: Mapping[str, float], engine: str = "kernels"
) -> Unit:
    """Return one district with all that is fixed in it and the state before the run-up: `unit_of`, in less time.

    Parameters
    ----------
    world : WorldSpec
    district : District
    warmup : int
        Weeks of run-up.
    value : mapping of card key to number; that of `vsim.run.settle.fixed_of` is read once for all districts
    engine : {"kernels", "oracle"}
        Compiled, or the plain NumPy that it equals.
    """
    if engine == "oracle":
        return unit_of(world, district, warmup, value)
    key, made = stream_key(world.seed), kernels("people")
    k0, k1, first, n = np.uint64(key[0]), np.uint64(key[1]), np.int64(district.first_id), district.residents
    communities = mix_communities(key, district, value, draw)
    stations = stations_of(key, district, communities, value, draw)
    cards, kinds, skills, hosts, needs = reading_of(value)
    organisations, sources = make_needs(made, (k0, k1), district, communities, stations, value, hosts, needs)
    people, state = empty_people(n), blank_state(n)
    joining, kind = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.uint8)
    counted, households = np.zeros(KINDS, dtype=np.int64), np.zeros(communities.x.size, dtype=np.int64)
    ties, ready = np.empty((n, DEGREE), dtype=np.int32), np.empty(n, dtype=np.bool_)
    made.make_people(
        k0, k1, first, settle_places(n, communities, value), PROFILE, cards,
        settle_shares(employer_weights(key, district, value, draw), *skills), kinds, normal(), people, joining, kind,
        counted, households,
    )
    made.make_ties(k0, k1, first, np.int64(communities.x.size), people, ties)
    chances = np.zeros(KINDS, dtype=np.int64)
    if world.registered_share > 0:
        expected = np.int64(share16(world.registered_share) * n << 16)
        made.register_chances(tables().logistic, kinds.leaning, counted, expected, chances)
    made.make_standing(k0, k1, first, np.int64(warmup), cards, chances, kind, ties, state, ready)
    return Unit(
        district=district, communities=communities._replace(households=households), stations=stations,
        organisations=organisations, sources=sources, people=people, ties=ties, join_trait=joining, ready=ready,
        state=state,
    )


def make_city(world: WorldSpec, warmup: int, value: Mapping[str, float]) -> list[Unit]:
    """Return every district of a world: `city_of`, by kernels where the world is large.

    Raises
    ------
    UsageError
        When the world is too large to be kept in memory.
    """
    if world.residents < LARGE:
        return city_of(world, warmup, value)
    check_size(world)
    return [make_unit(world, district, warmup, value) for district in districts_of(world, value)]
