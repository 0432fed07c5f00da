"""Exact integer arithmetic, compiled: the twin of `vsim.exact`."""

from __future__ import annotations

import numpy as np


def clipped(value, low, high):
    """Return a value kept within [low, high]."""
    return min(max(value, low), high)


def largest(values):
    """Return the largest of a row of whole numbers, shape (n,)."""
    best = values[0]
    for value in values:
        best = max(best, value)
    return best


def sort_keys(keys, count, boxed, starts):
    """Sort the first `count` keys, a uniform 32-bit priority above 31 bits of position; `boxed` is as long as they are.

    They are laid into as many boxes as `starts` has places, by their leading bits, and then nearly are in order.
    """
    move = np.int64(63)
    boxes = starts.size - 1
    while boxes > 1:
        boxes >>= 1
        move -= 1
    starts[:] = 0
    for k in range(count):
        starts[(keys[k] >> move) + 1] += 1
    for box in range(1, starts.size):
        starts[box] += starts[box - 1]
    for k in range(count):
        box = keys[k] >> move
        boxed[starts[box]] = keys[k]
        starts[box] += 1
    for k in range(count):
        key = boxed[k]
        at = k
        while at > 0 and keys[at - 1] > key:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = key


def exp32(tables, logs):
    """Return 2**32 * exp(x) of a logarithm in 1/1024."""
    return tables.exponential[clipped(logs + 16384, 0, tables.exponential.size - 1)]


def logistic32(tables, logit):
    """Return the 32-bit threshold of a logit in 1/1024."""
    return tables.logistic[clipped(logit + 12288, 0, tables.logistic.size - 1)]


def hazard32(tables, logs):
    """Return the 32-bit threshold of a complementary log-log hazard in 1/1024."""
    return tables.hazard[clipped(logs + 16384, 0, tables.hazard.size - 1)]


def logistic_most(tables, logit):
    """Return a bound on the 32-bit threshold of a logit in 1/1024, from a table that stays near the processor."""
    return tables.logistic_most[clipped(logit + 12288, 0, tables.logistic.size - 1) >> 4]


def hazard_most(tables, logs):
    """Return a bound on the 32-bit threshold of a hazard in 1/1024, from a table that stays near the processor."""
    return tables.hazard_most[clipped(logs + 16384, 0, tables.hazard.size - 1) >> 4]


def log_of(tables, value):
    """Return 1024 * ln(value) of a positive integer."""
    exponent = np.int64(0)
    rest = value
    while rest > 1:
        rest >>= 1
        exponent += 1
    mantissa = ((value << 12) >> exponent) - 4096 if exponent <= 50 else (value >> (exponent - 12)) - 4096
    return exponent * 709 + (exponent * 802 >> 10) + tables.logarithm[mantissa]


def apart(x, y, to_x, to_y):
    """Return walking distance on a street grid, in 10 m."""
    return abs(np.int64(x) - np.int64(to_x)) + abs(np.int64(y) - np.int64(to_y))


def either(one, other):
    """Return the chance that one or the other happens, 16 bit."""
    return 65536 - (((65536 - one) * (65536 - other)) >> 16)
