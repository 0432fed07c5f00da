"""How many replicates suffice: until the Monte Carlo interval of a true effect is as narrow as asked for.

The half-width of an interval over n replicates is t(n - 1) s / sqrt(n) with s the standard deviation of the paired
differences. A first guess comes from a pilot; then replicates are added, numbers onward, and s is learnt anew from all
of them (a sequential fixed-width interval, Chow and Robbins 1965). Stopping looks at s, and a rule that stops at the
first small s is too sure of itself. So no study stops below FEWEST replicates, and every addition goes all the way to
what is then needed. One to two points of coverage in a hundred are still lost (proofs/truth-coverage.json); who cannot
spare them asks for a higher level.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.intervals import t_quantile
from vsim.run.truth_effects import LEVEL, Float, Truths
from vsim.run.truth_run import Flips, Sums, run_arms
from vsim.run.truth_twins import truths
from vsim.spec.estimate import Estimate
from vsim.spec.scenario import Scenario

FEWEST = 20                   # replicates before which no standard deviation is trusted
CAP = 1000                    # replicates after which it is given up when nobody says otherwise


@dataclass(frozen=True, slots=True)
class Enough:
    """A study that was carried on until it was precise enough, or given up.

    Attributes
    ----------
    truths : Truths
        All replicates.
    outcome : str
    estimate : Estimate
        What was asked for.
    half_width : float
        What was asked for, in the unit of the estimate.
    met : bool
        Whether the interval is as narrow as that; False when the cap came first.
    rounds : tuple of int
        Replicates after each round.
    """

    truths: Truths
    outcome: str
    estimate: Estimate
    half_width: float
    met: bool
    rounds: tuple[int, ...]

    @property
    def needed(self) -> int:
        """Replicates that are needed as far as all of these tell."""
        return enough(self.truths.draws(self.estimate.estimand, self.outcome), self.half_width, self.estimate.level)


def enough(draws: Float, half_width: float, level: float = LEVEL) -> int:
    """Return the replicates needed for a half-width, by the standard deviation of those at hand.

    Parameters
    ----------
    draws : ndarray, shape (replicates,)
        The effect in each replicate, two or more.
    half_width : float
        Half the width of the interval, in the unit of the draws; above 0.
    level : float

    Raises
    ------
    UsageError
        When there are too few draws, or the half-width is not above 0.
    """
    if draws.size < 2:
        raise UsageError(f"replicates: {draws.size} in the pilot; allowed 2 or more, {FEWEST} say something.")
    if not half_width > 0 or math.isinf(half_width):
        raise UsageError(f"replicates: half_width is {half_width:g}; allowed above 0, in the unit of the effect.")
    ratio = float(draws.std(ddof=1)) / half_width
    if not math.isfinite(ratio):
        raise UsageError("replicates: the estimand is not defined in every replicate; allowed another estimand, or a "
                         "larger world.")
    low, high = 2, 2
    while not _narrow(ratio, high, level):
        low, high = high, 2 * high
    while low < high:                                         # the half-width falls with n, so halving finds the first
        middle = (low + high) // 2
        low, high = (low, middle) if _narrow(ratio, middle, level) else (middle + 1, high)
    return high


def _narrow(ratio: float, n: int, level: float) -> bool:
    return t_quantile(level, n - 1) * ratio <= math.sqrt(n)


def replicates_needed(
    found: Truths, estimand: str = "total", outcome: str = "hours", *, half_width: float, level: float = LEVEL,
    pilot: int | None = None,
) -> int:
    """Return how many replicates an estimand needs for a half-width, by a study or its first replicates as the pilot.

    Parameters
    ----------
    found : Truths
    estimand, outcome : str
    half_width : float
        In the unit of the estimand.
    level : float
    pilot : int, optional
        Use the first so many replicates only.
    """
    draws = found.draws(estimand, outcome)
    if pilot is not None and not 2 <= pilot <= draws.size:
        raise UsageError(f"replicates: pilot is {pilot}; allowed 2 to {draws.size}, the replicates of the study.")
    return enough(draws[:pilot], half_width, level)


def more(found: Truths, replicates: int, **how: Any) -> Truths:
    """Return a study with further replicates of the same arms, numbered on; the old ones stay as they are.

    Parameters
    ----------
    found : Truths
    replicates : int
        How many more.
    how :
        Arguments of `vsim.run.truth_run.run_arms`: flips, engine, threads, progress.
    """
    new = run_arms(found.arms, found.windows, replicates=replicates, seed=found.seed,
                   first=found.first + found.replicates, among=found.among, per_run=found.per_run, **how)
    old = found.sums
    flips = old.flips if new.flips is None or old.flips is None else _joined(old.flips, new.flips, found.replicates)
    sums = {name: np.concatenate([part, new.sums[name]]) for name, part in old.sums.items()}
    return replace(found, sums=Sums(old.strata, np.concatenate([old.counts, new.counts]), sums, flips))


def _joined(one: Flips, other: Flips, before: int) -> Flips:
    moved = replace(other, replicate=other.replicate + before)
    return Flips(*(np.concatenate([getattr(one, name), getattr(moved, name)]) for name in Flips.__dataclass_fields__))


def truths_until(
    base: Scenario, pilot: Scenario, *, half_width: float, estimand: str = "total", outcome: str = "hours",
    level: float = LEVEL, start: int = FEWEST, cap: int = CAP, progress: Callable[[int, int], None] | None = None,
    **how: Any,
) -> Enough:
    """Measure a policy until the interval of one estimand is as narrow as asked for, or a cap is reached.

    Parameters
    ----------
    base, pilot : Scenario
    half_width : float
        Half the width of the interval, in the unit of the estimand.
    estimand, outcome : str
    level : float
    start, cap : int
        Replicates to begin with, FEWEST at least, and most replicates in all.
    progress : callable, optional
        Called with (replicates done, replicates needed as far as known).
    how :
        Further arguments of `vsim.run.truth_twins.truths`. Lucks are taken in order from `first` on, so a study that
        goes on is the same as one that was longer from the start.

    Raises
    ------
    UsageError
        When a number is out of range.
    """
    if not FEWEST <= start <= cap:
        raise UsageError(f"truths_until: start is {start} and cap {cap}; allowed {FEWEST} or more, and a cap no "
                         "smaller.")
    enough(np.zeros(2), half_width, level)                    # refuses a wrong half-width before any run
    found = truths(base, pilot, replicates=start, **how)
    again = {name: how[name] for name in ("flips", "engine", "threads") if name in how}
    rounds = [start]
    while True:
        wanted = enough(found.draws(estimand, outcome), half_width, level)
        if progress is not None:
            progress(found.replicates, max(wanted, found.replicates))
        goal = min(max(wanted, found.replicates), cap)
        if goal == found.replicates:
            break
        found = more(found, goal - found.replicates, **again)
        rounds.append(goal)
    made = found.effect(estimand, outcome, level=level)
    return Enough(found, outcome, made, half_width, wanted <= found.replicates, tuple(rounds))
