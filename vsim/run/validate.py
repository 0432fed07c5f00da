"""Validate: does a preset look like what it stands for? Simulated moments beside targets, with Monte Carlo error.

Every target says its preset, its view and its window; the moment is computed from the register (second copies left
out) over the last weeks of the run, as an analyst would compute it from the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.evaluate.intervals import t_quantile
from vsim.evaluate.patterns import gini, per_person, share_single, top_share, transitions
from vsim.run.run import Run, simulate
from vsim.spec.scenario import Scenario, load_scenario
from vsim.spec.targets import Target, targets_for
from vsim.world.city import city_of
from vsim.world.ledgers import Book
from vsim.world.metrics import M

Int = NDArray[np.int64]
HUNDRED = 400                 # quarter hours


@dataclass(frozen=True, slots=True)
class Window:
    """The register's records of the last weeks of a run, second copies left out; arrays of shape (records,)."""

    person: Int
    week: Int
    task: Int
    hours: Int                # quarter hours as entered
    registered: float         # mean number on the register in the window
    last_week: int


def window_of(run: Run, weeks: int) -> Window:
    """Return the records whose service fell into the last `weeks` of a run.

    Late entries count: yearly figures are published when the entries of the year are in.
    """
    first = run.settled.weeks - weeks
    parts, offset = [], 0
    for unit, end in zip(run.city, run.ends, strict=True):
        book = end.ledgers.placements[: int(end.ledgers.counts[Book.PLACEMENTS])].astype(np.int64)
        kept = book[(book[:, 6] & 1 == 1) & (book[:, 0] >= first)]
        ids = unit.people.ids[kept[:, 1]].astype(np.int64)
        parts.append(np.stack([ids, kept[:, 0], offset + kept[:, 2], kept[:, 4]]))
        offset += int(end.ledgers.counts[Book.TASKS])
    person, week, task, hours = np.concatenate(parts, axis=1)
    stock = run.people[:, first:, :, M.REGISTERED].sum(axis=(0, 2)).mean()
    return Window(person, week, task, hours, float(stock), run.settled.weeks - 1)


def _per_task(window: Window) -> Int:
    return np.unique(window.task, return_counts=True)[1].astype(np.int64)


def _hundred(window: Window) -> float:
    _, place = np.unique(window.person, return_inverse=True)
    return float((np.bincount(place, weights=window.hours) >= HUNDRED).sum() / window.registered)


MOMENTS: Mapping[str, Callable[[Window], float]] = {
    "person_times_per_registered_year": lambda w: w.person.size / w.registered,
    "recorded_hours_per_registered_year": lambda w: float(w.hours.sum()) / 4 / w.registered,
    "hours_per_record": lambda w: float(w.hours.mean()) / 4 if w.hours.size else float("nan"),
    "active_share_year": lambda w: np.unique(w.person).size / w.registered,
    "share_100_hours_year": _hundred,
    "gini_participations": lambda w: gini(per_person(w.person)),
    "top_decile_share": lambda w: top_share(per_person(w.person)),
    "share_single": lambda w: share_single(per_person(w.person)),
    "stay_active": lambda w: transitions(w.person, w.week, w.last_week)[0],
    "become_active": lambda w: transitions(w.person, w.week, w.last_week)[1],
    "volunteers_per_task_median": lambda w: float(np.median(_per_task(w))) if w.task.size else float("nan"),
    "volunteers_per_task_mean": lambda w: float(_per_task(w).mean()) if w.task.size else float("nan"),
    "volunteers_per_task_p90": lambda w: float(np.quantile(_per_task(w), 0.9)) if w.task.size else float("nan"),
}


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


def moments(run: Run, targets: Sequence[Target]) -> NDArray[np.float64]:
    """Return the moment of each target from one run, shape (targets,)."""
    windows = {weeks: window_of(run, weeks) for weeks in {target.weeks or 52 for target in targets}}
    return np.array([MOMENTS[target.indicator](windows[target.weeks or 52]) for target in targets])


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
    targets = [*targets_for(scenario.name, "fit"), *targets_for(scenario.name, "held_out")]
    city = city_of(scenario.world, scenario.warmup_weeks, scenario.values)
    draws = []
    for replicate in range(replicates):
        draws.append(moments(simulate(scenario, seed, replicate=replicate, city=city), targets))
        if progress is not None:
            progress(replicate + 1, replicates)
    table = np.array(draws)
    checks = []
    for k, target in enumerate(targets):
        mean = float(table[:, k].mean())
        se = float(table[:, k].std(ddof=1) / np.sqrt(replicates)) if replicates > 1 else 0.0
        half = t_quantile(0.95, replicates - 1) * se if replicates > 1 else 0.0
        checks.append(Check(target, mean, se, mean - half, mean + half, replicates))
    return checks
