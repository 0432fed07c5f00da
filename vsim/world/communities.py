"""Communities: parts of a quarter in which neighbours are alike, and the households along the ring of homes.

Residents stand in a ring by where they live, quarter by quarter and community by community. Each community leans
its own way in age, schooling, students and Party members; over the communities of a district the leanings cancel, so
the shares of a district stay those of the cards and of its own leaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16, threshold32
from vsim.rng import Stream, draw
from vsim.world.drawing import Draw
from vsim.world.places import QUARTERS, TILTS, District, balanced

MIX, HOUSEHOLD = 3, 1          # numbers of the draws of communities and of households
Int = NDArray[np.int64]


class Communities(NamedTuple):
    """Communities of one district, along the ring of homes; arrays of shape (c,)."""

    quarter: Int
    x: Int                    # of the middle, 10 m
    y: Int
    width: Int                # 10 m
    height: Int
    residents: Int
    households: Int
    new_housing: Int          # 0 or 1
    older: Int                # leaning to people of 60 and over, 1/65536 of each card's share
    education: Int            # to college degrees
    student: Int              # to students among those of 18 to 24
    party: Int                # to Party members
    need: Int                 # 0 to 65536: place in the order of need within the district, most needy highest


def communities_of(key: tuple[int, int], district: District, value: Mapping[str, float]) -> Communities:
    """Return the communities of a district, as `mix_communities` makes them, with their households counted."""
    found = mix_communities(key, district, value)
    where = community_of_homes(district.residents, found.x.size)
    starts = household_starts(key, district, where, value)
    return found._replace(households=np.bincount(where[starts], minlength=found.x.size).astype(np.int64))


def mix_communities(
    key: tuple[int, int], district: District, value: Mapping[str, float], draw: Draw = draw
) -> Communities:
    """Return the communities of a district before people move in: their households are zero.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    value : mapping of card key to number (cards `places.communities_per_zone`, `places.need_older`,
        `communities.*`)
    draw : the drawer of keyed words
    """
    count = QUARTERS * int(value["places.communities_per_zone"])
    entity = district.index * 1024 + np.arange(count)
    words = [word.astype(np.int64) for word in draw(key, Stream.PLACE, entity, MIX)]
    more = [word.astype(np.int64) for word in draw(key, Stream.PLACE, entity, MIX, 1)]
    residents = np.diff(first_homes(district.residents, count))
    raw = np.stack([(word >> 15) - 65536 for word in words], axis=1)
    lean = balanced(raw, residents)
    spread = [share16(value[f"communities.spread_{name}"]) for name in TILTS]
    apart = [share16(value[f"communities.apart_{name}"]) for name in TILTS]
    mix = [(spread[i] * lean[:, i] >> 16) + (apart[i] * district.tilts[i] >> 16) for i in range(len(TILTS))]
    x, y, width, height = areas(district.side, count // QUARTERS)
    score = (share16(value["places.need_older"]) * lean[:, 0] >> 16) + (more[1] >> 15) - 65536
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(score, kind="stable")] = np.arange(count)
    return Communities(
        quarter=np.arange(count, dtype=np.int64) * QUARTERS // count, x=x, y=y, width=width, height=height,
        residents=residents, households=np.zeros(count, dtype=np.int64),
        new_housing=(more[0] < threshold32(value["communities.new_housing"])).astype(np.int64),
        older=mix[0], education=mix[1], student=mix[2], party=mix[3], need=(2 * rank + 1) * 32768 // count,
    )


def community_codes(district: District, communities: Communities) -> list[str]:
    """Return the code of each community of a district: "D01-C01" on."""
    width = max(2, len(str(communities.x.size)))
    return [f"{district.code}-C{number:0{width}d}" for number in range(1, communities.x.size + 1)]


def community_of_homes(residents: int, communities: int) -> Int:
    """Return the community of each home along the ring, shape (n,): equal parts, in order."""
    return np.arange(residents, dtype=np.int64) * communities // max(residents, 1)


def first_homes(residents: int, communities: int) -> Int:
    """Return the first home of each community along the ring and the end of the last, shape (c + 1,)."""
    return -(-np.arange(communities + 1, dtype=np.int64) * residents // communities)


def household_starts(
    key: tuple[int, int], district: District, community: Int, value: Mapping[str, float]
) -> NDArray[np.bool_]:
    """Return which residents are the first of their household on the ring, shape (n,).

    A household goes on to the next resident with a fixed chance, so sizes are geometric about the mean of the card;
    none reaches over the edge of a community.
    """
    ids = district.first_id + np.arange(district.residents)
    word = draw(key, Stream.HOME, ids, 0, HOUSEHOLD)[0].astype(np.int64)
    first = word < threshold32(1 / value["communities.household_size"])
    first[:1] = True
    first[1:] |= community[1:] != community[:-1]
    return np.asarray(first, dtype=np.bool_)


def areas(side: int, per_quarter: int) -> tuple[Int, Int, Int, Int]:
    """Return middle (x, y), width and height of the area of each community, shape (c,), 10 m.

    A quarter is cut into rows and columns as even as their number allows.
    """
    rows = max(r for r in range(1, per_quarter + 1) if per_quarter % r == 0 and r * r <= per_quarter)
    columns = per_quarter // rows
    here = np.arange(QUARTERS * per_quarter, dtype=np.int64)
    quarter, inside = here // per_quarter, here % per_quarter
    half = side // 2
    column, row = inside % columns, inside // columns
    west, east = column * half // columns, (column + 1) * half // columns
    south, north = row * half // rows, (row + 1) * half // rows
    return (
        quarter % 2 * half + (west + east) // 2, quarter // 2 * half + (south + north) // 2, east - west, north - south
    )


def inside_of(communities: Communities, which: Int, words: tuple[Int, Int]) -> tuple[Int, Int]:
    """Return an even place inside the area of each community named, from two keyed words each, 10 m."""
    west = communities.x[which] - communities.width[which] // 2
    south = communities.y[which] - communities.height[which] // 2
    return (
        west + (words[0] * communities.width[which] >> 32), south + (words[1] * communities.height[which] >> 32)
    )


def community_at(communities: Communities, x: Int, y: Int) -> Int:
    """Return the community whose area holds each place (the nearest middle, as the areas are equal), shape (k,)."""
    across = np.abs(communities.x[None, :] - x[:, None]) * communities.height[None, :]
    along = np.abs(communities.y[None, :] - y[:, None]) * communities.width[None, :]
    return np.asarray(np.argmin(np.maximum(across, along), axis=1), dtype=np.int64)
