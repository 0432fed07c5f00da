"""Training: volunteers without a certificate ask for a course; seats are limited and go by keyed priority."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import either16
from vsim.rng import Stream, draw
from vsim.world.settings import Params
from vsim.world.state import VOLUNTEER, State

Int = NDArray[np.int64]


def seats_now(key: tuple[int, int], district: int, seats: int, week: int) -> int:
    """Return this week's whole seats from an average in 1/1024 seat: the fraction is a keyed chance."""
    word = int(draw(key, Stream.TRAINING, district, week, 1)[0].item())
    return (seats >> 10) + int((word >> 22) < (seats & 1023))


def train(
    state: State, blocked: NDArray[np.bool_], params: Params, uptake: int, seats: int, key: tuple[int, int],
    ids: NDArray[np.uint32], week: int, more: int = 0,
) -> tuple[Int, NDArray[np.bool_]]:
    """Train the first in the queue; return who sat the course, in queue order, and who passed.

    Parameters
    ----------
    blocked : ndarray of bool, shape (n,)
        Who wanted to serve this week and found no seat.
    uptake : int
        Chance to ask unprompted, 32 bit.
    seats : int
        Whole seats of the week.
    more : int
        Share of those who would fail and pass after all, where courses are better, 16 bit.
    """
    word = draw(key, Stream.TRAINING, ids, week)
    open_to = (state.status == VOLUNTEER) & (state.trained.astype(np.int64) < week)
    asking = np.flatnonzero(open_to & (blocked | (word[1].astype(np.int64) < uptake)))
    order = np.argsort(word[0][asking].astype(np.int64) << 31 | np.arange(asking.size), kind="stable")
    seated = asking[order][:seats]
    enough = either16(params.course_passed, more)
    passed = (word[2][seated].astype(np.int64) >> 16) < enough
    state.trained[seated[passed]] = week + params.course_validity
    return seated, passed
