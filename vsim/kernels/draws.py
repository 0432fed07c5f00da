"""Keyed draws, compiled: the twin of `vsim.rng`."""

from __future__ import annotations

import numpy as np

from vsim.rng import MULTIPLIERS, ROUNDS, WEYL, Stream

M0, M1 = MULTIPLIERS
W0, W1 = WEYL
# int64, not int: numba compiles a function once more for every int that is written where it is called.
STATUS = np.int64(Stream.STATUS)
STATUS_TAIL = np.int64(Stream.STATUS_TAIL)
TAKE_PART = np.int64(Stream.TAKE_PART)
TAKE_PART_TAIL = np.int64(Stream.TAKE_PART_TAIL)
EXTRA = np.int64(Stream.EXTRA)
CHOICE = np.int64(Stream.CHOICE)
MENU = np.int64(Stream.MENU)
DEMAND = np.int64(Stream.DEMAND)
SHIFT = np.int64(Stream.SHIFT)
SERVICE = np.int64(Stream.SERVICE)
RECORD = np.int64(Stream.RECORD)
TRAINING = np.int64(Stream.TRAINING)
REDEEM = np.int64(Stream.REDEEM)
TASK = np.int64(Stream.TASK)
HONOUR = np.int64(Stream.HONOUR)
CREDIT = np.int64(Stream.CREDIT)
CARE = np.int64(Stream.CARE)
INSURED = np.int64(Stream.INSURED)


def philox(c0, c1, c2, c3, k0, k1):
    """Return the four words of Philox4x32-10 as uint64 (each below 2**32)."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    a, b, c, d = np.uint64(c0) & mask, np.uint64(c1) & mask, np.uint64(c2) & mask, np.uint64(c3) & mask
    x, y = np.uint64(k0), np.uint64(k1)
    for _ in range(ROUNDS):
        p = a * np.uint64(M0)
        q = c * np.uint64(M1)
        a, b, c, d = (q >> shift) ^ b ^ x, q & mask, (p >> shift) ^ d ^ y, p & mask
        x = (x + np.uint64(W0)) & mask
        y = (y + np.uint64(W1)) & mask
    return a, b, c, d


def words(k0, k1, stream, entity, week, item):
    """Return the four words of the draw `stream` of an entity in a week, as int64."""
    a, b, c, d = philox(np.uint64(entity), np.uint64(item), np.uint64(week), np.uint64(stream), k0, k1)
    return np.int64(a), np.int64(b), np.int64(c), np.int64(d)


def lead_of(k0, k1, stream, entity, week):
    """Return the leading byte of the weekly uniform of one entity."""
    block = np.int64(week // 64)
    offset = np.int64(week % 64)
    move = np.uint64(offset % 32)
    value = np.uint64(0)
    for call in range(4):
        a, b, c, d = philox(np.uint64(entity), np.uint64(call), np.uint64(block), np.uint64(stream), k0, k1)
        upper, lower = (a, c) if offset < 32 else (b, d)
        value = (value << np.uint64(2)) | (((upper >> move) & np.uint64(1)) << np.uint64(1))
        value |= (lower >> move) & np.uint64(1)
    return np.int64(value)


def below(k0, k1, tail_stream, entity, week, lead, chance):
    """Return whether the weekly uniform lies below a 32-bit threshold; the tail is drawn only when the lead ties."""
    first = np.int64(lead)
    top = chance >> 24
    if first != top:
        return first < top
    tail = words(k0, k1, tail_stream, entity, week, 0)[0]
    return ((first << 24) | (tail >> 8)) < chance
