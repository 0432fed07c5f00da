"""Ties: whom a resident knows, six people each, mutual, inside the district.

Four ties are to the next two neighbours either way on the ring of homes; two are long ties, each the partner in a
keyed pairing of the whole district (school, work). A ring with a few long ties is a small world (Watts and
Strogatz 1998). Being mutual, a change in one person is pushed to the six it touches instead of being looked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw

RING = (-2, -1, 1, 2)
LONG = 2
DEGREE = len(RING) + LONG


def pairing(key: tuple[int, int], ids: NDArray[np.uint32], layer: int) -> NDArray[np.int32]:
    """Return each resident's partner in a keyed pairing, shape (n,): partner[partner[i]] == i.

    With an odd number of residents the last in key order is paired with itself, which stands for no tie.
    """
    word = draw(key, Stream.TIES, ids, 0, layer)[0]
    order = np.argsort(word.astype(np.uint64) << np.uint64(32) | np.arange(ids.size, dtype=np.uint64))
    partner = np.arange(ids.size, dtype=np.int32)
    even = ids.size // 2 * 2
    first, second = order[0:even:2], order[1:even:2]
    partner[first], partner[second] = second, first
    return partner


def ties_of(key: tuple[int, int], ids: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Return the contacts of each resident as positions in the district, shape (n, 6); a self-tie means none."""
    n = ids.size
    here = np.arange(n)
    columns = [(here + step) % n for step in RING] + [pairing(key, ids, layer) for layer in range(LONG)]
    return np.stack(columns, axis=1).astype(np.int32)
