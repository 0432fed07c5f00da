"""A trial of required service: a school year with so many hours to do, then years in which nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vsim.exact import units
from vsim.run.trials.kinds import Trial
from vsim.world.metrics import YEAR, M

Int = NDArray[np.int64]
Float = NDArray[np.float64]
QUARTERS = 4                  # of an hour
ROOM = 64 << 10               # organisations can run many times what they usually can, so that a cohort finds seats


@dataclass
class Mandate(Trial):
    """Everybody is a pupil; the treated cohort has `hours` to do in the first year."""

    _control: dict[float, Float] = field(default_factory=dict)

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the share that serves of its own motive in the last 52 weeks, shape (replicates,)."""
        if x is None and knob in self._control:
            return self._control[knob]
        row = self.bench.row
        school = np.arange(row.weeks) < YEAR
        seats: dict[str, Int | int] = {"capacity": ROOM}
        asked: dict[str, Int | int] = {
            "duty": np.where(school, QUARTERS * row.arm["hours"], 0),
            "duty_logit": np.where(school, units(row.arm["pull"]), 0),
        }
        arm, unit = self.bench.arm(self.cards(x, knob), seats if x is None else seats | asked), self.unit(knob)
        out = []
        for r in self.replicates:
            people = self.bench.run(unit, arm, r).counts.people.sum(axis=1)
            out.append(float(people[-YEAR:, M.SERVED_YEAR].sum() / people[-1, M.REGISTERED]))
        if x is None:
            self._control[knob] = np.array(out)
        return np.array(out)
