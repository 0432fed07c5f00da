"""The reduced model with unlimited seats, a block of volunteers for the whole year.

A bound of the chance rules out most weeks of a volunteer at once. Those who have an open week left are gathered;
each wave looks at the next open week of all of them, stage by stage. Who serves gets a new bound over the weeks to
come: the uniforms never depend on the bound, so nothing has to be undone.
"""

from __future__ import annotations

import numpy as np

from benchmarks import reduced_stages as stages
from benchmarks.reduced_stages import (
    ALL,
    BASE_POINTS,
    DISTRICTS,
    FATIGUE_GAIN,
    HABIT_GAIN,
    HOUR_BITS,
    NONE,
    ONE,
    SERVICE,
    STAR_POINTS,
    TAKE_PART_TAIL,
    ZERO,
    after_service,
    ceiling,
    compiled,
    lead_of,
    logit_of,
    lowest,
    maker,
    philox,
    until_of,
)

BLOCK = 1024
BYTE = np.uint32(1 << 24)


@compiled
def gather(count, planes, base, until, mask, who, lines, live, open_weeks):
    """Put those who have an open week side by side: number, planes as one line, and fresh state; return how many."""
    m = 0
    for j in range(count):
        who[m] = np.uint32(j)
        m += np.int64(mask[j] != NONE)
    for i in range(m):
        j = who[i]
        for k in range(8):
            lines[i, 7 - k] = planes[k, j]
        open_weeks[i] = mask[j]
        live[i].base = base[j]
        live[i].habit = 0
        live[i].fatigue = 0
        live[i].hours = 0
        live[i].star = 0
        live[i].points = 0
        live[i].last = -1
        live[i].until = until[j]
    return m


@compiled
def look(alive, first, k0, k1, table_week, ageing, logistic, slot, week, lines, live, who, open_weeks, uniform, chance):
    """Write the uniform and the chance of the next open week of each who is alive; strike that week out."""
    for i in range(alive):
        s = slot[i]
        w = lowest(open_weeks[s])
        open_weeks[s] &= open_weeks[s] - ONE
        week[i] = np.uint32(w)
        uniform[i] = lead_of(lines, np.uint64(s), w) << np.uint32(24)
        one = live[s]
        age = ageing[np.uint32(np.int64(w) - 1 - one.last)]
        logit = logit_of(one.base, table_week[w], np.int32(one.habit), np.int32(one.fatigue), age)
        chance[i] = logistic[np.uint32(logit + ZERO)]


@compiled
def break_ties(alive, first, k0, k1, slot, week, who, uniform, chance, tied, ids, when):
    """Add the lower bits of those uniforms whose leading byte does not decide."""
    ties = 0
    for i in range(alive):
        tied[ties] = np.uint32(i)
        ties += np.int64((uniform[i] ^ chance[i]) < BYTE)
    for t in range(ties):
        i = tied[t]
        ids[t] = np.uint32(first) + who[slot[i]]
        when[t] = week[i]
    for t in range(ties):
        rest, _, _, _ = philox(np.uint64(ids[t]), NONE, np.uint64(when[t]), TAKE_PART_TAIL, k0, k1)
        ids[t] = np.uint32(rest >> np.uint64(8))
    for t in range(ties):
        uniform[tied[t]] |= ids[t]


@compiled
def intents(alive, first, slot, week, who, uniform, chance, chosen, when, whom):
    """Gather those whose uniform lies below their chance; return how many."""
    m = 0
    for i in range(alive):
        chosen[m] = slot[i]
        when[m] = week[i]
        m += np.int64(uniform[i] < chance[i])
    for i in range(m):
        whom[i] = np.uint32(first) + who[chosen[i]]
    return m


@compiled
def service_words(m, k0, k1, whom, when, word0, word1):
    """Draw hours and the end of the next idle spell."""
    for i in range(m):
        a, b, _, _ = philox(np.uint64(whom[i]), NONE, np.uint64(when[i]), SERVICE, k0, k1)
        word0[i], word1[i] = np.uint32(a), np.uint32(b)


@compiled
def serve(
    m, weeks, chosen, when, word0, word1, live, limit, later, habit_power, fatigue_power, stars, stay, best, top,
    horizon, services, hours, active, district,
):
    """Let those chosen serve and open the weeks that their new bound leaves; return the points given."""
    total_points = 0
    for i in range(m):
        s, w = chosen[i], np.int64(when[i])
        one = live[s]
        given = np.int64(word0[i] >> HOUR_BITS) + 1
        points = given * (BASE_POINTS + STAR_POINTS * one.star)
        total_points += points
        one.points += points
        total = one.hours + given
        one.hours = total
        star = np.int64(one.star)
        while total >= stars[star]:
            star += 1
        one.star = star
        age = np.uint32(w - 1 - one.last)
        habit = after_service(one.habit, habit_power[age], HABIT_GAIN)
        one.habit = habit
        one.fatigue = after_service(one.fatigue, fatigue_power[age], FATIGUE_GAIN)
        one.last = w
        until = until_of(w, weeks, word1[i], stay)
        active[district] += np.int64(until >= weeks) - np.int64(one.until >= weeks)
        one.until = until
        services[w] += 1
        hours[w] += given
        later[i] = horizon & ~((np.uint64(2) << np.uint64(w)) - ONE) & ((np.uint64(2) << np.uint64(until)) - ONE)
        limit[i] = ceiling(one.base, np.int32(habit), best[w + 1], top)
    return total_points


@compiled
def still_open(alive, slot, open_weeks):
    """Keep those with an open week left, in place; return how many."""
    k = 0
    for i in range(alive):
        s = slot[i]
        slot[k] = s
        k += np.int64(open_weeks[s] != NONE)
    return k


@compiled
def keep(first, count, m, k0, k1, who, live, until, state):
    """Write the state of a block."""
    stages.write_motive(first, count, k0, k1, state.motive[first:first + count])
    last, ends = state.last, state.until
    for j in range(count):
        last[first + j] = np.int16(-1)
        ends[first + j] = until[j]
    for i in range(m):
        one, j = live[i], first + np.int64(who[i])
        if one.last >= 0:
            state.habit[j], state.fatigue[j] = one.habit, one.fatigue
            state.hours[j], state.points[j], state.star[j] = one.hours, one.points, one.star
            last[j], ends[j] = one.last, one.until


@maker
def lazy(n, weeks, k0, k1, kept, state, table, live, services, hours, active):
    """Run the reduced model, looking only at weeks that a bound leaves open; return how many, and the points."""
    base, spell = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.uint32)
    until = np.empty(BLOCK, dtype=np.int16)
    planes, lines = np.empty((8, BLOCK + 8), dtype=np.uint64), np.empty((BLOCK, 8), dtype=np.uint64)
    limit, mask = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    open_weeks, later = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    who, slot, week, uniform, chance, chosen, when, whom, word0, word1 = (
        np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK, dtype=np.uint32),
    )
    horizon = ALL >> np.uint64(64 - weeks)
    every = np.full(BLOCK, horizon)
    looked_at = points = 0
    for district in range(DISTRICTS):
        start, end = -(-district * n // DISTRICTS), -(-(district + 1) * n // DISTRICTS)
        pieces = max(1, -(-(end - start) // BLOCK))
        for piece in range(pieces):
            first = start + (end - start) * piece // pieces
            count = start + (end - start) * (piece + 1) // pieces - first
            stages.populate(first, count, table.district[district], k0, k1, base, spell)
            stages.draw_planes(first, count, k0, k1, planes)
            stages.first_weeks(count, table.best[0], every, planes, base, table.top, limit, mask)
            leavers = stages.first_leavers(count, weeks, spell, table.stay, until, mask)
            m = gather(count, planes, base, until, mask, who, lines, live, open_weeks)
            for i in range(m):
                slot[i] = i
            alive = m
            while alive > 0:
                looked_at += alive
                look(alive, first, k0, k1, table.week, table.ageing, table.logistic, slot, week, lines, live, who,
                     open_weeks, uniform, chance)
                break_ties(alive, first, k0, k1, slot, week, who, uniform, chance, chosen, whom, when)
                some = intents(alive, first, slot, week, who, uniform, chance, chosen, when, whom)
                service_words(some, k0, k1, whom, when, word0, word1)
                points += serve(some, weeks, chosen, when, word0, word1, live, limit, later, table.habit_power,
                                table.fatigue_power, table.stars, table.stay, table.best, table.top, horizon,
                                services[district], hours[district], active, district)
                stages.later_weeks(some, chosen, lines, planes, limit, later, mask)
                for i in range(some):
                    open_weeks[chosen[i]] = mask[i]
                alive = still_open(alive, slot, open_weeks)
            active[district] += count - leavers
            if kept:
                keep(first, count, m, k0, k1, who, live, until, state)
    return looked_at, points
