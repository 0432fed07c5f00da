"""The runs of a study: every point of its design, in every arm, world and luck, as one table of jobs.

Arms cross lucks: with common random numbers (`crn`) every arm at every point meets the same ones, and a run that occurs
twice - the base, when a design moves only its pilots - is one run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.run.store import canonical, key_of
from vsim.run.sweep_work import Job
from vsim.spec.design_apply import BASE, Target, apply, check_value_of, target
from vsim.spec.design_points import points_of
from vsim.spec.design_study import Loaded, Plan
from vsim.spec.feedback import refuse_feedback
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LARGEST_SEED = 2**63


@dataclass(frozen=True)
class Cell:
    """One arm at one point in one world, under all its lucks.

    Attributes
    ----------
    point, arm, world : int, str, int
    scenario : Scenario
    lucks : tuple of (seed, replicate)
    jobs : tuple of Job
        One for each luck.
    base : Cell or None
        The base beside it; None for the base itself.
    """

    point: int
    arm: str
    world: int
    scenario: Scenario
    lucks: tuple[tuple[int, int], ...]
    jobs: tuple[Job, ...]
    base: Cell | None = None

    @cached_property
    def forks(self) -> Job | None:
        """The job that finds where the arm parts from the base."""
        if self.base is None:
            return None
        settled = (self.base.jobs[0].plain, self.jobs[0].plain)
        return Job(self.base.scenario, other=self.scenario, settled=settled)


@dataclass(frozen=True)
class Runs:
    """All cells of a study, its points, and the factors."""

    study: Loaded
    points: pd.DataFrame
    cells: list[Cell] = field(default_factory=list)

    def jobs(self) -> list[Job]:
        """Return every job once, in an order in which neighbours share people."""
        found: dict[str, Job] = {}
        for cell in self.cells:
            for job in (*cell.jobs, *([cell.forks] if cell.forks is not None else [])):
                found.setdefault(job.key, job)
        return list(found.values())

    def table(self) -> pd.DataFrame:
        """Return one row for each run: run_id, point, arm, world, seed, replicate, scenario's hash and key."""
        import pandas as pd

        return pd.DataFrame([
            {"run_id": f"{cell.point:05d}-{cell.arm}-w{cell.world}-s{seed}-r{replicate}", "point": cell.point,
             "arm": cell.arm, "world": cell.world, "seed": seed, "replicate": replicate,
             "scenario": key_of(job.plain), "key": job.key}
            for cell in self.cells for (seed, replicate), job in zip(cell.lucks, cell.jobs, strict=True)
        ])


def read_points(study: Loaded, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the points of a study: a frame that is given, the file of its design, or what its method makes.

    A study without a design has one point, at which nothing is changed.

    Raises
    ------
    UsageError
        When there is neither a frame nor a file for from_frame, or a file cannot be read.
    """
    import pandas as pd

    design = study.plan.design
    if frame is not None:
        return frame.reset_index(drop=True)
    if design is None:
        return pd.DataFrame(index=range(1))
    if design.method != "from_frame":
        return points_of(design)
    if design.file is None:
        raise UsageError("design: from_frame has no file; give `file`, or a DataFrame in Python.")
    path = study.folder / design.file
    try:
        return _parsed(pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path), path)
    except (OSError, ValueError) as error:
        raise UsageError(f"design: {path} cannot be read ({str(error).splitlines()[0]}). Give CSV or Parquet with a "
                         "column for each factor.") from None


def _parsed(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a table with lists where a cell is text such as "[10, 20, 30]"."""
    import json

    if frame.empty:
        raise UsageError(f"design: {path} has no rows; allowed one or more.")
    return frame.map(lambda cell: json.loads(cell) if isinstance(cell, str) and cell.startswith("[") else cell)


def runs_of(study: Loaded, frame: pd.DataFrame | None = None) -> Runs:
    """Return every run of a study, checked: factors exist, values are allowed, the budget holds.

    Raises
    ------
    UsageError
        When a factor is the name of nothing, a value is not allowed, or there are more runs than the budget.
    """
    plan, points = study.plan, read_points(study, frame)
    for scenario in study.arms.values():
        refuse_feedback(scenario.feedback, "sweep")
    goals = {name: target(name, study.arms) for name in points.columns}
    _check_values(points, goals, study.arms)
    per_point = len(study.arms) * len(plan.worlds or [0]) * len(plan.seeds) * plan.replicates
    most = plan.budget.runs if plan.budget is not None else None
    if most is not None and per_point * len(points) > most:
        raise UsageError(f"study: {len(points)} points in {len(study.arms)} arms under {per_point // len(study.arms)} "
                         f"lucks are {per_point * len(points):,} runs; budget.runs allows {most:,}. Lower points, "
                         "replicates or arms.")
    return Runs(study, points, list(_cells(study, points, goals)))


def _check_values(points: pd.DataFrame, goals: Mapping[str, Target], arms: Mapping[str, Scenario]) -> None:
    for name, goal in goals.items():
        seen = []
        for value in points[name]:
            if value is not None and value == value and value not in seen:       # NaN is unequal to itself
                seen.append(value)
        for value in seen if len(seen) <= 2 or isinstance(seen[0], list) else [min(seen), max(seen)]:
            check_value_of(goal, value, arms)


def _cells(study: Loaded, points: pd.DataFrame, goals: Mapping[str, Target]) -> Iterator[Cell]:
    plan = study.plan
    outputs = kept(plan)
    for world in plan.worlds or [study.arms[BASE].world.seed]:
        home = {arm: _in_world(scenario, world) for arm, scenario in study.arms.items()}
        for point, row in enumerate(points.to_dict("records")):
            arms = apply(home, goals, {str(name): value for name, value in row.items()})
            base = None
            for arm, scenario in arms.items():
                lucks = tuple((_seed(seed, point, arm, plan.crn), replicate) for seed in plan.seeds
                              for replicate in range(plan.replicates))
                settled = (scenario.canonical(),)
                jobs = tuple(Job(scenario, seed, replicate, outputs, settled=settled) for seed, replicate in lucks)
                cell = Cell(point, arm, world, scenario, lucks, jobs, base)
                base = base or cell
                yield cell


def kept(plan: Plan) -> tuple[str, ...]:
    """Return what is kept of each run: weekly counts, and what the study asks for; costs where it has a budget."""
    priced = plan.budget is not None and plan.budget.yuan is not None
    return ("weekly", *(name for name in ("costs", "register") if name in plan.keep or (name == "costs" and priced)))


def _in_world(scenario: Scenario, world: int) -> Scenario:
    if world == scenario.world.seed:
        return scenario
    return scenario.with_world(type(scenario.world)(**{**scenario.world.model_dump(), "seed": world}))


def _seed(seed: int, point: int, arm: str, crn: bool) -> int:
    """Return the seed of a cell: that of the study, or one of its own when lucks are not common."""
    if crn:
        return seed
    word = hashlib.sha256(canonical([seed, point, arm])).digest()
    return int.from_bytes(word[:8], "little") % LARGEST_SEED


def content_of(runs: Runs) -> dict[str, Any]:
    """Return what the results of a study are a function of, the model version apart: arms, points, lucks, measures."""
    plan = runs.study.plan
    rows = [[None if value is None or value != value else value for value in row]        # NaN is unequal to itself
            for row in runs.points.to_numpy(dtype=object).tolist()]
    return {
        "arms": {arm: scenario.hash for arm, scenario in runs.study.arms.items()}, "factors": list(runs.points.columns),
        "points": hashlib.sha256(canonical(rows)).hexdigest(), "worlds": plan.worlds, "seeds": plan.seeds,
        "replicates": plan.replicates, "crn": plan.crn, "outcomes": plan.outcomes, "estimands": plan.estimands,
        "weeks": plan.weeks, "level": plan.level,
    }
