"""What makes a world asks of a drawer: the plain `vsim.rng.draw`, or its compiled twin, which gives the same words."""

from __future__ import annotations

from typing import Protocol

from numpy.typing import ArrayLike

from vsim.rng import Stream, Words


class Draw(Protocol):
    """A drawer of keyed words: see `vsim.rng.draw`."""

    def __call__(
        self, key: tuple[int, int], stream: Stream, entity: ArrayLike, week: ArrayLike = 0, item: ArrayLike = 0, /
    ) -> tuple[Words, Words, Words, Words]:
        """Return four 32-bit words for each entity, week and item."""
        ...
