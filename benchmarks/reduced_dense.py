"""The reduced model with every agent-week evaluated: what vsim does where a behaviour has no bound.

Week after week inside a block of volunteers, so that the state of a block stays in the cache for the whole year.
"""

from __future__ import annotations

import numpy as np

from benchmarks import reduced_stages as stages
from benchmarks.reduced_stages import (
    BASE_POINTS,
    DISTRICTS,
    FATIGUE_GAIN,
    HABIT_GAIN,
    HOUR_BITS,
    NONE,
    SERVICE,
    STAR_POINTS,
    TAKE_PART_TAIL,
    WEEKS,
    ZERO,
    after_service,
    compiled,
    fast,
    logit_of,
    maker,
    philox,
    until_of,
)
from benchmarks.reduced_tables import State

BLOCK = 1024                   # volunteers whose state and draws fit in the cache; a multiple of 8


@fast
def swap(x, y, gap, mask):
    """Exchange the bits of y under the mask with those of x that stand `gap` higher."""
    t = ((x >> gap) ^ y) & mask
    return x ^ (t << gap), y ^ t


@compiled
def turn(planes, count, lead):
    """Turn 8 planes of 64 bits into 64 leading bytes: lead[w, j] is the byte of week w.

    An 8 x 8 bit transpose in all 8 bytes at once: afterwards byte b of word i belongs to week 8 b + i.
    """
    g4, g2, g1 = np.uint64(4), np.uint64(2), np.uint64(1)
    m4, m2, m1 = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x3333333333333333), np.uint64(0x5555555555555555)
    p0, p1, p2, p3 = planes[0], planes[1], planes[2], planes[3]
    p4, p5, p6, p7 = planes[4], planes[5], planes[6], planes[7]
    for j in range(count):
        a, b, c, d, e, f, g, h = p7[j], p6[j], p5[j], p4[j], p3[j], p2[j], p1[j], p0[j]
        a, e = swap(a, e, g4, m4)
        b, f = swap(b, f, g4, m4)
        c, g = swap(c, g, g4, m4)
        d, h = swap(d, h, g4, m4)
        a, c = swap(a, c, g2, m2)
        b, d = swap(b, d, g2, m2)
        e, g = swap(e, g, g2, m2)
        f, h = swap(f, h, g2, m2)
        a, b = swap(a, b, g1, m1)
        c, d = swap(c, d, g1, m1)
        e, f = swap(e, f, g1, m1)
        g, h = swap(g, h, g1, m1)
        p0[j], p1[j], p2[j], p3[j], p4[j], p5[j], p6[j], p7[j] = a, b, c, d, e, f, g, h
    for w in range(WEEKS):
        source, target, move = planes[w & 7], lead[w], np.uint64(8 * (w >> 3))
        for j in range(count):
            target[j] = np.uint8(source[j] >> move)


@compiled
def evaluate(week, level, base, who, lead, noise, ageing, logit, flag):
    """Flag those whose leading bits do not rule a service out this week: the dense pass over every volunteer.

    Three loops on purpose: with look-ups among it, the arithmetic is not vectorised (2.7 ns instead of 1.1).
    """
    before, now = np.int32(week - 1), np.int16(week)
    habit, fatigue, last, until = who.habit, who.fatigue, who.last, who.until
    for j in range(last.size):
        logit[j] = ageing[np.uint32(before - np.int32(last[j]))]
    for j in range(last.size):
        logit[j] = logit_of(base[j], level, np.int32(habit[j]), np.int32(fatigue[j]), logit[j])
    for j in range(last.size):
        flag[j] = np.uint8(logit[j] >= noise[lead[j]]) & np.uint8(until[j] >= now)


@compiled
def choose(count, first, week, k0, k1, flag, eights, lead, logit, logistic, chosen):
    """Gather those flagged whose uniform lies below their chance; return how many."""
    m = 0
    for k in range((count + 7) >> 3):
        if eights[k] == 0:
            continue
        for j in range(8 * k, min(count, 8 * k + 8)):
            if flag[j]:
                chance = np.uint64(logistic[logit[j] + ZERO])
                leading = np.uint64(lead[j])
                yes = leading < chance >> np.uint64(24)
                if leading == chance >> np.uint64(24):
                    rest, _, _, _ = philox(np.uint64(first + j), NONE, np.uint64(week), TAKE_PART_TAIL, k0, k1)
                    yes = (leading << np.uint64(24) | rest >> np.uint64(8)) < chance
                chosen[m] = j
                m += np.int64(yes)
    return m


@compiled
def serve(m, first, week, weeks, k0, k1, chosen, word0, word1, who, table, services, hours):
    """Let those chosen serve."""
    for i in range(m):
        a, b, _, _ = philox(np.uint64(first) + np.uint64(chosen[i]), NONE, np.uint64(week), SERVICE, k0, k1)
        word0[i], word1[i] = np.uint32(a), np.uint32(b)
    for i in range(m):
        j = chosen[i]
        given = np.int64(word0[i] >> HOUR_BITS) + 1
        who.points[j] += given * (BASE_POINTS + STAR_POINTS * who.star[j])
        total = who.hours[j] + given
        who.hours[j] = total
        while total >= table.stars[who.star[j]]:
            who.star[j] += 1
        age = week - 1 - who.last[j]
        who.habit[j] = after_service(who.habit[j], table.habit_power[age], HABIT_GAIN)
        who.fatigue[j] = after_service(who.fatigue[j], table.fatigue_power[age], FATIGUE_GAIN)
        who.last[j] = week
        who.until[j] = until_of(week, weeks, word1[i], table.stay)
        services[week] += 1
        hours[week] += given


@fast
def block_of(state, first, end):
    """The state of the volunteers from `first` to before `end`."""
    return State(
        state.motive[first:end], state.habit[first:end], state.fatigue[first:end], state.hours[first:end],
        state.points[first:end], state.star[first:end], state.last[first:end], state.until[first:end],
    )


@maker
def dense(n, weeks, k0, k1, state, table, services, hours, active):
    """Run the reduced model, evaluating every agent-week."""
    base, logit = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.int32)
    planes, mask = np.empty((8, BLOCK + 8), dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    lead = np.empty((WEEKS, BLOCK), dtype=np.uint8)
    flag = np.zeros(BLOCK, dtype=np.uint8)
    eights = flag.view(np.uint64)
    spell, chosen, word0, word1 = (
        np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32), np.empty(BLOCK, dtype=np.uint32),
        np.empty(BLOCK, dtype=np.uint32),
    )
    for district in range(DISTRICTS):
        start, end = -(-district * n // DISTRICTS), -(-(district + 1) * n // DISTRICTS)
        pieces = max(1, -(-(end - start) // BLOCK))
        for piece in range(pieces):
            first = start + (end - start) * piece // pieces
            count = start + (end - start) * (piece + 1) // pieces - first
            who = block_of(state, first, first + count)
            stages.populate(first, count, table.district[district], k0, k1, base, spell)
            stages.write_motive(first, count, k0, k1, who.motive)
            stages.draw_planes(first, count, k0, k1, planes)
            stages.first_leavers(count, weeks, spell, table.stay, who.until, mask)
            turn(planes, count, lead)
            who.last[:] = -1
            for week in range(weeks):
                evaluate(week, table.week[week], base, who, lead[week], table.noise, table.ageing, logit, flag)
                m = choose(count, first, week, k0, k1, flag, eights, lead[week], logit, table.logistic, chosen)
                serve(m, first, week, weeks, k0, k1, chosen, word0, word1, who, table, services[district],
                      hours[district])
            for j in range(count):
                active[district] += who.until[j] >= weeks
            flag[:] = 0
