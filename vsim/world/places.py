"""Places: a fictional region of prefectures and square districts, each with four quarters and their stations.

Distances are kept in hundredths of a kilometre (10 metres) as integers. A district is a square; its four
quarters are numbered south-west 0, south-east 1, north-west 2, north-east 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw
from vsim.spec.world_spec import district_codes

QUARTERS = 4
Int = NDArray[np.int64]
Place = NDArray[np.int32] | NDArray[np.int64] | np.int32


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


class Stations(NamedTuple):
    """Stations of one district."""

    x: Int                    # (s,) 10 m from the west edge
    y: Int                    # (s,) 10 m from the south edge
    quarter: Int              # (s,)


def lay_out(key: tuple[int, int], residents: int, districts: int, prefectures: int, side_km: float) -> list[District]:
    """Return the districts of a region on a tile map, with sizes that differ by up to a third either way.

    Parameters
    ----------
    key : Philox key of the world
    residents, districts, prefectures : int
        Totals over the region.
    side_km : float
        Side of a district, km.
    """
    codes = district_codes(districts)
    words = draw(key, Stream.PLACE, np.arange(districts))[0].astype(np.int64)
    weights = 65536 * 2 // 3 + (words >> 16) * 2 // 3
    edges = np.concatenate(([0], np.cumsum(weights))) * residents // int(weights.sum())
    sizes = np.diff(edges)
    per = -(-districts // prefectures)
    columns = max(1, int(np.ceil(np.sqrt(per * 2.5))))
    rows = -(-per // columns)
    out = []
    for i in range(districts):
        prefecture = i * prefectures // districts
        place = i - -(-prefecture * districts // prefectures)
        column = prefecture % 2 * (columns + 1) + place % columns
        row = prefecture // 2 * (rows + 1) + place // columns
        size = int(sizes[i])
        out.append(District(i, codes[i], prefecture, column, row, size, int(edges[i]), round(side_km * 100)))
    return out


def stations_of(key: tuple[int, int], district: District, per_quarter: int) -> Stations:
    """Return the stations of a district: `per_quarter` in each quarter, within its middle half."""
    count = QUARTERS * per_quarter
    quarter = np.arange(count, dtype=np.int64) % QUARTERS
    words = draw(key, Stream.PLACE, district.index, 1, np.arange(count))
    half = district.side // 2
    x = (quarter % 2) * half + half // 4 + (words[0].astype(np.int64) * (half // 2) >> 32)
    y = (quarter // 2) * half + half // 4 + (words[1].astype(np.int64) * (half // 2) >> 32)
    return Stations(x, y, quarter)


def distance(x: Place, y: Place, to_x: Int, to_y: Int) -> Int:
    """Return walking distance on a street grid, |dx| + |dy|, in 10 m."""
    return np.asarray(np.abs(x - to_x) + np.abs(y - to_y), dtype=np.int64)
