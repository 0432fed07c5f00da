"""Registration, compiled; see `vsim.process.registration`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import STATUS_LIST, WHO, take_list, touch
from vsim.kernels.arithmetic import hazard32
from vsim.kernels.draws import below


def joining(state, people, agenda, params, tables, push, trust, k0, k1, tail, week, joined, later):
    """Write positions of those who join into `joined` and return how many; `push` has a value a class.

    The others of the week's list of changes - who may leave or return at its end - stay in `later`; their number is the
    second result.
    """
    count = np.int64(0)
    kept = np.int64(0)
    base = params.join_base + ((params.trust_join * (trust - params.trust_level)) >> 16)
    number = take_list(agenda, STATUS_LIST, week % 64, later)
    touch(agenda, state, people, later, number)
    for k in range(number):
        i, lead = np.int64(later[k]) & WHO, np.int64(later[k]) >> 24
        if state.status[i] != 0:
            later[kept] = later[k]
            kept += 1
            continue
        logs = base + push[people.reach[i]] + people.join_trait[i] + params.join_contact * state.friends[i]
        chance = hazard32(tables, logs)
        if lead <= chance >> 24 and below(k0, k1, tail, people.ids[i], week, lead, chance):
            joined[count] = i
            count += 1
    return count, kept


def join(state, people, joined, count, ties, week):
    """Put people on the register and tell their contacts."""
    for j in range(count):
        i = joined[j]
        state.status[i] = 2 if people.ready[i] else 1
        state.since[i] = week
        for c in range(ties.shape[1]):
            contact = ties[i, c]
            if contact != i:
                state.friends[contact] += 1
