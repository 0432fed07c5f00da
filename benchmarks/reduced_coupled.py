"""The reduced model week by week: all intents of a district and week are known before anyone serves.

The calendar queue is a matrix of bits, weeks by volunteers: the volunteers whose bound leaves a week open. A week's
row is read once; who serves gets bits in the rows to come. The uniforms never depend on the bound, so bits are only
ever added. With seats for all the result is that of `reduced_lazy`, bit for bit.
"""

from __future__ import annotations

import numpy as np

from benchmarks import reduced_stages as stages
from benchmarks.reduced_lazy import BLOCK, BYTE
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

SIX, LAST6 = np.uint64(6), np.uint64(63)


@compiled
def enlist(count, offset, known, planes, base, until, mask, picked, ids, lines, live, calendar):
    """Append those of a block who have an open week: number, planes as one line, fresh state, bits in the calendar."""
    m = 0
    for j in range(count):
        picked[m] = np.uint32(j)
        m += np.int64(mask[j] != NONE)
    for i in range(m):
        j, s = picked[i], known + i
        ids[s] = np.uint32(offset) + j
        for k in range(8):
            lines[s, 7 - k] = planes[k, j]
        one = live[s]
        one.base, one.until, one.last = base[j], until[j], -1
        one.habit = one.fatigue = one.hours = 0
        one.points = one.star = 0
    for i in range(m):
        s = np.uint64(known + i)
        add(calendar, s, mask[picked[i]])
    return known + m


@stages.fast
def add(calendar, s, mask):
    """Enter one volunteer into the rows of the weeks of a mask."""
    word, bit = s >> SIX, ONE << (s & LAST6)
    while mask != NONE:
        calendar[lowest(mask), word] |= bit
        mask &= mask - ONE


@compiled
def read_week(row, words, slot):
    """Write the volunteers entered in a row of the calendar; return how many."""
    m = 0
    for k in range(words):
        bits = row[k]
        first = np.uint32(k << 6)
        while bits != NONE:
            slot[m] = first + np.uint32(lowest(bits))
            bits &= bits - ONE
            m += 1
    return m


@compiled
def look(alive, w, level, ageing, logistic, slot, lines, live, uniform, chance):
    """Write the uniform and the chance of each who is entered in the week (none for those who left)."""
    for i in range(alive):
        s = slot[i]
        uniform[i] = lead_of(lines, np.uint64(s), np.uint64(w)) << np.uint32(24)
        one = live[s]
        age = ageing[np.uint32(w - 1 - np.int64(one.last))]
        logit = logit_of(one.base, level, np.int32(one.habit), np.int32(one.fatigue), age)
        there = np.uint32(0) - np.uint32(one.until >= w)
        chance[i] = logistic[np.uint32(logit + ZERO)] & there


@compiled
def intents(alive, w, k0, k1, slot, ids, uniform, chance, tied, tail, chosen, whom):
    """Gather those whose uniform lies below their chance; its lower bits are drawn only where the leading byte ties."""
    ties = m = 0
    for i in range(alive):
        tied[ties] = np.uint32(i)
        ties += np.int64((uniform[i] ^ chance[i]) < BYTE)
    for t in range(ties):
        tail[t] = ids[slot[tied[t]]]
    for t in range(ties):
        rest, _, _, _ = philox(np.uint64(tail[t]), NONE, np.uint64(w), TAKE_PART_TAIL, k0, k1)
        tail[t] = np.uint32(rest >> np.uint64(8))
    for t in range(ties):
        uniform[tied[t]] |= tail[t]
    for i in range(alive):
        chosen[m] = slot[i]
        m += np.int64(uniform[i] < chance[i])
    for i in range(m):
        whom[i] = ids[chosen[i]]
    return m


@compiled
def service_words(m, w, k0, k1, whom, word0, word1):
    """Draw hours and the end of the next idle spell."""
    for i in range(m):
        a, b, _, _ = philox(np.uint64(whom[i]), NONE, np.uint64(w), SERVICE, k0, k1)
        word0[i], word1[i] = np.uint32(a), np.uint32(b)


@maker
def seat(some, seats, w, k0, k1, chosen, whom):
    """Where seats are short, keep those with the smallest priority, ties by number; return how many."""
    order = np.empty(some, dtype=np.uint64)
    for i in range(some):
        _, _, c, _ = philox(np.uint64(whom[i]), NONE, np.uint64(w), SERVICE, k0, k1)
        order[i] = (c << np.uint64(32)) | np.uint64(i)
    order.sort()
    places, numbers = chosen[:some].copy(), whom[:some].copy()
    for i in range(seats):
        j = order[i] & np.uint64(0xFFFFFFFF)
        chosen[i], whom[i] = places[j], numbers[j]
    return seats


@compiled
def serve(
    m, w, weeks, chosen, word0, word1, live, limit, later, habit_power, fatigue_power, stars, stay, best, top,
    horizon, services, hours, active, district,
):
    """Let those seated serve and enter the weeks that their new bound opens; return the points given."""
    total_points = 0
    after = horizon & ~((np.uint64(2) << np.uint64(w)) - ONE)
    for i in range(m):
        s = chosen[i]
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
        age = np.uint32(w - 1 - np.int64(one.last))
        habit = after_service(one.habit, habit_power[age], HABIT_GAIN)
        one.habit = habit
        one.fatigue = after_service(one.fatigue, fatigue_power[age], FATIGUE_GAIN)
        one.last = w
        until = until_of(w, weeks, word1[i], stay)
        active[district] += np.int64(until >= weeks) - np.int64(one.until >= weeks)
        one.until = until
        services[w] += 1
        hours[w] += given
        limit[i] = ceiling(one.base, np.int32(habit), best[w + 1], top)
        later[i] = after & ((np.uint64(2) << np.uint64(until)) - ONE)
    return total_points


@compiled
def enter(m, chosen, mask, calendar):
    """Enter the weeks opened to those who served."""
    for i in range(m):
        add(calendar, np.uint64(chosen[i]), mask[i])


@maker
def coupled(n, weeks, k0, k1, largest, table, live, seats, services, hours, active):
    """Run the reduced model with intents before services; return how many weeks were looked at, and the points."""
    base, spell = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.uint32)
    until, picked = np.empty(BLOCK, dtype=np.int16), np.empty(BLOCK, dtype=np.uint32)
    planes = np.empty((8, BLOCK + 8), dtype=np.uint64)
    limit, mask = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    lines = np.empty((largest, 8), dtype=np.uint64)
    calendar = np.empty((weeks, (largest >> 6) + 1), dtype=np.uint64)
    limits, later = np.empty(largest, dtype=np.uint64), np.empty(largest, dtype=np.uint64)
    ids, slot, tied, tail, uniform, chance, chosen, whom, word0, word1 = (
        np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32),
        np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32),
        np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32), np.empty(largest, dtype=np.uint32),
        np.empty(largest, dtype=np.uint32),
    )
    horizon = ALL >> np.uint64(64 - weeks)
    every = np.full(BLOCK, horizon)
    looked_at = points = 0
    for district in range(DISTRICTS):
        start, end = -(-district * n // DISTRICTS), -(-(district + 1) * n // DISTRICTS)
        known = 0
        calendar[:] = NONE
        pieces = max(1, -(-(end - start) // BLOCK))
        for piece in range(pieces):
            first = start + (end - start) * piece // pieces
            count = start + (end - start) * (piece + 1) // pieces - first
            stages.populate(first, count, table.district[district], k0, k1, base, spell)
            stages.draw_planes(first, count, k0, k1, planes)
            stages.first_weeks(count, table.best[0], every, planes, base, table.top, limit, mask)
            leavers = stages.first_leavers(count, weeks, spell, table.stay, until, mask)
            active[district] += count - leavers
            known = enlist(count, first, known, planes, base, until, mask, picked, ids, lines, live, calendar)
        words = (known + 63) >> 6
        for w in range(weeks):
            alive = read_week(calendar[w], words, slot)
            looked_at += alive
            look(alive, w, table.week[w], table.ageing, table.logistic, slot, lines, live, uniform, chance)
            some = intents(alive, w, k0, k1, slot, ids, uniform, chance, tied, tail, chosen, whom)
            if some > seats[district, w]:
                some = seat(some, seats[district, w], w, k0, k1, chosen, whom)
            service_words(some, w, k0, k1, whom, word0, word1)
            points += serve(some, w, weeks, chosen, word0, word1, live, limits, later, table.habit_power,
                            table.fatigue_power, table.stars, table.stay, table.best, table.top, horizon,
                            services[district], hours[district], active, district)
            for part in range(0, some, BLOCK):
                size = min(BLOCK, some - part)
                stages.later_weeks(size, chosen[part:], lines, planes, limits[part:], later[part:], mask)
                enter(size, chosen[part:], mask, calendar)
    return looked_at, points
