"""Validate: does a preset look like what it stands for? Simulated moments beside targets, with Monte Carlo error.

Every target says its preset, its view, its window and the moment that computes it (`vsim.run.moments`). A miss is told
in units of half the width of the target's range: 0 inside, 1 where the value lies half a range beyond the nearer end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vsim.evaluate.intervals import t_quantile
from vsim.run.making import make_city
from vsim.run.moments import moments
from vsim.run.run import simulate
from vsim.spec.scenario import Scenario, load_scenario, scenario_names
from vsim.spec.targets import Target, load_targets, target, targets_for

LEVEL = 0.95
CORE = ("B4", "B5", "B6", "C7", "C8", "C9", "D1", "D2", "E1", "E2a", "E2b", "E2c", "A1")
NO_TARGET = ("campus",)       # presets that stand for something of which no figure was found; they show BORROWED,
BORROWED = ("A1", "B4", "B5", "B6", "B8", "B9", "D13")        # the moments of these targets without their figures


@dataclass(frozen=True, slots=True)
class Check:
    """One target beside its simulated value."""

    target: Target
    value: float
    se: float                 # Monte Carlo standard error of the mean over replicates
    low: float
    high: float
    replicates: int

    @property
    def holds(self) -> bool:
        """Whether the simulated mean lies in the range of the target."""
        return self.target.holds(self.value)

    @property
    def ranged(self) -> bool:
        """Whether the target has a range to lie in."""
        return self.target.low is not None and self.target.high is not None

    @property
    def place(self) -> float:
        """Where the simulated mean lies in the range: -1 at its low end, 1 at its high end; NaN without a range."""
        return self.scaled(self.value)

    @property
    def miss(self) -> float:
        """How far outside the range the simulated mean lies, in halves of its width; 0 inside, NaN without a range."""
        return 0.0 if self.holds else abs(self.place) - 1 if math.isfinite(self.place) else float("nan")

    def scaled(self, value: float) -> float:
        """Return a value on the scale of `place`."""
        low, high = self.target.low, self.target.high
        if low is None or high is None or high <= low:
            return float("nan")
        return (value - (low + high) / 2) / ((high - low) / 2)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many targets with a range are held, of all that were computed."""

    inside: int
    ranged: int
    core_missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of the computed targets with a range whose simulated mean lies inside."""
        return self.inside / self.ranged if self.ranged else float("nan")


def presets() -> list[str]:
    """Return the presets of the report: those that computed targets belong to, and those without a target."""
    named = [item.preset for item in load_targets().values() if item.indicator]
    return [*dict.fromkeys(named), *(name for name in NO_TARGET if name in scenario_names())]


def targets_of(preset: str) -> list[Target]:
    """Return the targets of a preset that can be computed: fitted ones, then those held out, then those without use.

    For a preset without targets these are moments without a published figure, marked by a star.
    """
    if preset in NO_TARGET:
        bare = {"preset": preset, "value": None, "low": None, "high": None, "text": "", "use": "none"}
        return [replace(target(name), id=f"{name}*", **bare) for name in BORROWED]  # type: ignore[arg-type]
    told = [item for item in targets_for(preset, "none") if item.indicator]
    return [*targets_for(preset, "fit"), *targets_for(preset, "held_out"), *told]


def validate(
    preset: str | Scenario, *, replicates: int = 5, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> list[Check]:
    """Return every target of a preset, fitted ones first, with the simulated value and its Monte Carlo error.

    Parameters
    ----------
    preset : str or Scenario
        A scenario that targets belong to ("cn_registry"), or a variant of one by that name.
    replicates : int
        Independent lucks, two or more for an error.
    """
    scenario = load_scenario(preset) if isinstance(preset, str) else preset
    targets = targets_of(scenario.name)
    if not targets:
        return []
    city = make_city(scenario.world, scenario.warmup_weeks, scenario.values)
    draws = []
    for replicate in range(replicates):
        draws.append(moments(simulate(scenario, seed, replicate=replicate, city=city), targets))
        if progress is not None:
            progress(replicate + 1, replicates)
    table = np.array(draws)
    checks = []
    for k, item in enumerate(targets):
        mean = float(table[:, k].mean())
        se = float(table[:, k].std(ddof=1) / np.sqrt(replicates)) if replicates > 1 else 0.0
        half = t_quantile(LEVEL, replicates - 1) * se if replicates > 1 else 0.0
        checks.append(Check(item, mean, se, mean - half, mean + half, replicates))
    return checks


def summary(checks: Iterable[Check], core: Sequence[str] = CORE) -> Summary:
    """Return how many of the targets with a range are held, and which core targets are not (or were not computed)."""
    ranged = [check for check in checks if check.ranged]
    inside = {check.target.id for check in ranged if check.holds}
    return Summary(len(inside), len(ranged), tuple(name for name in core if name not in inside))
