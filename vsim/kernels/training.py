"""Training, compiled; see `vsim.process.training`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.draws import TRAINING, words


def seats_now(k0, k1, district, seats, week):
    """Return this week's whole seats from an average in 1/1024 seat."""
    word = words(k0, k1, TRAINING, district, week, 1)[0]
    whole = seats >> 10
    if (word >> 22) < (seats & 1023):
        whole += 1
    return whole


def asking(state, blocked, ids, uptake, k0, k1, week, keys, who):
    """Write queue keys and positions of those who ask for a course; return how many."""
    count = 0
    status, trained = state.status, state.trained
    for i in range(ids.size):
        if status[i] == 2 and trained[i] < week:
            priority, chance, _, _ = words(k0, k1, TRAINING, ids[i], week, 0)
            if blocked[i] or chance < uptake:
                keys[count] = (priority << 31) | count
                who[count] = i
                count += 1
    return count


def in_order(keys, who, count, seats):
    """Return positions of the first `seats` in the queue."""
    ordered = np.sort(keys[:count])
    number = min(count, seats)
    seated = np.empty(number, dtype=np.int64)
    for j in range(number):
        seated[j] = who[ordered[j] & ((np.int64(1) << 31) - 1)]
    return seated
