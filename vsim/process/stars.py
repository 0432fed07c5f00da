"""Stars: granted when verified hours reach a threshold of the ladder in force; never taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.world.state import State

Int = NDArray[np.int64]
STARS = 5


def grant(state: State, ladders: Int, reach: NDArray[np.uint8], week: int) -> tuple[Int, Int]:
    """Grant stars by verified quarter hours; return who rose (ascending) and by how many stars, shapes (k,).

    `ladders` holds the row in force for each class of persons, shape (classes, 8), `reach` the class of each person.
    """
    verified = state.verified.astype(np.int64)
    reached = (verified[:, None] >= ladders[reach, :STARS]).sum(axis=1)
    rise = np.maximum(reached - state.star.astype(np.int64), 0)
    risen = np.flatnonzero(rise)
    state.star[risen] += rise[risen].astype(np.uint8)
    state.star_week[risen] = week
    return risen, rise[risen]
