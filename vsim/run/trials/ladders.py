"""Trials of a threshold: a card of so many stamps, as a ladder of stars with one step.

Two things are asked of the same trial: by how much the last gap is shorter than the first, beyond what the twin without
a ladder shows; and which share of those who fill the card went another way than their own twin before it was full.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vsim.exact import units
from vsim.run.trials.bench import came
from vsim.run.trials.kinds import Trial
from vsim.run.trials.measures import shortening
from vsim.world.settings import NO_LADDER

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]
QUARTERS = 4                  # of an hour


@dataclass
class Stamps(Trial):
    """A card of `stamps`; every attendance is one stamp of the mean hours."""

    _seen: dict[tuple[float | None, float, int], Bool] = field(default_factory=dict)

    def paths(self, x: float | None, knob: float, replicate: int) -> Bool:
        """Return who served in which week, shape (n, weeks)."""
        if (x, knob, replicate) not in self._seen:
            cards = self.cards(x, knob)
            v, stamps = self.bench.values(cards), self.bench.row.arm["stamps"]
            step = round(QUARTERS * v["service.hours_mean"]) * stamps
            ladder = (step, *NO_LADDER[1:5], units(v["stars.goal"]), 0, 0)
            arm = self.bench.arm(cards, ladder=None if x is None else ladder)
            unit = self.unit(knob, cards if self.bench.row.arm.get("makes_people") and x is not None else None)
            if x is not None:
                self._seen = {key: seen for key, seen in self._seen.items() if key[0] in (None, x)}
            self._seen[x, knob, replicate] = came(self.bench.run(unit, arm, replicate), self.bench.row.weeks)
        return self._seen[x, knob, replicate]

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the share that serves in a week of the first quarter of the run, shape (replicates,)."""
        quarter = self.bench.row.weeks // 4
        return np.array([self.paths(x, knob, r)[:, :quarter].mean() for r in self.replicates])

    def effects(self, x: float, knob: float) -> Float:
        """Return the shortening beyond that of the twin, or the share of achievers that was steered."""
        gaps = self.bench.row.arm["stamps"] - 1
        out = []
        for r in self.replicates:
            twin, path = self.paths(None, knob, r), self.paths(x, knob, r)
            if self.bench.row.unit == "share":
                out.append(steered(twin, path, gaps + 1))
            else:
                out.append(shortening(path, gaps) - shortening(twin, gaps))
        return np.array(out)


def steered(twin: Bool, path: Bool, stamps: int) -> float:
    """Return the share of those who fill the card whose weeks up to then differ from those of their own twin."""
    count = path.cumsum(axis=1)
    filled = count[:, -1] >= stamps
    if not filled.any():
        return float("nan")
    until = np.argmax(count[filled] >= stamps, axis=1)
    weeks = np.arange(path.shape[1])
    other = (twin[filled] != path[filled]) & (weeks[None, :] <= until[:, None])
    return float(other.any(axis=1).mean())
