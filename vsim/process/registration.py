"""Registration: who joins the register this week, by a complementary log-log hazard of traits, contacts and trust."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import hazard32
from vsim.world.settings import Params
from vsim.world.state import REGISTERED, UNREGISTERED, VOLUNTEER, State

Int = NDArray[np.int64]


def joining(
    state: State, trait: NDArray[np.int32], params: Params, push: Int, reach: NDArray[np.uint8], trust: int,
    uniform: Int,
) -> Int:
    """Return positions of those who join, ascending.

    Parameters
    ----------
    state : State
        Of one district, n residents; not changed.
    trait : ndarray of int32, shape (n,)
        Personal part of the log hazard, 1/1024.
    params : Params
    push : ndarray, shape (classes,)
        Policy and campaigns of the week by class of persons, 1/1024.
    reach : ndarray, shape (n,)
        Class of each person in the tables of policy.
    trust : int
        Public trust of the district at the end of the week before, 16 bit; its level on the cards moves nobody.
    uniform : ndarray, shape (n,)
        The weekly uniform of the change of status, 32 bit.
    """
    believed = params.trust_join * (trust - params.trust_level) >> 16
    logs = (
        params.join_base + push[reach] + believed + trait.astype(np.int64)
        + params.join_contact * state.friends.astype(np.int64)
    )
    return np.flatnonzero((state.status == UNREGISTERED) & (uniform < hazard32(logs)))


def join(state: State, joined: Int, ready: NDArray[np.bool_], ties: NDArray[np.int32], week: int) -> None:
    """Put people on the register: ready ones become volunteers, and their contacts know one more registered person."""
    state.status[joined] = np.where(ready[joined], VOLUNTEER, REGISTERED)
    state.since[joined] = week
    for person in joined:
        for contact in ties[person]:
            if contact != person:
                state.friends[contact] += 1
