"""Training, compiled; see `vsim.process.training`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import COURSE_LIST, PLACE, take_list, touch
from vsim.kernels.draws import TRAINING, below, words


def seats_now(k0, k1, district, seats, week):
    """Return this week's whole seats from an average in 1/1024 seat."""
    word = words(k0, k1, TRAINING, district, week, 1)[0]
    whole = seats >> 10
    if (word >> 22) < (seats & 1023):
        whole += 1
    return whole


def asking(state, people, agenda, reserve, waiting, blocked, uptake, k0, k1, tail, week, keys):
    """Write the queue keys of those who ask for a course into `keys` and return how many.

    Those who found no seat this week (`blocked`, all of them in `reserve`) ask in any case, others by chance. The key
    is the priority, ties by position.
    """
    count = 0
    for r in range(waiting):
        i = reserve[r]
        if blocked[i] and state.status[i] == 2 and state.trained[i] < week:
            keys[count] = (words(k0, k1, TRAINING, people.ids[i], week, 0)[0] << 31) | i
            count += 1
    number = take_list(agenda, COURSE_LIST, week % 64, agenda.looked)
    touch(agenda, state, people, agenda.looked, number)
    for k in range(number):
        i, lead = np.int64(agenda.looked[k]) & PLACE, np.int64(agenda.looked[k]) >> 24
        if state.status[i] == 2 and state.trained[i] < week and not blocked[i]:
            if below(k0, k1, tail, people.ids[i], week, lead, uptake):
                keys[count] = (words(k0, k1, TRAINING, people.ids[i], week, 0)[0] << 31) | i
                count += 1
    return count


def in_order(keys, count, seats):
    """Return positions of the first `seats` in the queue."""
    ordered = np.sort(keys[:count])
    number = min(count, seats)
    seated = np.empty(number, dtype=np.int64)
    for j in range(number):
        seated[j] = ordered[j] & ((np.int64(1) << 31) - 1)
    return seated
