"""Matching: seats go by keyed priority; each person tries the preferred tasks until enough are found.

A task is a pool of equal seats. A person tries a few more than wanted, and never takes two in the same slot. Where
stations pass people on, who found nothing is shown a second menu and tries all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.world.tasks import MENU, Tasks

Int = NDArray[np.int64]


class Placed(NamedTuple):
    """Placements (person, task) in the order in which they were made: first those of the first menu.

    `left` are the seats left, shape (k,); `direct` counts the placements of the first menu, `helped` the persons placed
    by the second.
    """

    placements: list[tuple[int, int]]
    left: Int
    direct: int
    helped: int


def queue(priority: NDArray[np.uint32], willing: Int) -> Int:
    """Return the willing in the order of their keyed priority, ties by position."""
    order = np.argsort(priority.astype(np.int64) << 31 | np.arange(willing.size), kind="stable")
    return willing[order]


def place(
    ordered: Int, want: Callable[[int], int], prefer: Callable[[int, Int, int], list[int]], tasks: Tasks, further: int,
    second: bool = False,
) -> Placed:
    """Seat the willing: who found nothing may be shown a second menu.

    Parameters
    ----------
    ordered : ndarray
        The willing, first served first.
    want : callable
        How many tasks a person wants.
    prefer : callable
        The tasks that a person may take, best first, given the seats left and the page of the menu (0 or 1).
    tasks : Tasks
    further : int
        Tasks tried beyond the number wanted.
    second : bool
        Show those who found nothing a second menu.

    Returns
    -------
    Placed
    """
    left = tasks.seats.copy()
    placements: list[tuple[int, int]] = []

    def attempt(person: int, page: int, tries: int) -> int:
        taken, busy, number = 0, set(), want(person)
        for task in prefer(person, left, page)[: number + tries]:
            slot = int(tasks.slot[task])
            if left[task] > 0 and slot not in busy:
                left[task] -= 1
                busy.add(slot)
                placements.append((person, task))
                taken += 1
                if taken == number:
                    break
        return taken

    empty = [person for person in ordered.tolist() if attempt(person, 0, further) == 0]
    direct = len(placements)
    helped = sum(attempt(person, 1, MENU) > 0 for person in empty) if second else 0
    return Placed(placements, left, direct, helped)
