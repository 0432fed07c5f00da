"""Twin worlds: the same people under the same luck with and without a policy. The difference is the truth.

Arms share their history up to the first week in which their tables differ, district by district; a district whose
tables never differ is run once and stands in both arms.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import numpy as np

from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.making import make_city
from vsim.run.reach import patterns_of
from vsim.run.run import COLUMNS, TASK_COLUMNS, default_threads
from vsim.run.settle import Settled, in_force, settle
from vsim.run.study import Study
from vsim.spec.feedback import refuse_feedback
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.people import CELLS
from vsim.world.weekly import first_difference


def compare(
    base: Scenario, pilot: Scenario, *, replicates: int = 20, seed: int = 1, engine: Engine = "kernels",
    threads: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> Study:
    """Run two scenarios as twin worlds and return the study.

    Parameters
    ----------
    base, pilot : Scenario
        Same world, start, weeks and run-up; anything else may differ.
    replicates : int
        Independent lucks; both arms meet the same.
    seed : int
    progress : callable, optional
        Called with (districts done, districts in all, over all replicates).

    Raises
    ------
    UsageError
        When the two do not share their world or calendar, fewer than one replicate is asked for, or one has
        feedback.
    """
    for name in ("world", "start", "weeks", "warmup_weeks"):
        if getattr(base, name) != getattr(pilot, name):
            raise UsageError(
                f"compare: {name} differs between '{base.name}' and '{pilot.name}'; twin worlds share world and "
                "calendar. Write the pilot with `extends`."
            )
    for scenario in (base, pilot):
        refuse_feedback(scenario.feedback, "compare")
    if replicates < 1:
        raise UsageError(f"compare: replicates is {replicates}; allowed 1 or more.")
    city = make_city(base.world, base.warmup_weeks, base.values)
    units = [unit.district for unit in city]
    patterns = patterns_of([*in_force(base, units), *in_force(pilot, units)])
    same_people = base.canonical()["parameters"] == pilot.canonical()["parameters"]   # without what policies set
    other = city if same_people else make_city(pilot.world, pilot.warmup_weeks, pilot.values)
    arms = settle(base, city, patterns), settle(pilot, other, patterns)
    forks = [first_fork(arms, i) if same_people else -base.warmup_weeks for i in range(len(city))]
    total, done = replicates * len(city), 0
    shape = (2, replicates, len(city), base.weeks)
    people = np.zeros((*shape, len(COLUMNS)), dtype=np.int64)
    tasks = np.zeros((*shape, len(TASK_COLUMNS)), dtype=np.int64)
    cells = np.zeros((2, replicates, CELLS, base.weeks, len(COLUMNS)), dtype=np.int64)

    jobs = [(r, i) for r in range(replicates) for i in range(len(city))]

    def one(job: tuple[int, int]) -> tuple[int, int, Progress, Progress]:
        r, i = job
        return r, i, *twins((city[i], other[i]), arms, stream_key(seed, r), forks[i], engine)

    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        for r, i, *ends in chain([one(jobs[0])], pool.map(one, jobs[1:])):     # compile here: Ctrl-C works
            for arm, end in enumerate(ends):
                counts = end.counts.people[base.warmup_weeks :]
                people[arm, r, i] = counts.sum(axis=1)
                tasks[arm, r, i] = end.counts.tasks[base.warmup_weeks :]
                cells[arm, r] += counts.transpose(1, 0, 2)
            done += 1
            if progress is not None:
                progress(done, total)
    return Study(base, pilot, seed, replicates, tuple(u.code for u in units), tuple(forks), people, tasks, cells)


def first_fork(arms: tuple[Settled, Settled], index: int) -> int | None:
    """Return the first week in which the arms differ in a district, or None."""
    position = first_difference(arms[0].weekly, arms[1].weekly, (arms[0].ladders, arms[1].ladders), index)
    return None if position is None else position - arms[0].warmup


def twins(
    units: tuple[Unit, Unit], arms: tuple[Settled, Settled], key: tuple[int, int], fork: int | None, engine: Engine
) -> tuple[Progress, Progress]:
    """Return both arms of one district: run once up to the fork, then twice."""
    base_unit, pilot_unit = units
    if base_unit is not pilot_unit:
        ends = [advance(u, s, key, begin(u, s), s.weeks, engine) for u, s in zip(units, arms, strict=True)]
        return ends[0], ends[1]
    weeks = arms[0].weeks
    shared = advance(base_unit, arms[0], key, begin(base_unit, arms[0]), weeks if fork is None else fork, engine)
    if fork is None:
        return shared, shared
    one, other = (advance(base_unit, arm, key, shared, weeks, engine) for arm in arms)
    return one, other
