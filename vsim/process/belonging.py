"""Belonging: honours, the pledge, teams and requirements - what ties a person to service beside stars and points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw
from vsim.world.settings import Params
from vsim.world.state import NEVER, VOLUNTEER, State

Int = NDArray[np.int64]


def honour(
    state: State, served: NDArray[np.bool_], chance: Int, newcomers: int, params: Params, words: NDArray[np.uint32],
    week: int,
) -> Int:
    """Honour some of those who served this week, once in `honour_weeks`; return them, ascending.

    Parameters
    ----------
    served : ndarray of bool, shape (n,)
    chance : ndarray, shape (n,)
        32 bit, of each person's class.
    newcomers : int
        1 where only people whose first service is recent are honoured.
    words : ndarray, shape (n,)
        First words of the draw HONOUR.
    """
    last = state.honoured.astype(np.int64)
    again = (last == NEVER) | (week - last >= params.honour_weeks)
    fresh = week - state.first.astype(np.int64) <= params.newcomer_weeks
    chosen = np.flatnonzero(served & again & (fresh | (newcomers == 0)) & (words.astype(np.int64) < chance))
    state.honoured[chosen] = week
    return chosen


def swear(state: State, chance: Int, words: NDArray[np.uint32]) -> Int:
    """Let volunteers take the pledge who have not; return them, ascending."""
    chosen = np.flatnonzero((state.status == VOLUNTEER) & (state.sworn == 0) & (words.astype(np.int64) < chance))
    state.sworn[chosen] = 1
    return chosen


def gather(state: State, served: NDArray[np.bool_], host: Int, chance: Int, words: NDArray[np.uint32]) -> Int:
    """Let people who served join a team of the organisation that they served with last; return them, ascending."""
    chosen = np.flatnonzero(served & (state.team == 0) & (words.astype(np.int64) < chance))
    state.team[chosen] = host[chosen] + 1
    return chosen


def owe(state: State, person: int, hours: int, required: int, quality: int, params: Params) -> bool:
    """Count an attendance towards a requirement; return whether it is met now.

    A requirement that is met leaves a mark on the person's own motive: it costs some, and gives back with the quality
    of the host (Helms 2013; Henderson et al. 2007; Gallant et al. 2010).
    """
    before = int(state.duty[person])
    after = min(before + hours, 65535)
    state.duty[person] = after
    if required == 0 or not before < required <= after:
        return False
    moved = int(state.shift[person]) + (params.duty_quality * (quality - 32768) >> 16) - params.duty_cost
    state.shift[person] = min(max(moved, -8192), 8192)
    return True


def draws(key: tuple[int, int], ids: NDArray[np.uint32], week: int) -> tuple[NDArray[np.uint32], ...]:
    """Return the words for honour, pledge and team of each person, shape (n,) each."""
    return draw(key, Stream.HONOUR, ids, week)[:3]
