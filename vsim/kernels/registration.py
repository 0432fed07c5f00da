"""Registration, compiled; see `vsim.process.registration`."""

from __future__ import annotations

from vsim.kernels.arithmetic import hazard32
from vsim.kernels.draws import below


def joining(state, trait, ids, reach, params, tables, push, trust, leads, k0, k1, tail, week, joined):
    """Write positions of those who join into `joined`, ascending, and return how many; `push` has a value a class."""
    count = 0
    base = params.join_base + ((params.trust_join * (trust - params.trust_level)) >> 16)
    contact = params.join_contact
    status, friends = state.status, state.friends
    for i in range(ids.size):
        if status[i] == 0:
            chance = hazard32(tables, base + push[reach[i]] + trait[i] + contact * friends[i])
            if leads[i] <= chance >> 24 and below(k0, k1, tail, ids[i], week, leads[i], chance):
                joined[count] = i
                count += 1
    return count


def join(state, joined, count, ready, ties, week):
    """Put people on the register and tell their contacts."""
    for j in range(count):
        i = joined[j]
        state.status[i] = 2 if ready[i] else 1
        state.since[i] = week
        for c in range(ties.shape[1]):
            contact = ties[i, c]
            if contact != i:
                state.friends[contact] += 1
