"""Recording: what the register gets to know of an attendance, and when.

Some are never entered, some late, some twice; hours are rounded or added to. The truth is kept beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import either16
from vsim.rng import Stream, draw
from vsim.world.settings import Lookups, Params
from vsim.world.weekly import Weekly

Int = NDArray[np.int64]
RECORDED, COPIED, VERIFIED, INFLATED, HALF, FULL_HOUR = 1, 2, 4, 8, 16, 32
MOST = 64                     # quarter hours of one record


class Entry(NamedTuple):
    """What is entered for each attendance; arrays of shape (k,)."""

    flags: Int                # bits RECORDED, COPIED, VERIFIED, INFLATED, HALF, FULL_HOUR; method in bits 8 and 9
    hours: Int                # quarter hours as entered, 0 when not recorded
    due: Int                  # week of entry


class Errors(NamedTuple):
    """Chances of error in one week, 16 bit: `inflated` by class of persons, shape (classes,), the rest for all."""

    missing: int
    duplicate: int
    rounded_half: int
    rounded_any: int
    verified: int
    inflated: Int


def errors_of(params: Params, now: Weekly) -> Errors:
    """Return the chances of error of a week, from the cards and what policy does to them."""
    return Errors(
        missing=either16(params.missing * int(now.missing) >> 10, int(now.lost)),
        duplicate=params.duplicate * int(now.duplicate) >> 10,
        rounded_half=params.rounded_half * int(now.rounded) >> 10,
        rounded_any=(params.rounded_half + params.rounded_up) * int(now.rounded) >> 10,
        verified=either16(params.verified, int(now.checked)),
        inflated=either16(params.inflated * int(now.inflated) >> 10, now.inflate),
    )


def enter(
    key: tuple[int, int], person_ids: NDArray[np.uint32], source_ids: NDArray[np.uint32], hours: Int, errors: Errors,
    reach: NDArray[np.uint8], lookups: Lookups, week: int,
) -> Entry:
    """Return the register's view of attendances of given true quarter hours; `reach` is the class of each person."""
    w0, w1, w2, w3 = (w.astype(np.int64) for w in draw(key, Stream.RECORD, person_ids, week, source_ids))
    recorded = (w0 & 0xFFFF) >= errors.missing
    copied = (w0 >> 16) < errors.duplicate
    verified = (w1 & 0xFFFF) < errors.verified
    inflated = (w2 & 0xFFFF) < errors.inflated[reach]
    entered = hours + np.where(inflated, lookups.added[w2 >> 20], 0)
    half = (w3 & 0xFFFF) < errors.rounded_half
    full = ~half & ((w3 & 0xFFFF) < errors.rounded_any)
    entered = np.where(half, (entered + 1 >> 1) << 1, np.where(full, (entered + 3 >> 2) << 2, entered))
    flags = (
        RECORDED + COPIED * copied + VERIFIED * verified + INFLATED * inflated + HALF * half + FULL_HOUR * full
        + (w3 >> 30 << 8)
    )
    return Entry(
        flags=np.where(recorded, flags, 0), hours=np.where(recorded, np.minimum(entered, MOST), 0),
        due=week + lookups.late[w1 >> 20],
    )
