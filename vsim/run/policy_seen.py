"""What is seen of a mix of policies under some lucks, beside the base under the same: costs, values, records, truth."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError
from vsim.run.policy_space import Mix

Float = NDArray[np.float64]
Luck = tuple[int, int]        # seed and replicate


@dataclass(frozen=True)
class Seen:
    """One mix under some lucks; every array has one number for each.

    Attributes
    ----------
    cost : ndarray of float, shape (lucks,)
        Yuan beyond the base.
    value : ndarray of float, shape (lucks,)
        Gain of the target beyond the base; more is better.
    recorded, true : ndarray of float, shape (2, lucks)
        The target (or what comes nearest) as the register tells it and as it is, in the base and under the mix.
    watched : mapping of str to (ndarray of float of shape (2, lucks), unit)
        Other indicators, in the base and under the mix.
    """

    cost: Float
    value: Float
    recorded: Float
    true: Float
    watched: Mapping[str, tuple[Float, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.cost).all() and np.isfinite(self.value).all() and self.value.size):
            raise DataError("search: a mix has no cost or no value; is the window too short for the target?")

    @property
    def mean_cost(self) -> float:
        """Mean cost over lucks."""
        return float(self.cost.mean())

    @property
    def mean_value(self) -> float:
        """Mean gain over lucks."""
        return float(self.value.mean())

    def within(self, budget: float) -> bool:
        """Return whether the mean cost keeps a budget, to the fen."""
        return round(self.mean_cost, 2) <= round(budget, 2)


Look = Callable[[Hashable, Sequence[Luck]], Seen]      # a mix, or a member of a family, under some lucks
Family = Callable[[float], Hashable]                   # policies that grow with a number from 0 to 1


class Looking:
    """Looks at mixes and keeps what was seen, so that none is run twice under the same lucks."""

    def __init__(self, look: Look, progress: Callable[[int], None] | None = None) -> None:
        self._look = look
        self._seen: dict[tuple[Hashable, tuple[Luck, ...]], Seen] = {}
        self._progress = progress

    def __call__(self, what: Hashable, lucks: Sequence[Luck]) -> Seen:
        """Return what is seen of a mix."""
        key = (what, tuple(lucks))
        if key not in self._seen:
            self._seen[key] = self._look(what, lucks)
            if self._progress is not None:
                self._progress(len(self._seen))
        return self._seen[key]

    def tried(self, lucks: Sequence[Luck]) -> dict[Hashable, Seen]:
        """Return all that was seen under these lucks, in the order of looking."""
        wanted = tuple(lucks)
        return {what: seen for (what, some), seen in self._seen.items() if some == wanted}


def affordable(look: Look, family: Family, budget: float, lucks: Sequence[Luck], steps: int = 5) -> Hashable | None:
    """Return the largest member of a family that keeps a budget, by halving; None when even the smallest does not."""
    if look(family(1.0), lucks).within(budget):
        return family(1.0)
    if not look(family(0.0), lucks).within(budget):
        return None
    low, high = 0.0, 1.0
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if look(family(middle), lucks).within(budget) else (low, middle)
    return family(low)


NOTHING: Mix = ()
