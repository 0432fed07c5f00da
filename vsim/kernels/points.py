"""Service points, compiled; see `vsim.process.points`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.draws import REDEEM, words


def settle(state, credited, points_hour, redeem, price, expire, k0, k1, person_id, i, week):
    """Book one resident's points; return points earned, spent, lapsed and the balance after earning and spending."""
    earned = (credited * points_hour) >> 12
    balance = state.points[i] + earned
    spent = 0
    lapsed = 0
    if price > 0 and balance >= price and words(k0, k1, REDEEM, person_id, week, np.int64(0))[0] < redeem:
        spent = price
    after = balance - spent
    if expire == 1 and after > 0:
        lapsed = after
    state.points[i] = after - lapsed
    return earned, spent, lapsed, after
