"""Stages that the compiled forms of the reduced model share: each a small loop over a block of volunteers.

A loop reads and writes few arrays and calls only functions that are inlined before LLVM sees them, so that it is
vectorised; what jumps about in memory or branches stands in loops of its own.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from benchmarks import reduced as model
from benchmarks import reduced_tables as integer
from vsim import exact
from vsim.kernels import draws
from vsim.rng import Stream

fast = njit(cache=True, nogil=True, inline="always")
philox = fast(draws.philox)                                # the engine's own
compiled = njit(cache=True, nogil=True, _nrt=False)       # counts no references: these functions make no array
maker = njit(cache=True, nogil=True)

NONE, ONE, WORD, ALL = np.uint64(0), np.uint64(1), np.uint64(32), ~np.uint64(0)
MASK = np.uint64(0xFFFFFFFF)
TASTE, SERVICE = np.uint64(Stream.TASTE), np.uint64(Stream.SERVICE)
TAKE_PART, TAKE_PART_TAIL = np.uint64(Stream.TAKE_PART), np.uint64(Stream.TAKE_PART_TAIL)
HALF, SHIFT = np.int32(1 << (integer.TERM_BITS - 1)), np.int32(integer.TERM_BITS)
LOW, SIXTEEN = np.int32(0xFFFF), np.int32(16)
HABIT_START = np.int32(integer.HABIT_START)
ZERO, MOTIVE, ROUND = np.int32(exact.LOGISTIC_ZERO), np.int32(exact.units(model.MOTIVE)), np.int32(32768)
HABIT_GAIN, FATIGUE_GAIN = exact.share16(model.HABIT_GAIN), exact.share16(model.FATIGUE_GAIN)
SLOPE = np.uint64(round(1 / model.LEAVE))
IDLE, SPELLS, WEEKS, DISTRICTS = model.IDLE_WEEKS, integer.SPELLS, model.WEEKS, model.DISTRICTS
BASE_POINTS, STAR_POINTS = model.POINTS_BASE, model.POINTS_STAR
HOUR_BITS = np.uint32(29)      # hours 1 .. 8 from the three leading bits
assert model.MOST_HOURS == 8
assert WEEKS <= 64


@intrinsic
def lowest(typing, mask):
    """Return the number of the lowest set bit of a mask that is not zero: one instruction."""
    def build(context, builder, signature, args):
        return builder.cttz(args[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), build


@compiled
def populate(first, count, level, k0, k1, base, spell):
    """Draw the constant part of the logit and the word of the first idle spell of `count` volunteers."""
    for j in range(count):
        a, b, _, _ = philox(np.uint64(first + j), NONE, NONE, TASTE, k0, k1)
        base[j] = np.int32(a >> np.uint64(16))
        spell[j] = np.uint32(b)
    for j in range(count):
        base[j] = level + np.int32((MOTIVE * base[j] + ROUND) >> SIXTEEN)


@compiled
def write_motive(first, count, k0, k1, motive):
    """Write the motive of `count` volunteers, for a state that is kept."""
    for j in range(count):
        a, _, _, _ = philox(np.uint64(first + j), NONE, NONE, TASTE, k0, k1)
        motive[j] = np.uint16(a >> np.uint64(16))


@compiled
def draw_planes(first, count, k0, k1, planes):
    """Write the 8 bit planes of the leading bits of 64 weekly uniforms, highest first: (8, count)."""
    for call in range(0, 4, 2):
        p0, p1, p2, p3 = planes[2 * call], planes[2 * call + 1], planes[2 * call + 2], planes[2 * call + 3]
        for j in range(count):
            a, b, c, d = philox(np.uint64(first + j), np.uint64(call), NONE, TAKE_PART, k0, k1)
            e, f, g, h = philox(np.uint64(first + j), np.uint64(call + 1), NONE, TAKE_PART, k0, k1)
            p0[j] = a | (b << WORD)
            p1[j] = c | (d << WORD)
            p2[j] = e | (f << WORD)
            p3[j] = g | (h << WORD)


@compiled
def first_weeks(count, best, every, planes, base, top, limit, mask):
    """Write the weeks that the bound leaves open to somebody who never served."""
    for j in range(count):
        limit[j] = np.uint64(top[np.uint32(base[j] + best + ZERO)]) + ONE
    compare(count, planes, limit, every, mask)


@compiled
def compare(count, planes, limit, among, mask):
    """Write the bit masks of the weeks whose leading bytes, given as 8 planes, lie below the limits (1 .. 256)."""
    p0, p1, p2, p3, p4, p5, p6, p7 = (
        planes[0], planes[1], planes[2], planes[3], planes[4], planes[5], planes[6], planes[7]
    )
    for j in range(count):
        less, same = below_bit(NONE, ALL, p0[j], limit[j] >> np.uint64(7))
        less, same = below_bit(less, same, p1[j], limit[j] >> np.uint64(6))
        less, same = below_bit(less, same, p2[j], limit[j] >> np.uint64(5))
        less, same = below_bit(less, same, p3[j], limit[j] >> np.uint64(4))
        less, same = below_bit(less, same, p4[j], limit[j] >> np.uint64(3))
        less, same = below_bit(less, same, p5[j], limit[j] >> np.uint64(2))
        less, same = below_bit(less, same, p6[j], limit[j] >> np.uint64(1))
        less, same = below_bit(less, same, p7[j], limit[j])
        mask[j] = (less | (NONE - (limit[j] >> np.uint64(8)))) & among[j]


@fast
def below_bit(less, same, plane, bit):
    """One step of the comparison of 64 bytes with a limit, from the highest bit down."""
    ask = NONE - (bit & ONE)
    return less | (same & ~plane & ask), same & ~(plane ^ ask)


@fast
def leaving_week(word, stay):
    """Weeks after a service up to the last week in which one could still serve, if idle till then.

    `word` is not below the last entry of `stay`. A straight line guesses the entry, the table decides.
    """
    k = np.int64(((MASK - np.uint64(word)) * SLOPE) >> WORD)
    while k > 0 and word >= stay[k - 1]:
        k -= 1
    while word < stay[k]:
        k += 1
    return IDLE + k


@compiled
def first_leavers(count, weeks, spell, stay, until, mask):
    """Write until when each could serve if idle from the start, `weeks` for beyond the run; return the leavers."""
    if weeks <= IDLE:
        for j in range(count):
            until[j] = np.int16(weeks)
        return 0
    edge = stay[weeks - IDLE]
    for j in range(count):
        until[j] = np.int16(weeks)
    leavers = 0
    for j in range(count):
        if spell[j] >= edge:
            last = leaving_week(spell[j], stay) - 1
            if last < weeks:
                until[j] = np.int16(last)
                mask[j] &= (np.uint64(2) << np.uint64(last)) - ONE
                leavers += 1
    return leavers


@fast
def logit_of(base, level, habit, fatigue, age):
    """The logit of one volunteer, in 1/1024; `age` is the row of the table of ageing."""
    term = np.int32(habit * (age & LOW)) - np.int32(fatigue * (age >> SIXTEEN))
    return np.int32(np.int32(base + level) + np.int32(np.int32(term + HALF) >> SHIFT))


@fast
def after_service(value, power, gain):
    """Habit or fatigue after a service, from its value after the one before and the power of its ageing."""
    aged = (np.int64(value) * power + 32768) >> 16
    return aged + (((65535 - aged) * gain + 32768) >> 16)


@fast
def until_of(week, weeks, word, stay):
    """Until when somebody who serves in `week` could serve if idle from then on; `weeks` for beyond the run."""
    left = weeks - IDLE - week - 1
    until = np.int64(weeks)
    if (left >= 0) & (word >= stay[max(left, 0)]):
        until = np.int64(week + leaving_week(word, stay))
    return until


@fast
def ceiling(base, habit, best, top):
    """No service has leading bits at or above this: habit as it stands, no fatigue, the best week to come."""
    term = np.int32(np.int32(habit * HABIT_START) + HALF) >> SHIFT
    return np.uint64(top[np.uint32(np.int32(base + best) + term + ZERO)]) + ONE


@intrinsic
def lead_of(typing, lines, row, week):
    """Return the leading byte of a week's uniform from a line of 8 planes, lowest first: a test of 8 bits at once."""
    def build(context, builder, signature, args):
        array = context.make_array(signature.args[0])(context, builder, args[0])
        eight, vector = ir.IntType(64), ir.VectorType(ir.IntType(64), 8)
        place = builder.gep(array.data, [builder.mul(args[1], ir.Constant(eight, 8))])
        line = builder.load(builder.bitcast(place, vector.as_pointer()), align=8)
        bit = builder.shl(ir.Constant(eight, 1), args[2])
        bits = builder.shuffle_vector(
            builder.insert_element(ir.Constant(vector, ir.Undefined), bit, ir.Constant(ir.IntType(32), 0)),
            ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), 8), [0] * 8),
        )
        hit = builder.icmp_unsigned("!=", builder.and_(line, bits), ir.Constant(vector, [0] * 8))
        return builder.zext(builder.bitcast(hit, ir.IntType(8)), ir.IntType(32))

    return types.uint32(lines, types.uint64, types.uint64), build


@compiled
def later_weeks(m, slot, lines, planes, limit, later, mask):
    """Write the weeks, out of `later`, that a new bound leaves open to each of m who served."""
    for i in range(m):
        s = slot[i]
        for k in range(8):
            planes[k, i] = lines[s, 7 - k]
    compare(m, planes, limit, later, mask)
