"""Registration, compiled; see `vsim.process.registration`."""

from __future__ import annotations

from vsim.kernels.agenda import STATUS_LIST, enlist, lead_in, take_list
from vsim.kernels.arithmetic import hazard32
from vsim.kernels.ceilings import status_weeks
from vsim.kernels.draws import below


def joining(
    state, people, agenda, params, tables, push, trust, contacts, opens, end, k0, k1, tail, week, joined,
    later,
):
    """Write positions of those who join into `joined` and return how many; `push` has a value a class.

    The others on the week's list of changes - who may leave or return at its end - are written into `later`; their
    number is the second result.
    """
    count = 0
    kept = 0
    offset = week % 64
    base = params.join_base + ((params.trust_join * (trust - params.trust_level)) >> 16)
    number = take_list(agenda, STATUS_LIST, offset, state, later, 0)
    for k in range(number):
        i = later[k]
        if state.status[i] != 0:
            later[kept] = i
            kept += 1
            continue
        lead = lead_in(agenda.planes, STATUS_LIST, i, offset)
        logs = base + push[people.reach[i]] + people.join_trait[i] + params.join_contact * state.friends[i]
        chance = hazard32(tables, logs)
        if lead <= chance >> 24 and below(k0, k1, tail, people.ids[i], week, lead, chance):
            joined[count] = i
            count += 1
        else:
            enlist(agenda, STATUS_LIST, i, opens & status_weeks(
                state, people, agenda, params, tables, contacts, week, end, i
            ))
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
