"""Trials of recognition and training: people who served are honoured or trained, then followed person by person.

Both arms share the weeks before the award, so the same persons are looked at in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.exact import ONE32
from vsim.run.district import Progress
from vsim.run.trials.kinds import Trial
from vsim.world.state import VOLUNTEER, State

Int = NDArray[np.int64]
Float = NDArray[np.float64]
SEATS = 1 << 40               # more than anybody asks for


@dataclass
class Newcomers(Trial):
    """Those who served in the first week are honoured; who of them serves again before the end."""

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the share that comes back, shape (replicates,)."""
        edits: dict[str, Int | int] = {} if x is None else {"honour": first_week(self.bench.row.weeks), "honour_new": 1}
        arm, unit = self.bench.arm(self.cards(x, knob), edits), self.unit(knob)
        return np.array([self._again(self.bench.run(unit, arm, r, 1), self.bench.run(unit, arm, r).state)
                         for r in self.replicates])

    @staticmethod
    def _again(first: Progress, end: State) -> float:
        there = first.state.last == 0
        return float((end.last[there] > 0).mean())


@dataclass
class Stay(Trial):
    """Those who served in the first week are honoured or trained; who of them is still a volunteer at the end."""

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the share that stays, shape (replicates,)."""
        now = first_week(self.bench.row.weeks)
        treated: dict[str, Int | int] = {"honour": now}
        if self.bench.row.arm.get("treatment") == "course":
            treated = {"uptake": now, "seats": SEATS, "passed": 1 << 16}
        arm, unit = self.bench.arm(self.cards(x, knob), {} if x is None else treated), self.unit(knob)
        out = []
        for r in self.replicates:
            first = self.bench.run(unit, arm, r, 1)
            end = self.bench.run(unit, arm, r, start=first)
            out.append(float((end.state.status[first.state.last == 0] == VOLUNTEER).mean()))
        return np.array(out)


@dataclass
class Veterans(Trial):
    """The top hundredth by hours of the first weeks is honoured; their hours afterwards, for one of them."""

    def rates(self, x: float | None, knob: float) -> Float:
        """Return quarter hours of one of the top hundredth, shape (replicates,)."""
        dose = self.bench.row.arm
        arm, unit = self.bench.arm(self.cards(x, knob)), self.unit(knob)
        out = []
        for r in self.replicates:
            before = self.bench.run(unit, arm, r, dose["before"])
            hours = before.state.served.astype(np.int64)
            top = np.argsort(-hours, kind="stable")[: round(dose["share"] * hours.size)]
            if x is not None:
                before.state.honoured[top] = dose["before"] - 1
            end = self.bench.run(unit, arm, r, start=before)
            out.append(float((end.state.served.astype(np.int64) - hours)[top].mean()))
        return np.array(out)


def first_week(weeks: int) -> Int:
    """Return a certain chance in the first week and none later, 32 bit, shape (weeks,)."""
    return np.where(np.arange(weeks) == 0, ONE32, 0).astype(np.int64)
