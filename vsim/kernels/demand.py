"""Demand, compiled; see `vsim.process.demand`.

A task is a row of `tasks`: source, seats, slot, hours, gated, lead, needed, online, skill, risk; behind them what
`choice.describe` writes: x, y, worth, field, id of the source; last, twice the organisation and 1 where it recurs.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import either, exp32
from vsim.kernels.draws import DEMAND, SHIFT, TASK, philox, words
from vsim.world.bodies import GROWING, MATURE


def can_run(leaders, run, capacity):
    """Return the tasks that an organisation can run in a week."""
    return max((((leaders * run) >> 10) * capacity) >> 10, 1)


def room(organisations, bodies, params, capacity, week, left):
    """Write into `left` how many tasks each organisation can run this week."""
    for o in range(left.size):
        left[o] = 0
        if (bodies.stage[o] == GROWING or bodies.stage[o] == MATURE) and bodies.suspended[o] <= week:
            left[o] = can_run(organisations.leaders[o], params.org_run, capacity)


def draw_needs(k0, k1, ids, week, arises, found):
    """Write for each source whether a need arises and whether it is found, as 32-bit words; a loop that vectorises."""
    for j in range(ids.size):
        a, b, _, _ = philox(ids[j], np.uint64(0), np.uint64(week), np.uint64(DEMAND), k0, k1)
        arises[j], found[j] = a, b


def post_tasks(
    sources, sites, organisations, bodies, params, tables, lookups, weekly, pos, k0, k1, week, left, tasks, source_ids,
    needs,
):
    """Write the tasks of the week into `tasks`, shape (j, 16); return posted, arisen, hidden, beyond, posted twice."""
    count = 0
    arisen = 0
    hidden = 0
    beyond = 0
    doubled = 0
    factor = exp32(tables, weekly.demand[pos]) >> 8
    layout, more = weekly.layout[pos], weekly.found[pos]
    room(organisations, bodies, params, weekly.capacity[pos], week, left)
    draw_needs(k0, k1, source_ids, week, needs[0], needs[1])
    for j in range(sources.ids.size):
        a, b = np.int64(needs[0, j]), np.int64(needs[1, j])
        if a >= ((sources.rate[j] >> 8) * factor) >> 16:
            continue
        arisen += 1
        if (b >> 16) >= either(sites.found[layout, j], more):
            hidden += 1
            continue
        o = sources.organisation[j]
        if left[o] == 0:
            bodies.turned[o] += 1
            beyond += 1
            continue
        left[o] -= 1
        bodies.ran[o] += 1
        w0, w1, w2, w3 = words(k0, k1, SHIFT, sources.ids[j], week, np.int64(0))
        v0, v1, _, _ = words(k0, k1, TASK, sources.ids[j], week, np.int64(0))
        if (w1 & 0xFFFF) < params.weekday:
            day = ((w1 >> 16) * 5) >> 16
        else:
            day = 5 + (((w1 >> 16) * 2) >> 16)
        needed = lookups.people[w0 >> 20]
        twice = 1 if (v1 >> 16) < ((params.twice * weekly.twice[pos]) >> 10) else 0
        doubled += twice
        tasks[count, 0] = j
        tasks[count, 1] = max(((needed * weekly.overbook[pos] + 1023) >> 10) * (1 + twice), 1)
        tasks[count, 2] = day * 3 + (((w3 >> 16) * 3) >> 16)
        tasks[count, 3] = params.hours_log + ((params.hours_task * tables.normal[w2 >> 20]) >> 16)
        tasks[count, 4] = 1 if (w3 & 0xFFFF) < weekly.gated[pos] else 0
        tasks[count, 5] = ((w0 & 0xFFFF) * params.lead_days) >> 16
        tasks[count, 6] = needed
        tasks[count, 7] = 1 if (v0 >> 16) < weekly.online[pos] else 0
        tasks[count, 8] = sources.skill[j]
        tasks[count, 9] = sources.risk[j]
        tasks[count, 15] = 2 * o + sources.recurring[j]
        count += 1
    return count, arisen, hidden, beyond, doubled
