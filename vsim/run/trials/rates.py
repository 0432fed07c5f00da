"""Trials of a rate: who takes part in one episode, or in a year, with a treatment and without.

The treatment is a reward (the lever of points), a shock to willingness, the pledge, a weekly ask, or a card that makes
people what they are. In an episode everybody has heard of one opportunity and the decision is counted; over a year the
whole week runs and people are counted who served at least once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.exact import ONE32, share16, units
from vsim.levers import BY_NAME, Span
from vsim.run.trials.bench import START, by_week
from vsim.run.trials.kinds import Trial
from vsim.spec.lever_files import load_levers
from vsim.world.metrics import YEAR, M

Int = NDArray[np.int64]
Float = NDArray[np.float64]
NO_NEED = -(40 << 10)         # log demand at which nothing arises


@dataclass
class Rates(Trial):
    """A rate of the last week (`outcome: willing`) or of the last 52 weeks (`outcome: served_year`)."""

    _control: dict[float, Float] = field(default_factory=dict)

    def rates(self, x: float | None, knob: float) -> Float:
        """Return the rate of one arm, shape (replicates,)."""
        if x is None and knob in self._control:
            return self._control[knob]
        arm = self.bench.arm(self.cards(x, knob), {**self._idle(), **({} if x is None else self._treatment(x))})
        makes = self.bench.row.arm.get("makes_people")
        unit = self.unit(knob, {self.bench.row.card: x} if makes and x is not None else None)
        out = np.array([self._rate(self.bench.run(unit, arm, r).counts.people) for r in self.replicates])
        if x is None:
            self._control[knob] = out
        return out

    def _rate(self, counts: Int) -> float:
        who = slice(1, None, 2) if self.bench.row.arm.get("who") == "women" else slice(None)
        cells = counts[:, who].sum(axis=1)
        residents = cells[-1, M.REGISTERED]
        yearly = self.bench.row.arm.get("outcome") == "served_year"
        took = cells[-YEAR:, M.SERVED_YEAR].sum() if yearly else cells[-1, M.WILLING]
        return float(took / residents)

    def _idle(self) -> dict[str, Int | int]:
        """Return weeks without any opportunity before the one episode."""
        weeks = self.bench.row.weeks
        if self.bench.row.arm.get("outcome") != "willing" or weeks == 1:
            return {}
        return {"demand": np.where(np.arange(weeks) < weeks - 1, NO_NEED, 0)}

    def _treatment(self, x: float) -> Mapping[str, Int | int]:
        dose = self.bench.row.arm
        kind = dose.get("treatment")
        if kind == "points":
            values = {card.name: card.default for card in load_levers()["points"].cards.values()}
            values |= {"per_hour": 1.0, "visibility": 0.0}
            values["yuan_per_point"] = dose["yuan"] / self.bench.values({})["service.hours_mean"]
            weeks = self.bench.row.weeks
            edits = BY_NAME["points"].edits(values, self.bench.values(self.cards(x, 0.0)), Span(START, weeks, weeks))
            return by_week(edits, weeks)
        if kind == "shock":
            return {"base": units(x)}
        if kind == "ask":
            return {"heard": share16(x)}
        if kind == "pledge":
            return {"oath": ONE32}
        if kind == "people":
            return {}
        raise UsageError(f"experiment {self.bench.row.id}: treatment is '{kind}'; allowed points, shock, ask, pledge, "
                         "people.")

