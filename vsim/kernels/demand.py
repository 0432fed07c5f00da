"""Demand, compiled; see `vsim.process.demand`. A task is a row of `tasks`: source, seats, slot, hours, gated, lead."""

from __future__ import annotations

from vsim.kernels.arithmetic import exp32
from vsim.kernels.draws import DEMAND, SHIFT, words


def post_tasks(sources, params, tables, lookups, season, gated, k0, k1, week, tasks):
    """Write the tasks of the week into `tasks`, shape (j, 6); return how many, and how many needs arose."""
    count = 0
    arisen = 0
    factor = exp32(tables, season) >> 8
    for j in range(sources.ids.size):
        a, b, _, _ = words(k0, k1, DEMAND, sources.ids[j], week, 0)
        if a >= ((sources.rate[j] >> 8) * factor) >> 16:
            continue
        arisen += 1
        if (b >> 16) >= params.discovered:
            continue
        w0, w1, w2, w3 = words(k0, k1, SHIFT, sources.ids[j], week, 0)
        if (w1 & 0xFFFF) < params.weekday:
            day = ((w1 >> 16) * 5) >> 16
        else:
            day = 5 + (((w1 >> 16) * 2) >> 16)
        tasks[count, 0] = j
        tasks[count, 1] = lookups.people[w0 >> 20]
        tasks[count, 2] = day * 3 + (((w3 >> 16) * 3) >> 16)
        tasks[count, 3] = params.hours_log + ((params.hours_task * tables.normal[w2 >> 20]) >> 16)
        tasks[count, 4] = 1 if (w3 & 0xFFFF) < gated else 0
        tasks[count, 5] = ((w0 & 0xFFFF) * params.lead_days) >> 16
        count += 1
    return count, arisen
