"""The volunteers of a large run: who is on the register at its end, with names and addresses drawn by key.

Texts are dictionaries: one vocabulary for each column, and a number a row. No name is put together row by row.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vsim.rng import Stream
from vsim.run.district import Progress
from vsim.run.making import draw
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
    on = mine & (end.state.status != UNREGISTERED)
    who = slice(None) if on.all() else np.flatnonzero(on)          # all of a county: no column is copied
    people, state = unit.people, end.state
    ids, cell = people.ids[who], people.cell[who]
    female = (people.traits[who] & FEMALE) > 0
    first, second, _, _ = draw(key, Stream.NAME, ids)
    family, given = name_numbers(first, second, female)
    community = people.community[who]
    return {
        "volunteer": ids, "district": np.full(ids.size, unit.district.index, dtype=np.int16),
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
    family = np.take(_guide("surnames"), first >> np.uint32(16))
    open_ = np.flatnonzero(family < 0)
    family[open_] = _searched(first[open_], surnames()[1])
    given = np.take(_guide("given"), (second >> np.uint32(16)) | female.astype(np.uint32) << np.uint32(16))
    open_ = np.flatnonzero(given < 0)
    given[open_] = _given(second[open_], female[open_])[0]
    famous = np.flatnonzero(np.take(_famous().reshape(-1), family * np.int32(len(all_given())) + given))
    if famous.size:
        given[famous] = _plain(family[famous], second[famous], female[famous])
    return family, given


def _given(drawn: NDArray[np.uint32], female: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Return the place in `all_given`, and in the list of the sex, of the given name that each word takes."""
    number, place = np.empty(drawn.size, dtype=np.int32), np.empty(drawn.size, dtype=np.int32)
    for sex in (False, True):
        rows = np.flatnonzero(female == sex)
        place[rows] = _searched(drawn[rows], given_names(sex)[1])
        number[rows] = _numbers(sex)[place[rows]]
    return number, place


def _plain(family: Numbers, drawn: NDArray[np.uint32], female: NDArray[np.bool_]) -> Numbers:
    """Return the next given name in the list of the sex with which the full name is nobody's."""
    number, place = _given(drawn, female)
    for row, (name, at, sex) in enumerate(zip(family.tolist(), place.tolist(), female.tolist(), strict=True)):
        own = _numbers(sex)
        while _famous()[name, own[at]]:
            at = (at + 1) % own.size
        number[row] = own[at]
    return number


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
def _guide(names: str) -> Numbers:
    """Return what each of 65,536 equal parts of the words takes, or -1 where it holds several names.

    Of given names there are two such lists, one behind the other: those of men, those of women.
    """
    edge = np.arange(1 << 16, dtype=np.uint32) << np.uint32(16)
    ends = edge, edge | np.uint32(0xFFFF)
    if names == "surnames":
        low, high = (_searched(end, surnames()[1]) for end in ends)
        return np.where(low == high, low, -1).astype(np.int32)
    parts = []
    for sex in (False, True):
        (number, first), (_, last) = (_given(end, np.full(end.size, sex)) for end in ends)
        parts.append(np.where(first == last, number, -1))
    return np.concatenate(parts).astype(np.int32)


def _searched(drawn: NDArray[np.uint32], totals: NDArray[np.int64]) -> Numbers:
    """Return which of several weighted things each word takes; as `vsim.world.names` does."""
    aim = (drawn.astype(np.uint64) * np.uint64(totals[-1]) >> np.uint64(32)).astype(np.int64)
    return np.searchsorted(totals, aim, side="right").astype(np.int32)
