"""Match a scenario to targets of one's own: what the parameters may be, how far each target is met, what stays open.

The result is an ensemble of settings with weights, not a point: the spread of service over people does not say which
mechanism made it, and a parameter whose interval is as wide as its range was not identified by these targets.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.run.match import CUT, Matched, Told, waves_of
from vsim.run.match_luck import Int
from vsim.run.match_model import Model, measured_by
from vsim.run.match_posterior import LEVEL, Posterior, posterior, ridges, verdict
from vsim.run.match_space import Space
from vsim.run.run import MODEL_VERSION
from vsim.run.store import Store, canonical
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario
from vsim.spec.targets_own import Aim

if TYPE_CHECKING:
    import pandas as pd

Float = NDArray[np.float64]
ASSUMED = ("the model", "parameters even over their ranges beforehand", "targets independent of each other")


@dataclass(frozen=True)
class Plan:
    """What a matching is a function of.

    Attributes
    ----------
    scenario : Scenario
    aims : tuple of Aim
    space : Space
    waves : int
        At most.
    runs : int
        Simulations of a wave.
    replicates : int
        Lucks of each setting, of a pool that is common to all.
    draws : int
        Settings of the ensemble.
    seed : int
        Of settings and lucks.
    discrepancy : float
        Standard deviation of the model's own error, as a share of each target's value.
    one_luck : bool
        The targets come from one world of this size.
    """

    scenario: Scenario
    aims: tuple[Aim, ...]
    space: Space
    waves: int = 4
    runs: int = 240
    replicates: int = 4
    draws: int = 60
    seed: int = 1
    discrepancy: float = 0.05
    one_luck: bool = False

    def __post_init__(self) -> None:
        if self.replicates < 2:
            raise UsageError(f"match: replicates is {self.replicates}; allowed 2 or more, to know the error of luck.")
        least = 2 * (1 + len(self.space.keys)) + len(self.space.keys)
        if self.points < least:
            raise UsageError(f"match: {self.runs} runs at {self.replicates} lucks are {self.points} settings a wave; "
                             f"allowed {least} or more for {len(self.space.keys)} parameters. Give "
                             f"{least * self.replicates} runs.")
        if self.draws < 2:
            raise UsageError(f"match: draws is {self.draws}; allowed 2 or more.")

    @property
    def points(self) -> int:
        """Settings of a wave."""
        return self.runs // self.replicates

    def content(self) -> dict[str, Any]:
        """Return all that the result is a function of."""
        return {
            "model_version": MODEL_VERSION, "measured_by": measured_by(), "scenario": self.scenario.canonical(),
            "aims": [{**asdict(aim), "source": ""} for aim in self.aims], "keys": list(self.space.keys),
            "low": self.space.low.tolist(), "high": self.space.high.tolist(),
            **{name: getattr(self, name) for name in ("waves", "runs", "replicates", "draws", "seed", "discrepancy",
                                                      "one_luck")},
        }

    @property
    def hash(self) -> str:
        """SHA-256 of what the result is a function of."""
        return hashlib.sha256(canonical(self.content())).hexdigest()


@dataclass(frozen=True)
class Matching:
    """A matching: its plan, its waves, and its weighted settings (None when nothing is left)."""

    plan: Plan
    matched: Matched
    found: Posterior | None
    runs: int

    def estimate(self, key: str) -> Estimate:
        """Return what a parameter is, with its 90 % interval.

        Raises
        ------
        UsageError
            When it was not free, or no setting is left.
        """
        space = self.plan.space
        if self.found is None or key not in space.keys:
            told = "no setting is left" if self.found is None else f"allowed {', '.join(space.keys)}"
            raise UsageError(f"matching: parameter '{key}' has no estimate; {told}.")
        place = space.keys.index(key)
        ends = [float(space.low[place] + cube[place] * (space.high - space.low)[place])
                for cube in (self.found.middle, self.found.low, self.found.high)]
        return Estimate(
            ends[0], float(self.found.sd[place] * (space.high - space.low)[place]), ends[1], ends[2], LEVEL,
            space.cards[place].unit, len(self.found.drawn), "parameter", "history matching", ASSUMED, "vsim",
            MODEL_VERSION,
        )

    def parameters(self) -> pd.DataFrame:
        """Return a row for each parameter: its range, its median and 90 % interval, and whether it was identified."""
        import pandas as pd

        rows = []
        for place, card in enumerate(self.plan.space.cards):
            row: dict[str, Any] = {"parameter": card.key, "label": card.label, "unit": card.unit,
                                   "range_low": float(self.plan.space.low[place]),
                                   "range_high": float(self.plan.space.high[place]),
                                   "set": self.plan.scenario.values[card.key]}
            if self.found is not None:
                told = self.estimate(card.key)
                width = float(self.found.high[place] - self.found.low[place]) / LEVEL
                row |= {"value": told.value, "se": told.se, "low": told.low, "high": told.high,
                        "of_range": width, "verdict": verdict(width)}
            rows.append(row)
        return pd.DataFrame(rows)

    def targets(self) -> pd.DataFrame:
        """Return a row for each target: what is asked, what runs and ensemble gave, and how the emulator did."""
        import pandas as pd

        errors, last = self.matched.errors, self.matched.waves[-1]
        luck = np.diag(errors.luck(last.luck, last.lucks))
        best, foretold = self._best()
        rows = []
        for place, aim in enumerate(self.plan.aims):
            emulator = last.emulators[place]
            row: dict[str, Any] = {
                "target": aim.name, "unit": aim.unit, "value": aim.value, "sd": aim.sd,
                "all_errors": float(np.sqrt(errors.variance[place] + luck[place])),
                "of_luck": float(luck[place] / (errors.variance[place] + luck[place])),
                "fitted": aim.weight > 0, "implausibility": float(best[place]),
                "lowest": float(foretold[place].min()), "highest": float(foretold[place].max()),
                "emulator": "none" if emulator is None else emulator.kind,
                "explains": float("nan") if emulator is None else emulator.explains,
                "standardised": float("nan") if emulator is None else emulator.standardised, "source": aim.source,
            }
            if self.found is not None:
                given, weights = self.found.outputs[:, place], self.found.drawn_weights
                row |= {"ensemble": float(weights @ given),
                        "ensemble_sd": float(np.sqrt(weights @ (given - weights @ given) ** 2))}
                row["met"] = abs(row["ensemble"] - aim.value) <= CUT * row["all_errors"]
            rows.append(row)
        return pd.DataFrame(rows)

    def _best(self) -> tuple[Float, list[Float]]:
        """Return the implausibilities of the run setting that is nearest to the targets, and all that runs came to."""
        far = self._far()
        best = far[np.argmin(np.where(self.matched.errors.fitted, far, 0.0).max(axis=1))]
        means = np.concatenate([wave.means for wave in self.matched.waves])
        return best, [column[np.isfinite(column)] if np.isfinite(column).any() else np.array([np.nan])
                      for column in means.T]

    def waves(self) -> pd.DataFrame:
        """Return a row for each wave: settings run, space left, settings that meet all, targets set aside."""
        import pandas as pd

        return pd.DataFrame([
            {"wave": number, "settings": len(wave.cube), "runs": len(wave.cube) * wave.each, "space_left": wave.share,
             "met": wave.met, "emulator_share": wave.gain, "aside": " ".join(wave.aside)}
            for number, wave in enumerate(self.matched.waves, start=1)
        ])

    def draws(self) -> pd.DataFrame:
        """Return the ensemble: a row for each setting that was drawn, its weight, parameters, and what it came to."""
        import pandas as pd

        if self.found is None:
            return pd.DataFrame(columns=["draw", "weight", *self.plan.space.keys])
        values = self.plan.space.values(self.found.drawn)
        frame = pd.DataFrame(values, columns=list(self.plan.space.keys))
        frame.insert(0, "draw", np.arange(len(values)))
        frame.insert(1, "weight", self.found.drawn_weights)
        for place, aim in enumerate(self.plan.aims):
            frame[f"output:{aim.name}"] = self.found.outputs[:, place]
        return frame

    def ridges(self) -> list[tuple[str, str, float]]:
        """Return pairs of parameters that make up for each other, with their correlation."""
        return [] if self.found is None else ridges(self.found.correlation, self.plan.space.keys)

    def conflicts(self) -> dict[str, float]:
        """Return the targets that no run came near, each by itself, with the least distance in standard errors.

        Empty when each can be met alone, and only all of them together cannot.
        """
        least = self._far().min(axis=0)
        return {aim.name: float(one) for aim, one in zip(self.plan.aims, least, strict=True)
                if aim.weight > 0 and not one <= CUT}

    def _far(self) -> Float:
        """Return how far each setting that was run lies from each target, in standard errors."""
        errors, last = self.matched.errors, self.matched.waves[-1]
        means = np.concatenate([wave.means for wave in self.matched.waves])
        sd = np.sqrt(errors.variance + np.diag(errors.luck(last.luck, last.lucks)))
        return np.asarray(np.nan_to_num(np.abs(means - errors.values) / sd, nan=np.inf))


def match(plan: Plan, *, store: Store | None = None, threads: int | None = None, progress: Told | None = None,
          model: Model | None = None) -> Matching:
    """Match a scenario to targets.

    Parameters
    ----------
    plan : Plan
    store : Store, optional
        Where runs are kept; what it holds is not run again.
    threads : int, optional
        Settings run side by side; the values do not depend on it.
    progress : callable, optional
        Called with (wave, settings done, settings in all); the wave of the ensemble is the next after the last.
    model : Model, optional
        Of the same scenario and targets, when one is there already: it remembers what it ran.

    Returns
    -------
    Matching

    Raises
    ------
    UsageError
        When the plan cannot be carried out.
    """
    model = model or Model(plan.scenario, tuple(aim.name for aim in plan.aims), plan.seed, store=store, threads=threads)
    wave = 0

    def told(number: int, done: int, total: int) -> None:
        nonlocal wave
        wave = number
        if progress is not None:
            progress(number, done, total)

    def evaluate(cube: Float, lucks: Int) -> Float:
        return model(plan.space.points(cube), lucks.tolist(), lambda done, total: told(wave, done, total))

    matched = waves_of(plan.space, plan.aims, evaluate, waves=plan.waves, points=plan.points,
                       each=plan.replicates, seed=plan.seed,
                       discrepancy=plan.discrepancy, one_luck=plan.one_luck, progress=told)
    found = None
    if len(matched.left):
        told(len(matched.waves) + 1, 0, plan.draws)
        found = posterior(matched, evaluate, draws=plan.draws)
    return Matching(plan, matched, found, model.runs)
