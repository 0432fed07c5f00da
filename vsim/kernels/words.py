"""Many keyed draws at once, compiled: the twin of `vsim.rng.draw` for residents that follow one another."""

from __future__ import annotations

import numpy as np

from vsim.rng import MULTIPLIERS, ROUNDS, WEYL

M0, M1 = MULTIPLIERS
W0, W1 = WEYL
WORDS = 4                     # of one draw
SOME = 512                    # draws at a time


def fill_words(k0, k1, stream, item, first, count, out):
    """Write the four words of one draw of the entities `first` to `first` + `count` - 1 into `out`, shape (4, 512).

    Streams and items are given as int64, since numba would compile a literal number by itself.
    The ten rounds stand inside the loop over entities, so that the compiler unrolls them and takes several entities at
    a time: a call of another function would prevent it.
    """
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    out0, out1, out2, out3 = out[0], out[1], out[2], out[3]
    for j in range(count):
        a = np.uint64(first + j) & mask
        b, c, d = np.uint64(item), np.uint64(0), np.uint64(stream)
        x, y = np.uint64(k0), np.uint64(k1)
        for _ in range(ROUNDS):
            p = a * np.uint64(M0)
            q = c * np.uint64(M1)
            a, b, c, d = (q >> shift) ^ b ^ x, q & mask, (p >> shift) ^ d ^ y, p & mask
            x = (x + np.uint64(W0)) & mask
            y = (y + np.uint64(W1)) & mask
        out0[j] = np.uint32(a)
        out1[j] = np.uint32(b)
        out2[j] = np.uint32(c)
        out3[j] = np.uint32(d)


def draw_words(k0, k1, stream, entities, weeks, items, out):
    """Write the four words of one draw for each entity, week and item into `out`, shape (4, n).

    `entities`, `weeks` and `items` hold n numbers each, or one that stands for all.
    """
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    n = out.shape[1]
    if n == 0:
        return
    who = np.empty(SOME, dtype=np.uint64)
    which = np.empty(SOME, dtype=np.uint64)
    when = np.empty(SOME, dtype=np.uint64)
    for start in range(0, n, SOME):
        count = min(SOME, n - start)
        spread(entities, start, count, who)
        spread(items, start, count, which)
        spread(weeks, start, count, when)
        end = start + count
        out0, out1, out2, out3 = out[0, start:end], out[1, start:end], out[2, start:end], out[3, start:end]
        for j in range(count):
            a, b, c, d = who[j], which[j], when[j], np.uint64(stream)
            x, y = np.uint64(k0), np.uint64(k1)
            for _ in range(ROUNDS):
                p = a * np.uint64(M0)
                q = c * np.uint64(M1)
                a, b, c, d = (q >> shift) ^ b ^ x, q & mask, (p >> shift) ^ d ^ y, p & mask
                x = (x + np.uint64(W0)) & mask
                y = (y + np.uint64(W1)) & mask
            out0[j] = np.uint32(a)
            out1[j] = np.uint32(b)
            out2[j] = np.uint32(c)
            out3[j] = np.uint32(d)


def spread(numbers, start, count, part):
    """Write the numbers from `start` on, or the one that stands for all, as unsigned words of 32 bits."""
    mask = np.uint64(0xFFFFFFFF)
    if numbers.size == 1:
        for j in range(count):
            part[j] = np.uint64(numbers[0]) & mask
    else:
        few = numbers[start : start + count]
        for j in range(count):
            part[j] = np.uint64(few[j]) & mask
