"""Many keyed draws at once, compiled: the twin of `vsim.rng.draw` for residents that follow one another."""

from __future__ import annotations

import numpy as np

from vsim.rng import MULTIPLIERS, ROUNDS, WEYL

M0, M1 = MULTIPLIERS
W0, W1 = WEYL
WORDS = 4                     # of one draw


def fill_words(k0, k1, stream, week, item, first, count, out):
    """Write the four words of one draw of the entities `first` to `first` + `count` - 1 into `out`, shape (4, 512).

    The ten rounds stand inside the loop over entities, so that the compiler unrolls them and takes several entities at
    a time: a call of another function would prevent it.
    """
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    out0, out1, out2, out3 = out[0], out[1], out[2], out[3]
    for j in range(count):
        a = np.uint64(first + j) & mask
        b, c, d = np.uint64(item), np.uint64(week), np.uint64(stream)
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
    one, two, three = min(entities.size - 1, 1), min(weeks.size - 1, 1), min(items.size - 1, 1)      # 0: for all
    for j in range(out.shape[1]):
        a = np.uint64(entities[j * one]) & mask
        b = np.uint64(items[j * three]) & mask
        c, d = np.uint64(weeks[j * two]) & mask, np.uint64(stream)
        x, y = np.uint64(k0), np.uint64(k1)
        for _ in range(ROUNDS):
            p = a * np.uint64(M0)
            q = c * np.uint64(M1)
            a, b, c, d = (q >> shift) ^ b ^ x, q & mask, (p >> shift) ^ d ^ y, p & mask
            x = (x + np.uint64(W0)) & mask
            y = (y + np.uint64(W1)) & mask
        out[0, j] = np.uint32(a)
        out[1, j] = np.uint32(b)
        out[2, j] = np.uint32(c)
        out[3, j] = np.uint32(d)
