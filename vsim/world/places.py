"""Places: a fictional region of prefectures and square districts, each with four quarters.

The tree has three levels below the region: prefecture, district, community (`vsim.world.communities`). Distances are
kept in hundredths of a kilometre (10 metres) as integers. A district is a square; its four quarters are numbered
south-west 0, south-east 1, north-west 2, north-east 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16
from vsim.rng import Stream, draw
from vsim.spec.world_spec import WorldSpec

QUARTERS = 4
TILTS = ("older", "education", "student", "party")      # in what the mix of a place may differ
LAND = 2                      # number of the draws of districts, where 0 is their size and 1 their stations
Int = NDArray[np.int64]
Place = NDArray[np.int16] | NDArray[np.int32] | NDArray[np.int64] | np.int16 | np.int32


@dataclass(frozen=True, slots=True)
class District:
    """One district of the region: the unit in which people tie, choose and are matched."""

    index: int
    code: str
    prefecture: int
    column: int               # place on the tile map of the region
    row: int
    residents: int
    first_id: int             # id of its first resident; ids are dense over the region
    side: int                 # 10 m
    need: int = 32768         # 0 to 65536: place in the order of the region by need, most needy highest
    momentum: int = 32768     # 0 to 65536: how fast volunteering grew before the run
    rural: int = 0            # 0 or 1
    cx: int = 0               # centre in the region, 10 m
    cy: int = 0
    seat: int = 0             # 1 in the first district of each prefecture, where the practice centre stands
    tilts: tuple[int, ...] = (0, 0, 0, 0)     # -65536 to 65536 by TILTS, residents' mean over the region zero


def lay_out(key: tuple[int, int], world: WorldSpec, value: Mapping[str, float]) -> list[District]:
    """Return the districts of a region on a tile map, with sizes that differ by up to a third either way.

    Parameters
    ----------
    key : Philox key of the world
    world : WorldSpec
        Totals over the region.
    value : mapping of card key to number (cards `places.*`)
    """
    count, prefectures = world.districts, world.prefectures
    words = draw(key, Stream.PLACE, np.arange(count))[0].astype(np.int64)
    weights = 65536 * 2 // 3 + (words >> 16) * 2 // 3
    edges = np.concatenate(([0], np.cumsum(weights))) * world.residents // int(weights.sum())
    sizes = np.diff(edges)
    land = [word.astype(np.int64) for word in draw(key, Stream.PLACE, np.arange(count), LAND)]
    rural = _lowest(land[0], round(world.rural_share * count))
    urban_side = round(value["places.district_side"] * 100)
    rural_side = round(value["places.district_side"] * value["places.rural_side"] * 100)
    side = np.where(rural == 1, rural_side, urban_side)
    pitch = int(side.max()) * 5 // 4
    tilts = district_tilts(key, sizes)
    need = needs(land[1], tilts[:, 0], rural, value)
    out, seen = [], set()
    for i in range(count):
        prefecture = i * prefectures // count
        column, row = tile(i, count, prefectures)
        free = pitch - int(side[i])
        out.append(District(
            i, world.codes[i], prefecture, column, row, int(sizes[i]), int(edges[i]), int(side[i]), int(need[i]),
            int(land[2][i] >> 16), int(rural[i]),
            cx=column * pitch + int(side[i]) // 2 + (int(land[3][i] >> 16) * free >> 16),
            cy=row * pitch + int(side[i]) // 2 + (int(land[3][i] & 0xFFFF) * free >> 16),
            seat=int(prefecture not in seen), tilts=tuple(int(t) for t in tilts[i]),
        ))
        seen.add(prefecture)
    return out


def tile(index: int, districts: int, prefectures: int) -> tuple[int, int]:
    """Return column and row of a district on the tile map: prefectures in two columns of blocks."""
    per = -(-districts // prefectures)
    columns = max(1, int(np.ceil(np.sqrt(per * 2.5))))
    rows = -(-per // columns)
    prefecture = index * prefectures // districts
    place = index - -(-prefecture * districts // prefectures)
    return prefecture % 2 * (columns + 1) + place % columns, prefecture // 2 * (rows + 1) + place // columns


def _lowest(words: Int, count: int) -> Int:
    """Return 1 for the `count` lowest words and 0 for the others."""
    chosen = np.zeros(words.size, dtype=np.int64)
    chosen[np.argsort(words, kind="stable")[:count]] = 1
    return chosen


def balanced(raw: Int, weights: Int) -> Int:
    """Return leanings (places by TILTS) that cancel over the places and go with the first of them in nothing.

    The weighted mean of each column is zero but for rounding, so that means of shares stay as they are. The others
    are freed of the leaning to older people, since they are shares of people of some age.
    """
    total = max(int(weights.sum()), 1)
    out = raw - (raw * weights[:, None]).sum(axis=0) // total
    own = int((weights * out[:, 0] ** 2).sum())
    for column in range(1, out.shape[1]):
        together = int((weights * out[:, 0] * out[:, column]).sum())
        out[:, column] -= out[:, 0] * (together * 65536 // own if own else 0) >> 16
    return np.asarray(out - (out * weights[:, None]).sum(axis=0) // total, dtype=np.int64)


def district_tilts(key: tuple[int, int], residents: Int) -> Int:
    """Return how the mix of each district leans, shape (d, 4): even between -65536 and 65536, then balanced."""
    words = draw(key, Stream.PLACE, np.arange(residents.size), LAND, 1)
    raw = np.stack([(word.astype(np.int64) >> 15) - 65536 for word in words], axis=1)
    return balanced(raw, residents)


def needs(words: Int, older: Int, rural: Int, value: Mapping[str, float]) -> Int:
    """Return the place of each district in the order of need, shape (d,), 16 bit.

    Need rises with an older population and in rural districts; the rest is chance.
    """
    score = (
        (words >> 15) - 65536 + (share16(value["places.need_older"]) * older >> 16)
        + rural * share16(value["places.need_rural"])
    )
    rank = np.empty(score.size, dtype=np.int64)
    rank[np.argsort(score, kind="stable")] = np.arange(score.size)
    return np.asarray((2 * rank + 1) * 32768 // score.size, dtype=np.int64)


def distance(x: Place, y: Place, to_x: Int, to_y: Int) -> Int:
    """Return walking distance on a street grid, |dx| + |dy|, in 10 m."""
    return np.asarray(np.abs(x - to_x) + np.abs(y - to_y), dtype=np.int64)


def travel(districts: list[District]) -> Int:
    """Return the distance between the centres of districts, |dx| + |dy|, shape (d, d), 10 m."""
    x, y = (np.array([getattr(place, name) for place in districts], dtype=np.int64) for name in ("cx", "cy"))
    return distance(x[:, None], y[:, None], x[None, :], y[None, :])
