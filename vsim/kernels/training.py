"""Training, compiled; see `vsim.process.training`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import sort_keys
from vsim.kernels.draws import TRAINING, philox, words


def seats_now(k0, k1, district, seats, week):
    """Return this week's whole seats from an average in 1/1024 seat."""
    word = words(k0, k1, TRAINING, district, week, np.int64(1))[0]
    whole = seats >> 10
    if (word >> 22) < (seats & 1023):
        whole += 1
    return whole


def list_learners(state, people, agenda, end):
    """Write the volunteers, lapsed ones too, whose certificate does not hold up to week `end` into the agenda."""
    count = np.int64(0)
    for i in range(people.ids.size):
        if state.status[i] >= 2 and state.trained[i] < end:
            agenda.learners[count], agenda.learner_ids[count] = i, people.ids[i]
            count += 1
    agenda.spare[3] = count


def add_learner(people, agenda, i):
    """Add a volunteer who joined to those who may ask for a course."""
    agenda.learners[agenda.spare[3]], agenda.learner_ids[agenda.spare[3]] = i, people.ids[i]
    agenda.spare[3] += 1


def draw_wishes(k0, k1, ids, week, priority, chance):
    """Write priority and chance of each learner of `ids` into two arrays of the same length; a loop that vectorises."""
    for j in range(ids.size):
        a, b, _, _ = philox(ids[j], np.uint64(0), np.uint64(week), np.uint64(TRAINING), k0, k1)
        priority[j], chance[j] = a, b


def asking(state, people, agenda, reserve, waiting, blocked, uptake, k0, k1, week, keys):
    """Write the queue keys of those who ask for a course into `keys` and return how many.

    Those who found no seat this week (`blocked`, all of them in `reserve`) ask in any case, others by chance. The key
    is the priority, ties by position.
    """
    count = np.int64(0)
    for r in range(waiting):
        i = reserve[r]
        if blocked[i] and state.status[i] == 2 and state.trained[i] < week:
            keys[count] = (words(k0, k1, TRAINING, people.ids[i], week, np.int64(0))[0] << 31) | i
            count += 1
    wishes = agenda.planes
    span = agenda.who.size - 1
    for start in range(0, agenda.spare[3], span):
        number = min(span, agenda.spare[3] - start)
        chance, who = wishes[1, :number], agenda.who
        draw_wishes(k0, k1, agenda.learner_ids[start : start + number], week, wishes[0, :number], chance)
        asked = np.int64(0)
        for first in range(0, number, 16):                        # few ask: most of sixteen are passed over at once
            end = min(first + 16, number)
            least = chance[first]
            for j in range(first + 1, end):
                least = min(least, chance[j])
            if least < np.uint64(uptake):
                for j in range(first, end):
                    who[asked] = j
                    asked += chance[j] < np.uint64(uptake)
        for k in range(asked):
            j = agenda.who[k]
            i = agenda.learners[start + j]
            if state.status[i] == 2 and state.trained[i] < week and not blocked[i]:
                keys[count] = (np.int64(wishes[0, j]) << 31) | i
                count += 1
    return count


def in_order(keys, count, seats, boxed, starts):
    """Put the keys into their order; return how many find one of the `seats`. `whose` says who a key stands for."""
    sort_keys(keys, count, boxed, starts)
    return min(count, seats)


def whose(key):
    """Return the position in the district of the resident whom a key stands for."""
    return key & ((np.int64(1) << 31) - 1)
