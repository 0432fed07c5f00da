"""The state of each resident of a district: a structure of small integer arrays, about 55 bytes a person.

State is all that changes. It is copied to fork two policy arms at their first difference and handed to the oracle
and to the compiled kernels alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import logistic32, share16, threshold32, units
from vsim.rng import Stream, draw
from vsim.world.people import People

UNREGISTERED, REGISTERED, VOLUNTEER, LAPSED = 0, 1, 2, 3
NEVER = -32768                # a week that has not come
FULL = 65535                  # habit and satisfaction at their highest


class State(NamedTuple):
    """State of the residents of one district; every array has shape (n,)."""

    status: NDArray[np.uint8]           # UNREGISTERED, REGISTERED (not ready to serve), VOLUNTEER, LAPSED
    since: NDArray[np.int16]            # week of registering
    first: NDArray[np.int16]            # week of the first service
    last: NDArray[np.int16]             # week of the last service
    noted: NDArray[np.int16]            # week of the last service that was recorded
    habit: NDArray[np.uint16]           # 0 to 65535
    fatigue: NDArray[np.uint16]         # 1/256 attendance
    satisfaction: NDArray[np.uint16]    # 0 to 65535
    verified: NDArray[np.uint32]        # quarter hours, verified on the register
    served: NDArray[np.uint32]          # quarter hours, true
    star: NDArray[np.uint8]             # 0 to 5
    star_week: NDArray[np.int16]        # week of the last star
    points: NDArray[np.int32]           # balance
    trained: NDArray[np.int16]          # last week in which the certificate holds
    asks: NDArray[np.uint8]             # contacts who served in the week before
    friends: NDArray[np.uint8]          # contacts on the register
    shift: NDArray[np.int16]            # change of own motive, 1/1024
    honoured: NDArray[np.int16]         # week of the last honour
    sworn: NDArray[np.uint8]            # 1 after the pledge
    team: NDArray[np.uint16]            # 0, or 1 + position of the organisation whose team it is
    duty: NDArray[np.uint16]            # quarter hours served towards a requirement
    credit: NDArray[np.int32]           # time credits, quarter hours


def registration_base(people: People, share: float, weight: float) -> int:
    """Return the logit (1/1024) at which the expected share of registered residents is `share`."""
    target = share16(share) * people.ids.size << 16
    trait = people.trait.astype(np.int64) * share16(weight) >> 16
    low, high = -12287, 12287
    while low < high:
        middle = (low + high) // 2
        if int(logistic32(trait + middle).sum()) < target:
            low = middle + 1
        else:
            high = middle
    return low


def initial_state(
    key: tuple[int, int], people: People, ties: NDArray[np.int32], share: float, warmup: int,
    value: Mapping[str, float],
) -> State:
    """Return the state before the first week of the run-up: who is registered, ready, lapsed, since when.

    Parameters
    ----------
    key : Philox key of the world
    people, ties : residents of a district and their contacts
    share : float
        Registered residents over residents.
    warmup : int
        Weeks of run-up before week 0.
    value : mapping of card key to number (cards `registration.*`)
    """
    n = people.ids.size
    word = draw(key, Stream.HISTORY, people.ids)
    weight = value["registration.trait_weight"]
    base = registration_base(people, share, weight) if share > 0 else -(1 << 20)
    trait = people.trait.astype(np.int64) * share16(weight) >> 16
    registered = (word[0].astype(np.int64) < logistic32(trait + base)) & (share > 0)
    ready = is_ready(key, people.ids, value)
    lapsed = ready & (word[1].astype(np.int64) < threshold32(value["registration.history_lapsed"]))
    status = np.where(registered, np.where(lapsed, LAPSED, np.where(ready, VOLUNTEER, REGISTERED)), UNREGISTERED)
    age = word[2].astype(np.int64) * int(value["registration.history_weeks"]) >> 32
    since = np.where(registered, -warmup - 1 - age, NEVER)
    friends = registered.astype(np.int64)[ties].sum(axis=1) - registered * (ties == np.arange(n)[:, None]).sum(axis=1)
    first = np.where(registered & ready, since, NEVER).astype(np.int16)
    return blank_state(n)._replace(
        status=status.astype(np.uint8), since=since.astype(np.int16), first=first, friends=friends.astype(np.uint8)
    )


def blank_state(residents: int) -> State:
    """Return the state of residents none of whom is on the register or knows somebody who is."""
    def never() -> NDArray[np.int16]:
        return np.full(residents, NEVER, dtype=np.int16)

    n = residents
    return State(
        status=np.zeros(n, np.uint8), since=never(), first=never(), last=never(), noted=never(),
        habit=np.zeros(n, np.uint16), fatigue=np.zeros(n, np.uint16), satisfaction=np.full(n, FULL // 2, np.uint16),
        verified=np.zeros(n, np.uint32), served=np.zeros(n, np.uint32), star=np.zeros(n, np.uint8), star_week=never(),
        points=np.zeros(n, np.int32), trained=never(), asks=np.zeros(n, np.uint8), friends=np.zeros(n, np.uint8),
        shift=np.zeros(n, np.int16), honoured=never(), sworn=np.zeros(n, np.uint8), team=np.zeros(n, np.uint16),
        duty=np.zeros(n, np.uint16), credit=np.zeros(n, np.int32),
    )


def is_ready(key: tuple[int, int], ids: NDArray[np.uint32], value: Mapping[str, float]) -> NDArray[np.bool_]:
    """Return who would be ready to serve after registering, shape (n,): a fact about the person, keyed."""
    word = draw(key, Stream.ACTIVATION, ids)[0]
    return word.astype(np.int64) < threshold32(value["registration.activation"])


def join_trait(people: People, value: Mapping[str, float]) -> NDArray[np.int32]:
    """Return the personal part of the log hazard of registering, shape (n,), 1/1024."""
    return (people.trait.astype(np.int64) * units(value["registration.trait_weight"]) // 1024).astype(np.int32)


def copy_state(state: State) -> State:
    """Return a copy that shares no memory: the fork of two arms."""
    return State._make(array.copy() for array in state)


def bytes_per_resident(people: People, ties: NDArray[np.int32], state: State) -> float:
    """Return the bytes that a resident takes in memory: who they are, whom they know, their state."""
    total = sum(array.nbytes for array in people) + ties.nbytes + sum(array.nbytes for array in state)
    return total / max(people.ids.size, 1)
