"""Training, compiled; see `vsim.process.training`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import COURSE_LIST, enlist, lead_in, take_list
from vsim.kernels.ceilings import course_weeks
from vsim.kernels.draws import TRAINING, below, words


def seats_now(k0, k1, district, seats, week):
    """Return this week's whole seats from an average in 1/1024 seat."""
    word = words(k0, k1, TRAINING, district, week, 1)[0]
    whole = seats >> 10
    if (word >> 22) < (seats & 1023):
        whole += 1
    return whole


def asking(
    state, people, agenda, reserve, waiting, blocked, uptake, opens, k0, k1, tail, week, keys
):
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
    offset = week % 64
    for k in range(take_list(agenda, COURSE_LIST, offset, state, agenda.called, 0)):
        i = np.int64(agenda.called[k])
        if state.status[i] == 2 and state.trained[i] < week and not blocked[i]:
            lead = lead_in(agenda.planes, COURSE_LIST, i, offset)
            if below(k0, k1, tail, people.ids[i], week, lead, uptake):
                keys[count] = (words(k0, k1, TRAINING, people.ids[i], week, 0)[0] << 31) | i
                count += 1
        enlist(agenda, COURSE_LIST, i, opens & course_weeks(people, agenda, i))
    return count


def in_order(keys, count, seats):
    """Return positions of the first `seats` in the queue."""
    ordered = np.sort(keys[:count])
    number = min(count, seats)
    seated = np.empty(number, dtype=np.int64)
    for j in range(number):
        seated[j] = ordered[j] & ((np.int64(1) << 31) - 1)
    return seated
