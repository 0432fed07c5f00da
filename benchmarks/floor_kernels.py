"""Loops that measure the machine: memory in a triad, and random numbers with nothing around them."""

from __future__ import annotations

import numpy as np
from numba import njit

from benchmarks.reduced_stages import MASK, NONE, philox


@njit(nogil=True)
def triad(a, b, c, scale):
    """a = b + scale * c."""
    for i in range(a.size):
        a[i] = b[i] + scale * c[i]


@njit(nogil=True)
def random_words(first, out, k0, k1):
    """Write one word that depends on all four words of each call: one call an element, vectorised."""
    for j in range(out.size):
        a, b, c, d = philox(np.uint64(first + j), NONE, NONE, np.uint64(12), k0, k1)
        out[j] = np.uint32((a ^ b ^ c ^ d) & MASK)
