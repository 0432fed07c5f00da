"""Costs and effects of a study's policies draw by draw: every policy beside the base, under the same draw.

A policy is an arm at one setting of its levers; a draw is one luck in one world at one setting of the parameters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.evaluate.indicators import YEAR
from vsim.run.policy_measured import QUARTERS, Measured, measured
from vsim.run.run import COLUMNS, default_threads, simulate
from vsim.run.sweep_plan import Cell
from vsim.run.sweep_work import Job, cities

if TYPE_CHECKING:
    import pandas as pd

HOURS = COLUMNS.index("hours")


def run_all(jobs: list[Job], weeks: range, threads: int | None,
             progress: Callable[[int, int], None] | None) -> dict[str, Measured]:
    """Return what is kept of every run, each run once, by the key of its job."""
    once = list({job.key: job for job in jobs}.values())

    def one(job: Job) -> Measured:
        return measured(simulate(job.scenario, job.seed, replicate=job.replicate, engine="kernels", threads=1,
                                 city=cities.of(job.scenario, job.plain)), weeks)

    found = {}
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        for job, kept in zip(once, pool.map(one, once), strict=True):
            found[job.key] = kept
            if progress is not None:
                progress(len(found), len(once))
    return found


def draws_of(cells: list[Cell], points: pd.DataFrame, uncertain: list[str], seen: dict[str, Measured], key: str,
           weeks: range, hour: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return costs and effects beyond the base by policy and draw, and the parameters of each draw.

    Parameters
    ----------
    cells : list of Cell
        The base of a point before its other arms.
    points : DataFrame
        Those of the design.
    uncertain : list of str
        Columns of `points` that are parameters of the world; the others are settings of policies.
    seen : dict of str to Measured
        By the key of the job.
    key : str
        Indicator that is the effect.
    weeks : range
    hour : float
        Yuan at which an hour of a volunteer is counted.

    Returns
    -------
    DataFrame
        policy, draw, yuan (for a year of the window), effect.
    DataFrame
        A row for each draw, a column for each parameter.

    Raises
    ------
    UsageError
        When a policy is not seen under every draw.
    """
    import pandas as pd

    rows, parameters = [], {}
    settings = [str(name) for name in points.columns if str(name) not in uncertain]
    taken: dict[tuple[Hashable, ...], set[str]] = {}
    for cell in cells:
        point = {str(name): value for name, value in points.iloc[cell.point].items()}
        state = json.dumps([point[name] for name in uncertain], default=float)
        for job, base, luck in zip(cell.jobs, (cell.base or cell).jobs, cell.lucks, strict=True):
            draw = (cell.world, state, *luck)
            if job.key in taken.setdefault(draw, set()):             # a setting that this arm does not have
                continue
            taken[draw].add(job.key)
            parameters[draw] = {name: point[name] for name in uncertain}
            one, other = seen[job.key], seen[base.key]
            served = (one.people - other.people)[weeks.start : weeks.stop, HOURS].sum() / QUARTERS
            rows.append({"policy": _name(cell, point, settings), "draw": draw,
                         "yuan": (one.yuan - other.yuan + hour * float(served)) * YEAR / len(weeks),
                         "effect": one.value(key, weeks) - other.value(key, weeks)})
    order = {draw: place for place, draw in enumerate(sorted(parameters))}
    frame = pd.DataFrame(rows).assign(draw=lambda some: some["draw"].map(order))
    short = frame["policy"].value_counts()
    if (short != len(order)).any():
        raise UsageError(f"worth: policy '{short.index[-1]}' is seen under {short.iloc[-1]} of {len(order)} draws; "
                         "allowed designs in which settings of policies and parameters of the world cross, such as "
                         "grid.")
    return frame, pd.DataFrame([parameters[draw] for draw in sorted(parameters)], columns=uncertain)


def _name(cell: Cell, point: dict[str, Any], settings: list[str]) -> str:
    """Return an arm with the settings that it has."""
    if cell.base is None:
        return cell.arm
    levers = {policy.lever for policy in cell.scenario.policies}
    own = [f"{name.rpartition('.')[2]}={_short(point[name])}" for name in settings
           if name.startswith((f"{cell.arm}.", "policies[")) or name.partition(".")[0] in levers]
    return " ".join([cell.arm, *own])


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value).replace(" ", "")
