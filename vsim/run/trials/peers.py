"""A trial of pairs: one of two people gets an impulse in one week; what the other does, over what the one does.

Each resident's whole circle is the other of the pair, as in the source, where nothing is known of further friends. The
impulse moves the own motive of one of them for a single week; services are counted until the echo has died, against
those of pairs in the same town of whom nobody was called. There is one opportunity a week with a place for everybody,
so step 6 of the week is run by itself: who wants to serve does, and asks the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vsim.exact import units
from vsim.rng import Stream, stream_key, weekly_uniform
from vsim.run.settle import Settled
from vsim.run.simulate import takers
from vsim.run.trials.bench import here, mate
from vsim.run.trials.kinds import Trial
from vsim.run.trials.measures import CENT, log_odds
from vsim.world.city import Unit
from vsim.world.state import State, copy_state
from vsim.world.ties import DEGREE
from vsim.world.weekly import at, district_rows

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
PAIR, ONE = 4, 1              # every second pair is called: residents 0 to 3, of whom 0 (and 1) are called


@dataclass
class Pairs(Trial):
    """In every second pair the first, or both, are called."""

    base_moves: ClassVar[bool] = True
    _luck: dict[tuple[int, int], Int] = field(default_factory=dict)

    def base(self, knob: float, x: float) -> float:
        """Return the share that serves in a week under a coefficient, in the weeks before the impulse."""
        arm, unit, before = self.plain(knob, x), self.unit(knob), self.bench.row.arm["before"]
        return float(np.mean([self.weeks(unit, arm, r, before)[:, before // 2 :].mean() for r in self.replicates]))

    def effects(self, x: float, knob: float) -> Float:
        """Return the spill-over, or with both called the total over the direct effect, shape (replicates,)."""
        row = self.bench.row
        arm, unit, week = self.plain(knob, x), self.unit(knob), self.bench.row.arm["before"]
        place = here(unit) % PAIR
        both = row.unit == "multiplier"
        called, fellow, alone = place < ONE + both, place == ONE, place > ONE
        base = row.base or 0.0
        impulse = called * units(float(log_odds(base + row.arm["impulse"] / CENT) - log_odds(base)))
        out = []
        for r in self.replicates:
            plain = self.weeks(unit, arm, r, row.weeks).astype(np.int64)
            more = (self.weeks(unit, arm, r, row.weeks, impulse, week) - plain)[:, week:]
            total = [more[who].sum() / who.sum() - more[alone].sum() / alone.sum() for who in (called, fellow)]
            direct = more[called, 0].mean()
            out.append(float(total[0] / direct if both else total[1] / total[0]))
        return np.array(out)

    def weeks(
        self, unit: Unit, arm: Settled, replicate: int, length: int, impulse: Int | None = None, when: int = -1
    ) -> Bool:
        """Return who serves in which week, shape (n, weeks); `impulse` (1/1024 logit) is felt in the week `when`."""
        state = copy_state(unit.state)
        rows, reach = district_rows(arm.weekly, arm.place(unit)), arm.reach(unit)
        other = mate(unit)
        out = np.zeros((other.size, length), dtype=np.bool_)
        for week in range(length):
            now = at(rows, week)
            before = int(out[:, week - 1].sum()) if week else 0
            if impulse is not None and when <= week <= when + 1:              # comes and goes
                state.shift[:] += (impulse if week == when else -impulse).astype(np.int16)
            out[:, week] = takers(unit, state, arm, now, reach, before, self.luck(unit, replicate, week), week)
            _ask(state, out[:, week], other)
        return out

    def luck(self, unit: Unit, replicate: int, week: int) -> Int:
        """Return the luck of everybody in a week, as the engine draws it, shape (n,)."""
        if (replicate, week) not in self._luck:
            key = stream_key(self.bench.seed, replicate)
            self._luck[replicate, week] = weekly_uniform(key, Stream.TAKE_PART, Stream.TAKE_PART_TAIL,
                                                         unit.people.ids, week)
        return self._luck[replicate, week]


def _ask(state: State, served: Bool, other: NDArray[np.int32]) -> None:
    """Let everybody who served ask the other of the pair, who is all the contacts that the other has."""
    state.asks[:] = DEGREE * (served[other] & (other != np.arange(other.size)))
