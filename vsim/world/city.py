"""A city: districts with everything that stands before the first week, made once from the world's own seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.spec.world_spec import WorldSpec
from vsim.world.communities import Communities, communities_of
from vsim.world.organisations import Organisations, Sources, organisations_of
from vsim.world.people import People, people_of
from vsim.world.places import District, lay_out
from vsim.world.sources import sources_of
from vsim.world.state import State, bytes_per_resident, initial_state, is_ready, join_trait
from vsim.world.stations import Stations, stations_of
from vsim.world.ties import ties_of

LARGEST = 5_000_000           # residents that are kept in memory


class Unit(NamedTuple):
    """One district with all that is fixed in it, and the state before the run-up."""

    district: District
    communities: Communities
    stations: Stations
    organisations: Organisations
    sources: Sources
    people: People
    ties: NDArray[np.int32]           # (n, 6)
    join_trait: NDArray[np.int32]     # (n,) 1/1024
    ready: NDArray[np.bool_]          # (n,)
    state: State


def districts_of(world: WorldSpec, value: Mapping[str, float]) -> list[District]:
    """Return the districts of a world."""
    return lay_out(stream_key(world.seed), world, value)


def unit_of(world: WorldSpec, district: District, warmup: int, value: Mapping[str, float]) -> Unit:
    """Return one district, from keys alone: it can be made, dropped and made again."""
    key = stream_key(world.seed)
    communities = communities_of(key, district, value)
    stations = stations_of(key, district, communities, value)
    organisations = organisations_of(key, district, stations, value)
    people = people_of(key, district, communities, value)
    ties = ties_of(key, people)
    return Unit(
        district=district, communities=communities, stations=stations, organisations=organisations,
        sources=sources_of(key, district, communities, stations, organisations, value), people=people, ties=ties,
        join_trait=join_trait(people, value), ready=is_ready(key, people.ids, value),
        state=initial_state(key, people, ties, world.registered_share, warmup, value),
    )


def check_size(world: WorldSpec) -> None:
    """Refuse a world that would not fit into memory."""
    if world.residents > LARGEST:
        raise UsageError(f"world: residents is {world.residents:,}; allowed {LARGEST:,} in memory. Run it district by "
                         "district: `vsim run nation`.")


def city_of(world: WorldSpec, warmup: int, value: Mapping[str, float]) -> list[Unit]:
    """Return every district of a world.

    Raises
    ------
    UsageError
        When the world is too large to be kept in memory.
    """
    check_size(world)
    return [unit_of(world, district, warmup, value) for district in districts_of(world, value)]


def city_bytes_per_resident(city: list[Unit]) -> float:
    """Return bytes of memory for each resident: person, ties and state."""
    total = sum(bytes_per_resident(u.people, u.ties, u.state) * u.people.ids.size for u in city)
    return total / max(sum(u.people.ids.size for u in city), 1)
