"""Take-up of an offer: what counts as taking part, read from what a resident did and became in a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from vsim.run.truth_arms import Bool
from vsim.run.truth_people import OUTCOMES, Int, Mark, Windows
from vsim.world.state import State

Reading = Callable[[Int, State, int], Bool]


class TakeUp(NamedTuple):
    """What counts as taking up: in words, and read from what a resident did (windows, outcomes) and became."""

    said: str
    read: Reading


def _did(outcome: str) -> Reading:
    place = list(OUTCOMES).index(outcome)
    return lambda made, _state, _start: np.asarray(made[:, :, place].sum(axis=1) > 0)


def _is(outcome: str) -> Reading:
    place = list(OUTCOMES).index(outcome)
    return lambda made, _state, _start: np.asarray(made[:, -1, place] > 0)


def _since(field: str) -> Reading:
    return lambda _made, state, start: np.asarray(getattr(state, field) >= start)


def _has(field: str) -> Reading:
    return lambda _made, state, _start: np.asarray(getattr(state, field) > 0)


TAKE_UP: Mapping[str, TakeUp] = {
    "active": TakeUp("served since the start", _did("attendances")),
    "recorded": TakeUp("has recorded hours since the start", _did("recorded_hours")),
    "registered": TakeUp("on the register at the end", _is("registered")),
    "volunteer": TakeUp("a volunteer at the end", _is("stayed")),
    "trained": TakeUp("held a certificate since the start", _since("trained")),
    "starred": TakeUp("granted a star since the start", _since("star_week")),
    "honoured": TakeUp("honoured since the start", _since("honoured")),
    "sworn": TakeUp("took the pledge", _has("sworn")),
    "team": TakeUp("in a team at the end", _has("team")),
}


def taken(name: str, made: Int, end: Mark, windows: Windows, start: int) -> Bool:
    """Return who took something up, shape (n,).

    Parameters
    ----------
    name : one of TAKE_UP
    made : ndarray of int64, shape (n, windows, outcomes)
        What each resident did, from `outcomes`; windows before the one that holds `start` are left out.
    end : Mark
        The district at the end of the run.
    windows : Windows
    start : int
        Week in which the offer begins.
    """
    return TAKE_UP[name].read(made[:, windows.holding(start) :], end.progress.state, start)
