"""The reduced model the way vsim's engine works: keyed Philox, packed integers, exact tables, compiled loops.

Dense: every agent-week is evaluated, week after week inside a block of volunteers, so that the state of a
block stays in the cache for the whole year. Lazy: the same decisions, but an upper bound of the chance rules
out most weeks of a volunteer at once, and only those left are looked at. Both give the same integers, which
are those of `reduced_numpy.simulate_exact`. `reduced_vsim` is the door.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from benchmarks import reduced as model
from benchmarks.reduced import State
from vsim import exact
from vsim.kernels import draws
from vsim.rng import Stream

NONE, ONE, WORD, ALL = np.uint64(0), np.uint64(1), np.uint64(32), ~np.uint64(0)
TASTE, SERVICE = np.uint64(Stream.TASTE), np.uint64(Stream.SERVICE)
TAKE_PART, TAKE_PART_TAIL = np.uint64(Stream.TAKE_PART), np.uint64(Stream.TAKE_PART_TAIL)
BLOCK = 1024                   # volunteers whose state and draws fit in the cache; a multiple of 8
HALF, SHIFT = np.int32(1 << (model.TERM_BITS - 1)), np.int32(model.TERM_BITS)
LOW = np.int32(0xFFFF)
ZERO, MOTIVE = exact.LOGISTIC_ZERO, exact.units(model.MOTIVE)
HABIT_GAIN, FATIGUE_GAIN = exact.share16(model.HABIT_GAIN), exact.share16(model.FATIGUE_GAIN)
IDLE, SPELLS, WEEKS, DISTRICTS = model.IDLE_WEEKS, model.SPELLS, model.WEEKS, model.DISTRICTS
BASE_POINTS, STAR_POINTS = model.POINTS_BASE, model.POINTS_STAR
HOUR_BITS = np.uint64(29)      # hours 1 .. 8 from the three leading bits
assert model.MOST_HOURS == 8
assert WEEKS <= 64

DE_BRUIJN_WORD = np.uint64(0x03F79D71B4CB0A89)
DE_BRUIJN = np.zeros(64, dtype=np.uint8)
for _bit in range(64):
    DE_BRUIJN[((int(DE_BRUIJN_WORD) << _bit) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit
fast = njit(cache=True, nogil=True, inline="always")
compiled = njit(cache=True, nogil=True)
philox = fast(draws.philox)                     # the engine's own


@fast
def leaving_week(word, stay):
    """Weeks after a service up to the last week in which one could still serve, if idle till then."""
    if word < np.uint64(stay[SPELLS - 1]):
        return IDLE + SPELLS
    k = 0
    while word < np.uint64(stay[k]):
        k += 1
    return IDLE + k


@compiled
def populate(first, n, k0, k1, who, table, base, place, word0, word1):
    """Make the volunteers of a block from id `first` on, with district and constant part of the logit."""
    count = who.motive.size
    for j in range(count):
        a, b, _, _ = philox(np.uint64(first + j), NONE, NONE, TASTE, k0, k1)
        word0[j], word1[j] = a, b
    district = first * DISTRICTS // n
    for j in range(count):
        while (first + j) * DISTRICTS >= (district + 1) * n:
            district += 1
        place[j] = district
    for j in range(count):
        taste = np.int64(word0[j] >> np.uint64(16))
        who.motive[j] = taste
        base[j] = table.district[place[j]] + ((MOTIVE * taste + 32768) >> 16)
    for j in range(count):
        who.last[j] = -1
        who.until[j] = leaving_week(word1[j], table.stay) - 1


@compiled
def draw_planes(first, count, k0, k1, planes):
    """Write the 8 bit planes of the leading bits of 64 weekly uniforms, highest first: (8, count)."""
    for call in range(4):
        high, low = planes[2 * call], planes[2 * call + 1]
        for j in range(count):
            a, b, c, d = philox(np.uint64(first + j), np.uint64(call), NONE, TAKE_PART, k0, k1)
            high[j] = a | (b << WORD)
            low[j] = c | (d << WORD)


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
def evaluate(week, level, base, habit, fatigue, last, until, lead, noise, ageing, logit, flag):
    """Flag those whose leading bits do not rule a service out this week: the dense pass over every volunteer.

    Three loops on purpose: with look-ups among it, the arithmetic is not vectorised (2.7 ns instead of 1.1).
    """
    before, now = np.int32(week - 1), np.int16(week)
    count = last.size
    for j in range(count):
        logit[j] = ageing[np.uint32(before - np.int32(last[j]))]
    for j in range(count):
        pull = np.int32(np.int32(habit[j]) * np.int32(logit[j] & LOW))
        push = np.int32(np.int32(fatigue[j]) * np.int32(logit[j] >> np.int32(16)))
        term = np.int32(np.int32(np.int32(pull - push) + HALF) >> SHIFT)
        logit[j] = np.int32(np.int32(base[j] + level) + term)
    for j in range(count):
        flag[j] = np.uint8(logit[j] >= noise[lead[j]]) & np.uint8(until[j] >= now)


@fast
def chance_of(j, week, base, who, table):
    """The 32-bit threshold of one volunteer in one week."""
    age = table.ageing[week - 1 - who.last[j]]
    term = np.int32(who.habit[j]) * (age & LOW) - np.int32(who.fatigue[j]) * (age >> np.int32(16))
    logit = base[j] + table.week[week] + ((term + HALF) >> SHIFT)
    return np.uint64(table.logistic[logit + ZERO])


@fast
def below(entity, week, first, chance, k0, k1):
    """Whether the uniform lies below the chance; its other bits are drawn only when the leading bits tie."""
    top = np.int64(chance >> np.uint64(24))
    if first != top:
        return first < top
    rest, _, _, _ = philox(np.uint64(entity), NONE, np.uint64(week), TAKE_PART_TAIL, k0, k1)
    return ((np.uint64(first) << np.uint64(24)) | (rest >> np.uint64(8))) < chance


@fast
def serve(j, week, word_hours, word_leave, who, table):
    """Let one volunteer serve; return the hours."""
    given = np.int64(word_hours >> HOUR_BITS) + 1
    who.points[j] += given * (BASE_POINTS + STAR_POINTS * who.star[j])
    total = who.hours[j] + given
    who.hours[j] = total
    while who.star[j] < table.stars.size and total >= table.stars[who.star[j]]:
        who.star[j] += 1
    age = week - 1 - who.last[j]
    habit = (np.int64(who.habit[j]) * table.habit_power[age] + 32768) >> 16
    fatigue = (np.int64(who.fatigue[j]) * table.fatigue_power[age] + 32768) >> 16
    who.habit[j] = habit + (((65535 - habit) * HABIT_GAIN + 32768) >> 16)
    who.fatigue[j] = fatigue + (((65535 - fatigue) * FATIGUE_GAIN + 32768) >> 16)
    who.last[j] = week
    who.until[j] = week + leaving_week(word_leave, table.stay)
    return given


@fast
def block_of(state, first, end):
    """The state of the volunteers from `first` to before `end`."""
    return State(
        state.motive[first:end], state.habit[first:end], state.fatigue[first:end], state.hours[first:end],
        state.points[first:end], state.star[first:end], state.last[first:end], state.until[first:end],
    )


@compiled
def dense(n, weeks, k0, k1, state, table, services, hours, active):
    """Run the reduced model, evaluating every agent-week; return how many were looked at closely."""
    base, logit = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.int32)
    place = np.empty(BLOCK, dtype=np.uint8)
    planes = np.empty((8, BLOCK), dtype=np.uint64)
    lead = np.empty((WEEKS, BLOCK), dtype=np.uint8)
    flag = np.zeros(BLOCK, dtype=np.uint8)
    eights = flag.view(np.uint64)
    chosen = np.empty(BLOCK, dtype=np.int64)
    word0, word1 = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    looked_at = 0
    for first in range(0, n, BLOCK):
        count = min(BLOCK, n - first)
        who = block_of(state, first, first + count)
        populate(first, n, k0, k1, who, table, base, place, word0, word1)
        draw_planes(first, count, k0, k1, planes)
        turn(planes, count, lead)
        flag[:] = 0
        for week in range(weeks):
            evaluate(week, table.week[week], base, who.habit, who.fatigue, who.last, who.until, lead[week],
                     table.noise, table.ageing, logit, flag)
            m = 0
            for k in range((count + 7) >> 3):
                if eights[k] == 0:
                    continue
                for j in range(8 * k, 8 * k + 8):
                    if flag[j]:
                        looked_at += 1
                        chance = chance_of(j, week, base, who, table)
                        chosen[m] = j
                        m += below(first + j, week, np.int64(lead[week, j]), chance, k0, k1)
            for i in range(m):
                a, b, _, _ = philox(np.uint64(first + chosen[i]), NONE, np.uint64(week), SERVICE, k0, k1)
                word0[i], word1[i] = a, b
            for i in range(m):
                given = serve(chosen[i], week, word0[i], word1[i], who, table)
                services[place[chosen[i]], week] += 1
                hours[place[chosen[i]], week] += given
        for j in range(count):
            if who.until[j] >= weeks:
                active[place[j]] += 1
    return looked_at


@fast
def ceiling(base_j, habit_j, best, top):
    """No service has leading bits at or above this: habit as it stands, no fatigue, the best week."""
    term = (np.int32(habit_j) * np.int32(model.HABIT_START) + HALF) >> SHIFT
    return np.uint64(top[base_j + best + term + ZERO]) + ONE


@fast
def weeks_below(planes, j, limit):
    """Bit mask of the weeks whose leading bits lie below a limit (1 .. 256)."""
    less, same = np.uint64(0), ALL
    for k in range(8):
        ask = np.uint64(0) - ((limit >> np.uint64(7 - k)) & ONE)
        less |= same & ~planes[k, j] & ask
        same &= ~(planes[k, j] ^ ask)
    return less | (np.uint64(0) - (limit >> np.uint64(8)))


@fast
def lowest(mask):
    """Number of the lowest set bit of a mask that is not zero, by a multiplication and a table."""
    return np.int64(DE_BRUIJN[((mask & (~mask + ONE)) * DE_BRUIJN_WORD) >> np.uint64(58)])


@compiled
def lazy(n, weeks, k0, k1, state, table, services, hours, active):
    """Run the reduced model, looking only at weeks that a bound leaves open; return how many."""
    base, place = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.uint8)
    planes = np.empty((8, BLOCK), dtype=np.uint64)
    limit, open_weeks = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    word0, word1 = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    best = table.week[:weeks].max()
    horizon = ALL >> np.uint64(64 - weeks)
    looked_at = 0
    for first in range(0, n, BLOCK):
        count = min(BLOCK, n - first)
        who = block_of(state, first, first + count)
        populate(first, n, k0, k1, who, table, base, place, word0, word1)
        draw_planes(first, count, k0, k1, planes)
        for j in range(count):
            limit[j] = ceiling(base[j], who.habit[j], best, table.top)
        for j in range(count):
            open_weeks[j] = weeks_below(planes, j, limit[j]) & horizon
        for j in range(count):
            mask = open_weeks[j]
            while mask != 0:
                week = lowest(mask)
                mask &= mask - ONE
                if week > who.until[j]:
                    break
                looked_at += 1
                lead = np.int64(0)
                for k in range(8):
                    lead = (lead << 1) | np.int64((planes[k, j] >> np.uint64(week)) & ONE)
                if not below(first + j, week, lead, chance_of(j, week, base, who, table), k0, k1):
                    continue
                a, b, _, _ = philox(np.uint64(first + j), NONE, np.uint64(week), SERVICE, k0, k1)
                given = serve(j, week, a, b, who, table)
                services[place[j], week] += 1
                hours[place[j], week] += given
                later = horizon & ~((np.uint64(2) << np.uint64(week)) - ONE)
                mask = weeks_below(planes, j, ceiling(base[j], who.habit[j], best, table.top)) & later
        for j in range(count):
            if who.until[j] >= weeks:
                active[place[j]] += 1
    return looked_at
