"""Recording: what the register gets to know of an attendance, and when.

Some are never entered, some late, some twice; hours are rounded or added to. The truth is kept beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw
from vsim.world.settings import Lookups, Params

Int = NDArray[np.int64]
RECORDED, COPIED, VERIFIED, INFLATED, HALF, FULL_HOUR = 1, 2, 4, 8, 16, 32
MOST = 64                     # quarter hours of one record


class Entry(NamedTuple):
    """What is entered for each attendance; arrays of shape (k,)."""

    flags: Int                # bits RECORDED, COPIED, VERIFIED, INFLATED, HALF, FULL_HOUR; method in bits 8 and 9
    hours: Int                # quarter hours as entered, 0 when not recorded
    due: Int                  # week of entry


def enter(
    key: tuple[int, int], person_ids: NDArray[np.uint32], source_ids: NDArray[np.uint32], hours: Int, params: Params,
    lookups: Lookups, week: int,
) -> Entry:
    """Return the register's view of attendances of given true quarter hours."""
    w0, w1, w2, w3 = (w.astype(np.int64) for w in draw(key, Stream.RECORD, person_ids, week, source_ids))
    recorded = (w0 & 0xFFFF) >= params.missing
    copied = (w0 >> 16) < params.duplicate
    verified = (w1 & 0xFFFF) < params.verified
    inflated = (w2 & 0xFFFF) < params.inflated
    entered = hours + np.where(inflated, lookups.added[w2 >> 20], 0)
    half = (w3 & 0xFFFF) < params.rounded_half
    full = ~half & ((w3 & 0xFFFF) < params.rounded_half + params.rounded_up)
    entered = np.where(half, (entered + 1 >> 1) << 1, np.where(full, (entered + 3 >> 2) << 2, entered))
    flags = (
        RECORDED + COPIED * copied + VERIFIED * verified + INFLATED * inflated + HALF * half + FULL_HOUR * full
        + (w3 >> 30 << 8)
    )
    return Entry(
        flags=np.where(recorded, flags, 0), hours=np.where(recorded, np.minimum(entered, MOST), 0),
        due=week + lookups.late[w1 >> 20],
    )
