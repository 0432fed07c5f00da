"""The truth over worlds: what a policy does on average over cities of a kind, and how far cities differ.

A study of one world says what the policy does to these people; its Monte Carlo error falls with the replicates, and
says nothing about other cities. So worlds with other seeds are drawn, each with lucks of its own: W worlds by S
replicates. Means of worlds vary by the world and by luck, and luck is told apart by the variance inside worlds
(one-way analysis of variance; Searle, Casella and McCulloch 1992, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError
from vsim.run.run import MODEL_VERSION
from vsim.run.study import interval
from vsim.run.truth_effects import LEVEL, Float, Truths
from vsim.run.truth_twins import truths
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario
from vsim.spec.world_spec import WorldSpec

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 2                    # worlds, and replicates of each, that have a variance


@dataclass(frozen=True, slots=True)
class Worlds:
    """Studies of the same policy in several worlds.

    Attributes
    ----------
    seeds : tuple of int
        Of the worlds.
    studies : tuple of Truths
        One for each world, each of the same number of replicates and with lucks of its own.
    """

    seeds: tuple[int, ...]
    studies: tuple[Truths, ...]

    def draws(self, estimand: str, outcome: str = "hours") -> Float:
        """Return an estimand in each world and replicate, shape (worlds, replicates)."""
        return np.array([study.draws(estimand, outcome) for study in self.studies])

    def effect(self, estimand: str, outcome: str = "hours", *, level: float = LEVEL) -> Estimate:
        """Return the mean over worlds, with an interval for the mean of all worlds of this kind."""
        means = self.draws(estimand, outcome).mean(axis=1)
        value, se, low, high = interval(means, level)
        told = ("the model", f"population: {self.studies[0].among} of worlds that differ by their seed")
        unit = self.studies[0].effect(estimand, outcome).unit
        return Estimate(value, se, low, high, level, unit, means.size, estimand,
                        "twin worlds, mean over worlds", told, "vsim", MODEL_VERSION)

    def components(self, estimand: str, outcome: str = "hours") -> dict[str, float]:
        """Return the standard deviations between worlds and by luck inside a world, and the share of the former.

        Keys: between, within (in the unit of the estimand), share (of the variance of one replicate of one world that
        lies between worlds; NaN when nothing varies). A negative estimate of the variance between worlds is put to 0.
        """
        draws = self.draws(estimand, outcome)
        within = float(draws.var(axis=1, ddof=1).mean())
        between = max(0.0, float(draws.mean(axis=1).var(ddof=1)) - within / draws.shape[1])
        whole = between + within
        return {"between": between**0.5, "within": within**0.5, "share": between / whole if whole else float("nan")}

    def table(self, estimand: str, outcome: str = "hours", *, level: float = LEVEL) -> pd.DataFrame:
        """Return the truth of each world, one row each: seed, value, se, low, high, unit, n."""
        import pandas as pd

        rows = []
        for seed, study in zip(self.seeds, self.studies, strict=True):
            made = study.effect(estimand, outcome, level=level)
            rows.append({"world": seed, "value": made.value, "se": made.se, "low": made.low, "high": made.high,
                         "unit": made.unit, "n": made.n})
        return pd.DataFrame(rows)


def over_worlds(
    base: Scenario, pilot: Scenario, *, worlds: int = 10, replicates: int = 10, everyone: Scenario | None = None,
    first: int = 0, progress: Callable[[int, int], None] | None = None, **how: Any,
) -> Worlds:
    """Measure a policy in several worlds of the same kind: seeds of the world from the base's own on.

    Parameters
    ----------
    base, pilot, everyone : Scenario
        As for `vsim.run.truth_twins.truths`; their worlds are drawn anew with other seeds.
    worlds, replicates : int
        How many worlds, and replicates of each; two or more. Between worlds is what one cannot learn from one of them,
        so more worlds of few replicates tell more than the reverse.
    first : int
        Number of the first luck; world k has lucks of its own from `first + k * replicates` on.
    progress : callable, optional
        Called with (worlds done, worlds).
    how :
        Further arguments of `truths`, but `assigned` and `city`, which belong to one world.

    Raises
    ------
    UsageError
        When there are too few worlds or replicates, or something is given that belongs to one world.
    """
    for name, value in (("worlds", worlds), ("replicates", replicates)):
        if value < FEWEST:
            raise UsageError(f"over_worlds: {name} is {value}; allowed {FEWEST} or more, ten say something.")
    for name in ("assigned", "city"):
        if how.get(name) is not None:
            raise UsageError(f"over_worlds: {name} belongs to one world; allowed policies with groups, shares and "
                             "districts. Leave it out.")
    seeds = tuple(range(base.world.seed, base.world.seed + worlds))
    studies = []
    for number, seed in enumerate(seeds):
        world = WorldSpec(**{**base.world.model_dump(), "seed": seed})
        wide = None if everyone is None else everyone.with_world(world)
        studies.append(truths(base.with_world(world), pilot.with_world(world), everyone=wide, replicates=replicates,
                              first=first + number * replicates, **how))
        if progress is not None:
            progress(number + 1, worlds)
    return Worlds(seeds, tuple(studies))
