"""A trial of distance: everything takes place at one spot, and people live near it or far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vsim.run.settle import Settled
from vsim.run.trials.kinds import Trial
from vsim.run.trials.measures import logit_slope
from vsim.world.city import Unit
from vsim.world.places import distance

Float = NDArray[np.float64]
KM = 100                      # places are in 10 m


@dataclass
class OneSpot(Trial):
    """The spot is the middle of the first quarter; who came in the one week."""

    base_moves: ClassVar[bool] = True

    def _arm(self, x: float, knob: float, unit: Unit) -> Settled:
        arm = self.plain(knob, x)
        sites, middle = arm.sites[0], middle_of_quarter(unit)
        spot = {"x": np.full_like(sites.x, middle), "y": np.full_like(sites.y, middle),
                "quarter": np.zeros_like(sites.quarter)}
        return replace(arm, sites=(sites._replace(**spot), *arm.sites[1:]))

    def _came(self, x: float, knob: float) -> list[NDArray[np.bool_]]:
        unit = self.unit(knob)
        arm = self._arm(x, knob, unit)
        return [self.bench.run(unit, arm, r).state.last == 0 for r in self.replicates]

    def base(self, knob: float, x: float) -> float:
        """Return the share that came, near and far together."""
        return float(np.mean([came.mean() for came in self._came(x, knob)]))

    def effects(self, x: float, knob: float) -> Float:
        """Return the slope of the logit of coming on distance, shape (replicates,)."""
        unit = self.unit(knob)
        people, middle = unit.people, np.full(unit.people.ids.size, middle_of_quarter(unit), dtype=np.int64)
        away = distance(people.x.astype(np.int64), people.y.astype(np.int64), middle, middle) / KM
        return np.array([logit_slope(came, np.asarray(away, dtype=np.float64)) for came in self._came(x, knob)])


def middle_of_quarter(unit: Unit) -> int:
    """Return both coordinates of the middle of the first quarter of a district, 10 m."""
    return unit.district.side // 4
