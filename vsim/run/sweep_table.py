"""The table of a sweep: for each point, arm, world and outcome, the mean over lucks with its Monte Carlo error.

Runs are put together to the same study that `vsim.run.compare` makes, so effects are those of `Study.effect`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from vsim.errors import UsageError
from vsim.evaluate.indicators import indicator, measure
from vsim.run.run import COLUMNS, TASK_COLUMNS
from vsim.run.store import Int, Store
from vsim.run.study import Estimand, Study, interval
from vsim.run.sweep_plan import Cell, Runs
from vsim.run.sweep_work import SAME
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

LEVEL = "level"               # the estimand of an outcome in one arm, which is no effect
NUMBERS = ("value", "se", "low", "high")
COUNTS = ("people", "tasks", "cells")     # arrays of weekly counts that every run of a sweep keeps
Arrays = dict[str, Int]


def study_of(cell: Cell, store: Store, base_runs: Arrays | None = None) -> Study:
    """Return an arm beside its base as a study; both are one for the base itself.

    `base_runs` are the runs of the base from `stacked`, when they have been read already.

    Raises
    ------
    DataError
        When the store does not hold one of its runs.
    """
    base = cell.base or cell
    first = base_runs or stacked(base, store)
    pair = first, first if cell.base is None else stacked(cell, store)
    weeks = _forks(cell, store)
    return Study(
        base=base.scenario, pilot=cell.scenario, seed=cell.lucks[0][0], replicates=len(cell.lucks),
        districts=cell.scenario.districts, touched=weeks,
        people=np.stack([arm["people"] for arm in pair]), tasks=np.stack([arm["tasks"] for arm in pair]),
        cells=np.stack([arm["cells"] for arm in pair]),
    )


def stacked(cell: Cell, store: Store) -> Arrays:
    """Return the weekly counts of a cell, the first axis its lucks."""
    runs = [store.load(job.key) for job in cell.jobs]
    return {name: np.stack([run[name] for run in runs]) for name in COUNTS}


def _forks(cell: Cell, store: Store) -> tuple[int | None, ...]:
    if cell.forks is None:
        return (None,) * len(cell.scenario.districts)
    return tuple(None if week == SAME else int(week) for week in store.load(cell.forks.key)["forks"])


def table_of(runs: Runs, store: Store) -> pd.DataFrame:
    """Return the tidy table of a sweep: a row for each point, arm, world, outcome and estimand.

    Columns: point, factors, arm, world, outcome, estimand, value, se, low, high, level, n, unit, `yuan`,
    `more_yuan` (than the base) and `within_budget` where the study has a budget in yuan, and `runs`, the SHA-256 of the
    keys behind the row.
    """
    import pandas as pd

    factors = [{str(name): value for name, value in row.items()} for row in runs.points.to_dict("records")]
    rows = []
    base: Arrays = {}
    for cell in runs.cells:
        if cell.base is None:
            base = stacked(cell, store)
        study = study_of(cell, store, base)
        spent = _spent(runs, cell, store)
        keys = trace(cell)
        for key in runs.study.plan.outcomes:
            for estimand, found in _found(runs, cell, study, key):
                rows.append({
                    "point": cell.point, **factors[cell.point], "arm": cell.arm, "world": cell.world, "outcome": key,
                    "estimand": estimand, **{name: getattr(found, name) for name in NUMBERS},
                    "level": found.level, "n": found.n, "unit": found.unit, **spent, "runs": keys,
                })
    return pd.DataFrame(rows)


def trace(cell: Cell) -> str:
    """Return the SHA-256 of the keys of the runs behind a row; `runs.csv` lists them by point, arm and world."""
    return name_of_set([job.key for one in (cell, cell.base) if one is not None for job in one.jobs])


def name_of_set(keys: Iterable[str]) -> str:
    """Return the name of a set of runs: the SHA-256 of their sorted keys."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def _found(runs: Runs, cell: Cell, study: Study, key: str) -> Iterator[tuple[str, Estimate]]:
    plan = runs.study.plan
    span = None if plan.weeks is None else range(*plan.weeks)
    yield LEVEL, _level(study, key, span or range(study.base.weeks), plan.level)
    estimands: list[Estimand] = plan.estimands if cell.base is not None else []
    for estimand in estimands:
        try:
            yield estimand, study.effect(key, estimand, weeks=span, level=plan.level)
        except UsageError:                          # this arm has no such district at this point
            nan = float("nan")
            yield estimand, Estimate(nan, nan, nan, nan, plan.level, indicator(key).unit, 0, estimand, "no district")


def _level(study: Study, key: str, span: range, level: float) -> Estimate:
    """Return an outcome in the arm: the mean over lucks."""
    what = indicator(key)
    people = study.people[1][:, :, span.start : span.stop].sum(axis=1)
    tasks = study.tasks[1][:, :, span.start : span.stop].sum(axis=1)
    columns = {name: people[..., i] for i, name in enumerate(COLUMNS)}
    columns |= {name: tasks[..., i] for i, name in enumerate(TASK_COLUMNS)}
    mean, se, low, high = interval(measure(what, columns, span.start), level)
    return Estimate(mean, se, low, high, level, what.unit, study.replicates, LEVEL, "mean over lucks", ("the model",))


def _spent(runs: Runs, cell: Cell, store: Store) -> dict[str, Any]:
    """Return what the policies of an arm cost, mean over lucks, and whether the budget allows what the base lacks."""
    budget = runs.study.plan.budget
    if budget is None or budget.yuan is None:
        return {}
    yuan = _yuan(cell, store)
    more = yuan - _yuan(cell.base or cell, store)
    return {"yuan": round(yuan, 2), "more_yuan": round(more, 2), "within_budget": more <= budget.yuan}


def _yuan(cell: Cell, store: Store) -> float:
    return float(np.mean([store.load(job.key)["fen"].sum() for job in cell.jobs]) / 100)
