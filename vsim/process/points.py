"""Service points: earned for verified hours, spent at the shop, lapsing when the rules say so. Balances never fall
below zero, and earned = spent + lapsed + held.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw
from vsim.world.state import State

Int = NDArray[np.int64]
EARN, SPEND, EXPIRE = 0, 1, 2


def settle(
    state: State, credited: Int, points_hour: Int, redeem: int, price: int, expire: int, key: tuple[int, int],
    ids: NDArray[np.uint32], week: int,
) -> list[tuple[int, int, int, int]]:
    """Book the week's points; return ledger rows (person, kind, signed points, balance) by person.

    Parameters
    ----------
    credited : ndarray, shape (n,)
        Quarter hours verified this week.
    points_hour : ndarray, shape (n,)
        Points for an hour, 1/1024, of each person.
    redeem, price, expire : int
        Chance to spend (32 bit), smallest purchase, 1 when balances lapse.
    """
    rows: list[tuple[int, int, int, int]] = []
    earned = credited * points_hour >> 12
    word = draw(key, Stream.REDEEM, ids, week)[0].astype(np.int64)
    for person in np.flatnonzero((earned > 0) | (state.points > 0)).tolist():
        balance = int(state.points[person])
        if earned[person] > 0:
            balance += int(earned[person])
            rows.append((person, EARN, int(earned[person]), balance))
        if price > 0 and balance >= price and word[person] < redeem:
            balance -= price
            rows.append((person, SPEND, -price, balance))
        if expire == 1 and balance > 0:
            rows.append((person, EXPIRE, -balance, 0))
            balance = 0
        state.points[person] = balance
    return rows
