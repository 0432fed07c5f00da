"""What every kind of trial answers: the control's rate at a setting of the knob, and the effect of a coefficient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vsim.run.settle import Settled
from vsim.run.trials.bench import Bench
from vsim.run.trials.measures import effect_of
from vsim.world.city import Unit

Float = NDArray[np.float64]
TASTE = "taste"


@dataclass
class Trial:
    """A trial on a bench; `x` is the coefficient, `knob` what the base rate is met by."""

    bench: Bench
    base_moves: ClassVar[bool] = False        # whether the coefficient moves the control arm too

    def cards(self, x: float | None, knob: float) -> dict[str, float]:
        """Return the cards of an arm: the coefficient where one is given, and the knob where it is a card."""
        row = self.bench.row
        told = {row.card: x} if row.card and x is not None else {}
        return {**told, **({} if row.knob == TASTE else {row.knob: knob})}

    def unit(self, knob: float, cards: Mapping[str, float] | None = None) -> Unit:
        """Return the people and places; only cards that make people need be given."""
        return self.bench.unit(cards or {}, knob if self.bench.row.knob == TASTE else 0.0)

    def plain(self, knob: float, x: float | None = None) -> Settled:
        """Return the control arm."""
        return self.bench.arm(self.cards(x, knob))

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the rate of one arm, shape (replicates,): treated at a coefficient, control where it is None."""
        raise NotImplementedError

    def base(self, knob: float, x: float) -> float:
        """Return the control's rate, mean over replicates."""
        return float(self.rates(None, knob).mean())

    def effects(self, x: float, knob: float) -> Float:
        """Return the effect of a coefficient in the published unit, one for each replicate."""
        return effect_of(self.bench.row.unit, self.rates(None, knob), self.rates(x, knob))

    @property
    def replicates(self) -> range:
        """The lucks of the trial."""
        return range(self.bench.row.replicates)
