"""Matching: seats go by keyed priority; each person tries the preferred tasks until enough are found.

A task is a pool of equal seats. A person tries a few more than wanted, and never takes two in the same slot.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vsim.world.tasks import Tasks

Int = NDArray[np.int64]


def queue(priority: NDArray[np.uint32], willing: Int) -> Int:
    """Return the willing in the order of their keyed priority, ties by position."""
    order = np.argsort(priority.astype(np.int64) << 31 | np.arange(willing.size), kind="stable")
    return willing[order]


def place(
    ordered: Int, want: Callable[[int], int], prefer: Callable[[int], list[int]], tasks: Tasks, further: int
) -> tuple[list[tuple[int, int]], Int]:
    """Return placements (person, task) in the order in which they were made, and the seats left.

    Parameters
    ----------
    ordered : ndarray
        The willing, first served first.
    want : callable
        How many tasks a person wants.
    prefer : callable
        The tasks that a person may take, best first.
    tasks : Tasks
    further : int
        Tasks tried beyond the number wanted.
    """
    left = tasks.seats.copy()
    placements: list[tuple[int, int]] = []
    for person in ordered.tolist():
        number = want(person)
        taken, busy = 0, set()
        for task in prefer(person)[: number + further]:
            slot = int(tasks.slot[task])
            if left[task] > 0 and slot not in busy:
                left[task] -= 1
                busy.add(slot)
                placements.append((person, task))
                taken += 1
                if taken == number:
                    break
    return placements, left
