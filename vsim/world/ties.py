"""Ties: whom a resident knows, six people each, mutual, inside the district.

Four ties are to the next two neighbours either way on the ring of homes: the household and the houses beside it. One
is the partner in a keyed pairing inside the same year of school or the same employer (those with neither are paired
among themselves), one in a pairing of those who prefer the same field of service. A ring with a few long ties is a
small world (Watts and Strogatz 1998); neighbours, schoolmates and colleagues are alike, so the ties are as well. Being
mutual, a change in one person is pushed to the six it touches instead of being looked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.rng import Stream, draw
from vsim.world.people import STUDENT, People

RING = (-2, -1, 1, 2)
LONG = 2                      # layer 0 school or workplace, layer 1 interest
DEGREE = len(RING) + LONG
SCHOOL = 1 << 20              # years of school are counted from here, above the employers
NOBODY = 0                    # neither school nor employer
Int = NDArray[np.int64]


def pairing(
    key: tuple[int, int], ids: NDArray[np.uint32], layer: int, classes: Int | None = None
) -> NDArray[np.int32]:
    """Return each resident's partner in a keyed pairing inside classes, shape (n,): partner[partner[i]] == i.

    The odd ones of the classes are paired among themselves. With an odd number of residents one is left and is
    paired with itself, which stands for no tie.
    """
    word = draw(key, Stream.TIES, ids, 0, layer)[0].astype(np.int64)
    group = np.zeros(ids.size, dtype=np.int64) if classes is None else classes
    order = np.lexsort((np.arange(ids.size), word, group))
    partner = np.arange(ids.size, dtype=np.int32)
    sorted_group = group[order]
    begins = np.flatnonzero(np.diff(sorted_group, prepend=-1) != 0)
    sizes = np.diff(np.append(begins, ids.size))
    inside = np.arange(ids.size) - np.repeat(begins, sizes)
    odd = np.repeat(sizes % 2 == 1, sizes) & (inside == np.repeat(sizes, sizes) - 1)
    for line in (order[~odd], order[odd]):
        even = line.size // 2 * 2
        first, second = line[0:even:2], line[1:even:2]
        partner[first], partner[second] = second, first
    return partner


def meeting_places(people: People) -> Int:
    """Return where each resident meets others by day, shape (n,): a year of school, an employer, or NOBODY.

    Pupils meet the year of their community, students of 18 and over the year of the district.
    """
    age = people.age.astype(np.int64)
    pupil = age < 18
    year = SCHOOL + age + np.where(pupil, (people.community.astype(np.int64) + 1) << 8, 0)
    return np.where((people.traits & STUDENT) > 0, year, people.employer.astype(np.int64))


def ties_of(key: tuple[int, int], people: People) -> NDArray[np.int32]:
    """Return the contacts of each resident as positions in the district, shape (n, 6); a self-tie means none."""
    n = people.ids.size
    here = np.arange(n)
    classes = (meeting_places(people), people.field.astype(np.int64))
    columns: list[NDArray[Any]] = [(here + step) % n for step in RING]
    columns += [pairing(key, people.ids, layer, classes[layer]) for layer in range(LONG)]
    return np.stack(columns, axis=1).astype(np.int32)
