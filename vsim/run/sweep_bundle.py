"""Jobs that share their history are done together: arms that part from one base, under one luck.

A district runs once for as long as the tables of its arms are the same, and an arm that never touches it takes what the
base came to. What is kept of each run is what it would be alone: a test holds the bytes of both ways together, and in
every sweep a share of the runs is run again, each alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run.compare import first_fork
from vsim.run.district import Progress, advance, begin
from vsim.run.reach import patterns_of
from vsim.run.run import Run
from vsim.run.settle import Settled, in_force, settle
from vsim.run.store import Packed
from vsim.run.sweep_plan import Runs
from vsim.run.sweep_work import Job, cities, packed, work
from vsim.world.city import Unit

MOST = 8                      # jobs of a bundle


@dataclass(frozen=True)
class Bundle:
    """Jobs that are done together.

    Attributes
    ----------
    jobs : tuple of Job
        Runs that are wanted, under one luck and with the people of the base; or one job of any kind.
    base : Job or None
        The run that they part from; it is wanted itself when it is one of them. None for a job by itself.
    """

    jobs: tuple[Job, ...]
    base: Job | None = None


def bundles(runs: Runs, wanted: Iterable[Job]) -> list[Bundle]:
    """Return jobs as bundles: those that part from one base under one luck together, all others alone."""
    left = {job.key: job for job in wanted}
    groups: dict[str, tuple[Job, list[Job]]] = {}
    for cell in runs.cells:
        for place, job in enumerate(cell.jobs):
            base = job if cell.base is None else cell.base.jobs[place]
            alike = (base.seed, base.replicate, base.plain["parameters"]) == (
                job.seed, job.replicate, job.plain["parameters"])
            if alike and job.key in left:
                groups.setdefault(base.key, (base, []))[1].append(left.pop(job.key))
    out = []
    for base, jobs in groups.values():
        for first in range(0, len(jobs), MOST):
            some = tuple(jobs[first : first + MOST])
            out.append(Bundle(some, base if len(some) > 1 else None))
    return out + [Bundle((job,)) for job in left.values()]


def work_bundle(bundle: Bundle) -> list[Packed]:
    """Return what the jobs of a bundle came to, in their order."""
    base = bundle.base
    if base is None:
        return [work(job) for job in bundle.jobs]
    city = cities.of(base.scenario, base.plain)
    scenarios = [base.scenario, *(job.scenario for job in bundle.jobs)]
    places = [unit.district for unit in city]
    try:
        patterns = patterns_of([policy for one in scenarios for policy in in_force(one, places)])
    except UsageError:                              # more patterns than one run can have: each has few enough alone
        return [work(job) for job in bundle.jobs]
    arms = [settle(one, city, patterns) for one in scenarios]
    key = stream_key(base.seed, base.replicate)
    ends = [list(_district(unit, arms, index, key)) for index, unit in enumerate(city)]
    return [
        packed(job, Run(job.scenario, job.seed, job.replicate, arms[1 + place], city, [end[place] for end in ends]))
        for place, job in enumerate(bundle.jobs)
    ]


def _district(unit: Unit, arms: list[Settled], index: int, key: tuple[int, int]) -> Iterator[Progress]:
    """Yield what one district comes to in each arm but the first, the base, whose history they share."""
    base, weeks = arms[0], arms[0].weeks
    forks = [first_fork((base, arm), index) for arm in arms[1:]]
    now = begin(unit, base)
    ends: dict[int, Progress] = {}
    for place in sorted(range(len(forks)), key=lambda place: weeks if forks[place] is None else forks[place] or 0):
        fork = forks[place]
        now = advance(unit, base, key, now, weeks if fork is None else fork)
        ends[place] = now if fork is None else advance(unit, arms[1 + place], key, now, weeks)
    return iter(ends[place] for place in range(len(forks)))
