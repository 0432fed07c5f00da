"""Sweeps: every run of a study, wherever it is computed, kept in a store, and summed up in one tidy table.

What is already in the store is not run again, so a sweep that was stopped goes on where it stood; a keyed hundredth of
its runs is run again all the same, and must come out as it is kept.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from vsim.errors import DataError, UsageError, did_you_mean
from vsim.evaluate.indicators import indicator
from vsim.run.backend import Results, in_processes, in_threads, on_scheduler
from vsim.run.run import default_threads
from vsim.run.store import Packed, Store
from vsim.run.sweep_bundle import Bundle, bundles, work_bundle
from vsim.run.sweep_files import Work, check_out, write_out
from vsim.run.sweep_plan import Runs, content_of, runs_of
from vsim.run.sweep_table import table_of
from vsim.run.sweep_work import Job
from vsim.spec.design_study import Loaded, load_study
from vsim.world.city import check_size

if TYPE_CHECKING:
    import pandas as pd

Backend = Literal["threads", "processes"]
BACKENDS = ("threads", "processes")
STORE = "runs"
AGAIN = 0.01                  # share of the runs that is run again
Moved = Callable[[int, int], None]
Place = Callable[[Sequence[Bundle]], Results[list[Packed]]]


@dataclass(frozen=True)
class Sweep:
    """A study that is ready to run: everything about it has been checked, and nothing is run or written yet."""

    folder: Path
    runs: Runs
    store: Store
    place: Place
    where: str
    check: float

    def missing(self) -> list[Job]:
        """Return the jobs that the store does not hold."""
        return left(self.runs, self.store)

    def run(self, progress: Moved | None = None) -> pd.DataFrame:
        """Run what is missing and a share of the rest again, write the table with its manifest, and return it.

        Raises
        ------
        DataError
            When a run that was run again is not what is kept; it is named.
        """
        begun = perf_counter()
        self.store.sweep()
        todo, again = self.missing(), chosen(self.runs.jobs(), self.check)
        done, total = 0, len(todo) + len(again)
        alone = [Bundle((job,)) for job in again]
        for some, take in ((bundles(self.runs, todo), self.store.put), (alone, self.store.check)):
            with closing(_worked(self.place, some)) as results:     # what goes wrong here ends the workers at once
                for packed in results:
                    take(packed)
                    done += 1
                    if progress is not None:
                        progress(done, total)
        table = table_of(self.runs, self.store)
        work = Work(len(todo), [job.key for job in again], self.where, perf_counter() - begun)
        write_out(self.folder, self.runs, table, work)
        return table


def prepare(
    study: str | Path | Loaded, out: str | Path, *, jobs: int | None = None, backend: Backend = "threads",
    scheduler: str | None = None, store: str | Path | None = None, points: pd.DataFrame | None = None,
    check: float = AGAIN, force: bool = False,
) -> Sweep:
    """Return a study that is ready to run; see `sweep`."""
    folder = Path(out)
    place = where(backend, scheduler, jobs or default_threads())
    kept = Store(Path(store) if store is not None else folder / STORE)
    runs = runs_of(read(study), points)
    check_size(runs.cells[0].scenario.world)
    chosen([], check)
    check_out(folder, content_of(runs), force)
    return Sweep(folder, runs, kept, place, scheduler or backend, check)


def sweep(
    study: str | Path | Loaded, out: str | Path, *, jobs: int | None = None, backend: Backend = "threads",
    scheduler: str | None = None, store: str | Path | None = None, points: pd.DataFrame | None = None,
    check: float = AGAIN, force: bool = False, progress: Moved | None = None,
) -> pd.DataFrame:
    """Run a study and write its table; return it.

    Parameters
    ----------
    study : str, Path or Loaded
        A study file, or a study made in Python (`vsim.spec.design_study.assembled`).
    out : str or Path
        Folder of `table.csv`, `table.parquet`, `runs.csv`, `design.csv` and `manifest.json`.
    jobs : int, optional
        Runs at a time; by default the processors.
    backend : {"threads", "processes"}
        Where they run; the result does not depend on it.
    scheduler : str, optional
        Address of a Dask scheduler, in place of a backend.
    store : str or Path, optional
        Folder of the run store; by default `runs` in `out`. Studies may share one.
    points : DataFrame, optional
        The design, a column for each factor, in place of that of the study.
    check : float
        Share of the runs that is run again and held against the store; 0 for none.
    force : bool
        Write over the table of another study.
    progress : callable, optional
        Called with (runs done, runs in all).

    Raises
    ------
    UsageError
        For whatever is wrong with the study, before anything is run.
    DataError
        When a run that was run again is not what is kept; it is named.
    """
    ready = prepare(study, out, jobs=jobs, backend=backend, scheduler=scheduler, store=store, points=points,
                    check=check, force=force)
    return ready.run(progress)


def read(study: str | Path | Loaded) -> Loaded:
    """Return a study with its scenarios, from its file unless it has been read already."""
    return study if isinstance(study, Loaded) else load_study(study, indicator)


def left(runs: Runs, store: Store) -> list[Job]:
    """Return the jobs of a study that its store does not hold."""
    jobs = {job.key: job for job in runs.jobs()}
    return [jobs[key] for key in store.missing(jobs)]


def chosen(jobs: Sequence[Job], share: float) -> list[Job]:
    """Return the jobs to run again: a share, one at least, with the lowest hashes, so the choice has no luck in it.

    Raises
    ------
    UsageError
        When the share is none.
    """
    if not 0 <= share <= 1:
        raise UsageError(f"sweep: check is {share}; allowed a share, 0 to 1.")
    lowest = sorted(jobs, key=lambda job: hashlib.sha256(f"again {job.key}".encode()).hexdigest())
    return lowest[: math.ceil(share * len(jobs))]


def where(backend: str, scheduler: str | None, jobs: int) -> Place:
    """Return what runs jobs.

    Raises
    ------
    UsageError
        When there is no such backend, or no job may run.
    """
    if backend not in BACKENDS:
        raise UsageError(f"sweep: backend is '{backend}'; allowed {', '.join(BACKENDS)}, or a scheduler's address."
                         f"{did_you_mean(backend, BACKENDS)}")
    if jobs < 1:
        raise UsageError(f"sweep: jobs is {jobs}; allowed 1 or more.")
    if scheduler is not None:
        return lambda items: on_scheduler(work_bundle, items, scheduler)
    pool = in_threads if backend == "threads" else in_processes
    return lambda items: pool(work_bundle, items, jobs)


def _worked(place: Place, some: Sequence[Bundle]) -> Generator[Packed, None, None]:
    """Yield what the jobs of bundles came to, in the order in which they are done."""
    with closing(place(some)) as results:
        for index, found in results:
            for job, packed in zip(some[index].jobs, found, strict=True):
                if packed.key != job.key:
                    raise DataError(f"sweep: a worker computed run {packed.key} where {job.key} was asked for: it has "
                                    "another version of the model. Install the same vsim there.")
                yield packed
