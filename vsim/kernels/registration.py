"""Registration, compiled; see `vsim.process.registration`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import STATUS_LIST, enlist, lead_in
from vsim.kernels.arithmetic import hazard32
from vsim.kernels.ceilings import status_weeks
from vsim.kernels.draws import below


def joining(
    state, trait, people, reach, agenda, params, tables, push, trust, contacts, opens, end, k0, k1, tail, week, joined,
    later,
):
    """Write positions of those who join into `joined` and return how many; `push` has a value a class.

    The others on the week's list of changes - who may leave or return at its end - are written into `later`; their
    number is the second result.
    """
    count = 0
    number = 0
    offset = week % 64
    base = params.join_base + ((params.trust_join * (trust - params.trust_level)) >> 16)
    other = agenda.heads[STATUS_LIST, offset]
    while other >= 0:
        i = np.int64(other)
        other = agenda.chain[STATUS_LIST, i]
        agenda.listed[STATUS_LIST, i] = 0
        if state.status[i] != 0:
            later[number] = i
            number += 1
            continue
        lead = lead_in(agenda.planes, STATUS_LIST, i, offset)
        chance = hazard32(tables, base + push[reach[i]] + trait[i] + params.join_contact * state.friends[i])
        if lead <= chance >> 24 and below(k0, k1, tail, people.ids[i], week, lead, chance):
            joined[count] = i
            count += 1
        else:
            enlist(agenda, STATUS_LIST, i, opens & status_weeks(
                state, people, reach, trait, agenda, params, tables, contacts, week, end, i
            ))
    return count, number


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
