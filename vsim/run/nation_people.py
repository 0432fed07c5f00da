"""The volunteers of a large run: who is on the register at its end, with names and addresses drawn by key.

Texts are dictionaries: one vocabulary for each column, and a number a row. No name is put together row by row.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.rng import Stream, draw
from vsim.run.district import Progress
from vsim.run.nation_tables import Table, small
from vsim.world.city import Unit
from vsim.world.communities import Communities
from vsim.world.names import ASSET, community_names, district_names, given_names, surnames
from vsim.world.people import AGE_GROUPS, FEMALE
from vsim.world.places import District
from vsim.world.state import UNREGISTERED

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = NDArray[np.int32]
COMMUNITY_NAMES = 3           # number of the draws of names of communities; stations have 1, organisations 2
PER_DISTRICT = 1024           # numbers that each district has for its communities (`vsim.world.communities`)
SEXES = ("M", "F")
AGES = tuple(f"{low}-{high}" for low, high in AGE_GROUPS)


def volunteer_table(unit: Unit, end: Progress, mine: NDArray[np.bool_], key: tuple[int, int], districts: int) -> Table:
    """Return the volunteers of a district who are in `mine` and on the register at the end, by number.

    Parameters
    ----------
    mine : ndarray of bool, shape (n,)
    key : Philox key of the world
    districts : int
        Districts of the whole world, which their names depend on.
    """
    who = np.flatnonzero(mine & (end.state.status != UNREGISTERED))
    people, state = unit.people, end.state
    ids, cell = people.ids[who], people.cell[who]
    female = (people.traits[who] & FEMALE) > 0
    first, second, _, _ = draw(key, Stream.NAME, ids)
    family, given = name_numbers(first, second, female)
    community = people.community[who]
    return {
        "volunteer": ids, "district": np.full(who.size, unit.district.index, dtype=np.int16),
        "community": small(community.astype(np.int64) + 1, np.int16), "sex": words(female, SEXES),
        "age_group": words((cell >> 1) & 3, AGES), "registered_week": state.since[who],
        "star": state.star[who].astype(np.int8), "surname": words(family, surnames()[0]),
        "given_name": words(given, all_given()),
        "address": words(community, addresses(key, unit.district, unit.communities, districts)),
        "household": people.household[who],
    }


def words(numbers: ArrayLike, vocabulary: tuple[str, ...]) -> pa.Array:
    """Return a column of texts as numbers of a vocabulary; words that do not occur are left out of it when many."""
    import pyarrow as pa

    codes = np.asarray(numbers, dtype=np.int32)
    if codes.size < len(vocabulary):
        used, place = np.unique(codes, return_inverse=True)
        codes, vocabulary = place.astype(np.int32), tuple(vocabulary[code] for code in used.tolist())
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(vocabulary, pa.string()))


def name_numbers(
    first: NDArray[np.uint32], second: NDArray[np.uint32], female: NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Return the place of each surname in `surnames()` and of each given name in `all_given()`, from two keyed words.

    They are the names that `vsim.world.names.person_names` gives for the same words, those of famous people left out.
    """
    family = _pick(first, "surnames")
    given = np.zeros(first.size, dtype=np.int32)
    for sex, names in ((False, "men"), (True, "women")):
        rows = np.flatnonzero(female == sex)
        numbers = _numbers(sex)
        place, theirs = _pick(second[rows], names), family[rows]
        while (famous := np.flatnonzero(_famous()[theirs, numbers[place]])).size:
            place[famous] = (place[famous] + 1) % numbers.size
        given[rows] = numbers[place]
    return family, given


def addresses(key: tuple[int, int], district: District, communities: Communities, districts: int) -> tuple[str, ...]:
    """Return the address of each community of a district: the name of the place, from keyed words."""
    count = communities.x.size
    entity = district.index * PER_DISTRICT + np.arange(count)
    one, two, _, _ = draw(key, Stream.NAME, entity, COMMUNITY_NAMES)
    place = _places(districts)[district.index]
    return tuple(community_names(np.stack([one, two], axis=1), [place] * count))


@cache
def all_given() -> tuple[str, ...]:
    """Return every given name once, those of men first."""
    return tuple(dict.fromkeys((*given_names(False)[0], *given_names(True)[0])))


@cache
def _numbers(female: bool) -> Numbers:
    """Return the place in `all_given` of each given name of one sex."""
    place = {name: number for number, name in enumerate(all_given())}
    return np.array([place[name] for name in given_names(female)[0]], dtype=np.int32)


@cache
def _famous() -> NDArray[np.bool_]:
    """Return which full names nobody is given, shape (surnames, given names)."""
    family = {name: number for number, name in enumerate(surnames()[0])}
    given = {name: number for number, name in enumerate(all_given())}
    out = np.zeros((len(family), len(given)), dtype=np.bool_)
    people: dict[str, Any] = json.loads(ASSET.read_text(encoding="utf-8"))["people"]
    for name in people["avoid"]:
        for cut in range(1, len(name)):
            if name[:cut] in family and name[cut:] in given:
                out[family[name[:cut]], given[name[cut:]]] = True
    return out


@cache
def _places(districts: int) -> tuple[str, ...]:
    return tuple(place.name for place in district_names(districts))


@cache
def _guide(names: str) -> tuple[Numbers, Numbers, NDArray[np.int64]]:
    """Return what the first and the last word of each of 65,536 equal parts take, and the cumulative weights."""
    totals = surnames()[1] if names == "surnames" else given_names(names == "women")[1]
    edge = np.arange(1 << 16, dtype=np.uint64) << np.uint64(16)
    low, high = (_searched((edge + np.uint64(more)).astype(np.uint32), totals) for more in (0, 0xFFFF))
    return low, high, totals


def _searched(drawn: NDArray[np.uint32], totals: NDArray[np.int64]) -> Numbers:
    """Return which of several weighted things each word takes; as `vsim.world.names` does."""
    aim = (drawn.astype(np.uint64) * np.uint64(totals[-1]) >> np.uint64(32)).astype(np.int64)
    return np.searchsorted(totals, aim, side="right").astype(np.int32)


def _pick(drawn: NDArray[np.uint32], names: str) -> Numbers:
    """Return which name each word takes; a word is looked for only where its part of 65,536 holds several names."""
    low, high, totals = _guide(names)
    part = drawn >> np.uint32(16)
    found = low[part]
    open_ = np.flatnonzero(found != high[part])
    found[open_] = _searched(drawn[open_], totals)
    return found
