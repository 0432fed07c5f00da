"""Standing before the first week, compiled: the twin of `vsim.world.state.initial_state` and `is_ready`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.words import SOME, WORDS, fill_words
from vsim.rng import Stream
from vsim.world.state import LAPSED, NEVER, REGISTERED, UNREGISTERED, VOLUNTEER

HISTORY, ACTIVATION = np.int64(Stream.HISTORY), np.int64(Stream.ACTIVATION)


def register_chances(logistic, traits, counted, target, chances):
    """Write the chance of each kind of resident to be on the register, so that `target` (32 bit) is expected.

    The twin of `vsim.world.state.base_of`: the level is found by halving between the ends of the table.
    """
    most = logistic.size // 2 - 1
    low, high = -most, most
    while low < high:
        middle = (low + high) // 2
        expected = 0
        for kind in range(counted.size):
            expected += counted[kind] * chance_at(logistic, traits[kind] + middle)
        if expected < target:
            low = middle + 1
        else:
            high = middle
    for kind in range(counted.size):
        chances[kind] = chance_at(logistic, traits[kind] + low)


def chance_at(logistic, logit):
    """Return the 32-bit threshold of a logit in 1/1024."""
    return logistic[min(max(logit + logistic.size // 2, 0), logistic.size - 1)]


def decide_standing(history, activation, cards, chances, warmup, count, kind, status, since, first, ready):
    """Write who is on the register of a block, in which status, and since when."""
    register, lapse, ago, active = history[0], history[1], history[2], activation[0]
    for j in range(count):
        ready[j] = np.int64(active[j]) < cards.activation
    for j in range(count):
        gone = ready[j] & (np.int64(lapse[j]) < cards.lapsed)
        standing = LAPSED if gone else VOLUNTEER if ready[j] else REGISTERED
        status[j] = np.uint8(standing if np.int64(register[j]) < chances[kind[j]] else UNREGISTERED)
    for j in range(count):
        week = -warmup - 1 - (np.int64(ago[j]) * cards.history_weeks >> 32)
        since[j] = np.int16(week if status[j] != UNREGISTERED else NEVER)
    for j in range(count):
        first[j] = since[j] if ready[j] else np.int16(NEVER)


def count_friends(status, ties, friends):
    """Write how many contacts of each resident are on the register."""
    for i in range(status.size):
        known = 0
        for tie in range(ties.shape[1]):
            other = ties[i, tie]
            known += np.int64((other != i) & (status[other] != UNREGISTERED))      # no branch: it could not be foreseen
        friends[i] = np.uint8(known)


def make_standing(k0, k1, first_id, warmup, cards, chances, kind, ties, state, ready):
    """Write status, weeks of registering and of the first service, friends on the register, and who is ready.

    `chances` has shape (128,): the chance to be on the register for each kind of resident, 32 bit.
    """
    history = np.empty((WORDS, SOME), dtype=np.uint32)
    activation = np.empty((WORDS, SOME), dtype=np.uint32)
    n = kind.size
    for start in range(0, n, SOME):
        count = min(SOME, n - start)
        end = start + count
        fill_words(k0, k1, HISTORY, np.int64(0), first_id + start, count, history)
        fill_words(k0, k1, ACTIVATION, np.int64(0), first_id + start, count, activation)
        decide_standing(history, activation, cards, chances, warmup, count, kind[start:end], state.status[start:end],
                        state.since[start:end], state.first[start:end], ready[start:end])
    count_friends(state.status, ties, state.friends)
