"""A run: one scenario, one seed, one replicate - what truly happened, and where it came from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.kernels.build import is_loaded
from vsim.rng import stream_key
from vsim.run.district import Engine, Progress, advance, begin
from vsim.run.making import make_city
from vsim.run.settle import Settled, settle, week_dates
from vsim.spec.feedback import refuse_feedback
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit, city_bytes_per_resident, city_of
from vsim.world.ledgers import Book
from vsim.world.metrics import A, M
from vsim.world.people import CELLS

if TYPE_CHECKING:
    import pandas as pd

Int = NDArray[np.int64]
MODEL_VERSION = "0.2"         # rises when any output of a preset changes
LOADING = 1_500_000           # resident-weeks that take plain NumPy as long as it takes to load the compiled engine
DISTRICT = 2000               # residents who take plain NumPy as long as what it does once a district and week
COLUMNS = tuple(m.name.lower() for m in M)
TASK_COLUMNS = tuple(a.name.lower() for a in A)


class Digest(Protocol):
    """What reads bytes and sums them up, as those of hashlib do."""

    def update(self, data: bytes | memoryview, /) -> object:
        """Read some bytes."""


@dataclass
class Run:
    """What happened in one run; the counts begin at week 0 (the run-up is left out).

    Attributes
    ----------
    scenario, seed, replicate : what the run is a function of
    people : ndarray of int64, shape (districts, weeks, cells, len(COLUMNS))
    tasks : ndarray of int64, shape (districts, weeks, len(TASK_COLUMNS))
    """

    scenario: Scenario
    seed: int
    replicate: int
    settled: Settled
    city: list[Unit]
    ends: list[Progress]

    @cached_property
    def people(self) -> Int:
        """Weekly counts of residents by district and cell."""
        return np.stack([end.counts.people[self.settled.warmup :] for end in self.ends])

    @cached_property
    def tasks(self) -> Int:
        """Weekly counts of tasks by district."""
        return np.stack([end.counts.tasks[self.settled.warmup :] for end in self.ends])

    @property
    def state_bytes_per_resident(self) -> float:
        """Bytes of memory for each resident: person, ties and state."""
        return city_bytes_per_resident(self.city)

    @property
    def resident_weeks(self) -> int:
        """Residents times weeks simulated, run-up included."""
        return sum(unit.people.ids.size for unit in self.city) * self.settled.length

    @property
    def checksum(self) -> str:
        """SHA-256 of all counts and of the last state, as little-endian integers: equal runs, equal checksums."""
        digest = hashlib.sha256()
        for end in self.ends:
            feed(digest, end)
        return digest.hexdigest()

    def weekly(self, by: str = "district") -> pd.DataFrame:
        """Return weekly counts as a tidy table, true and recorded (quarter hours where hours are counted).

        Parameters
        ----------
        by : {"district", "cell", "all"}
            One row for each week and district, each week and cell of residents, or each week.
        """
        import pandas as pd

        axes = {"district": (2,), "cell": (0,), "all": (0, 2)}
        if by not in axes:
            raise UsageError(f"by is '{by}'; allowed district, cell, all.")
        counts = self.people.sum(axis=axes[by])
        weeks = np.arange(self.settled.weeks)
        dates = pd.to_datetime(week_dates(self.settled))
        if by == "all":
            frame = pd.DataFrame(counts, columns=list(COLUMNS))
            frame.insert(0, "week", weeks)
            frame.insert(1, "date", dates)
            return frame.join(pd.DataFrame(self.tasks.sum(axis=0), columns=list(TASK_COLUMNS)))
        names = [u.district.code for u in self.city] if by == "district" else list(range(CELLS))
        if by == "cell":
            counts = counts.transpose(1, 0, 2)
        frame = pd.DataFrame(counts.reshape(-1, len(M)), columns=list(COLUMNS))
        frame.insert(0, by, np.repeat(names, weeks.size))
        frame.insert(1, "week", np.tile(weeks, len(names)))
        frame.insert(2, "date", np.tile(dates.to_numpy(), len(names)))
        if by == "district":
            frame = frame.join(pd.DataFrame(self.tasks.reshape(-1, len(A)), columns=list(TASK_COLUMNS)))
        return frame

    def provenance(self) -> dict[str, Any]:
        """Return what the run is a function of: scenario hash, seed, replicate, model version, checksum."""
        return {
            "scenario": self.scenario.name, "scenario_hash": self.scenario.hash, "seed": self.seed,
            "replicate": self.replicate, "model_version": MODEL_VERSION, "checksum": self.checksum,
        }


def feed(digest: Digest, end: Progress) -> None:
    """Let a digest read what one district came to: counts, state and books as little-endian integers."""
    for array in (end.counts.people, end.counts.tasks, *end.state, *end.bodies):
        digest.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).data)
    for book, count in zip(end.ledgers[: len(Book)], end.ledgers.counts, strict=True):
        digest.update(np.ascontiguousarray(book[: int(count)]).astype("<i4", copy=False).data)


def default_threads() -> int:
    """Return the number of threads to use: the processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class Engines:
    """Which engine is done sooner: plain NumPy, until this process has spent on it what loading the other costs."""

    spent: int = 0            # resident-weeks

    def fitting(self, scenario: Scenario) -> Engine:
        """Return the engine for a run, and take note of it."""
        world, weeks = scenario.world, scenario.weeks + scenario.warmup_weeks
        self.spent += weeks * (world.residents + DISTRICT * world.districts)
        return "kernels" if is_loaded() or self.spent > LOADING else "oracle"


engines = Engines()


def simulate(
    scenario: Scenario, seed: int = 1, *, replicate: int = 0, engine: Engine | Literal["auto"] = "auto",
    threads: int | None = None, city: list[Unit] | None = None, progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run a scenario once and return what happened.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        The luck of the run; the people and places come from the seed of the scenario's world.
    replicate : int
        Which of many independent lucks under one seed.
    engine : {"auto", "kernels", "oracle"}
        Compiled, or plain NumPy (for reading, tests and small runs). Both give the same values; `auto` takes the one
        that is done sooner, see `Engines`.
    threads : int, optional
        Districts run side by side; the values do not depend on it. Default: the processors available.
    city : list of Unit, optional
        The scenario's city when it has been made already.
    progress : callable, optional
        Called with (districts done, districts in all).

    Raises
    ------
    UsageError
        When the world is too large to be kept in memory, or the scenario has feedback.
    """
    refuse_feedback(scenario.feedback, "simulate")
    if engine == "auto":
        engine = engines.fitting(scenario)
    if city is None:
        made = make_city if engine == "kernels" else city_of
        city = made(scenario.world, scenario.warmup_weeks, scenario.values)
    units = city
    settled = settle(scenario, units)
    key = stream_key(seed, replicate)
    done = 0

    def one(unit: Unit) -> Progress:
        return advance(unit, settled, key, begin(unit, settled), settled.weeks, engine)

    ends: list[Progress] = []
    with ThreadPoolExecutor(max_workers=threads or default_threads()) as pool:
        for end in chain([one(units[0])], pool.map(one, units[1:])):     # compiled in this thread, so Ctrl-C works
            ends.append(end)
            done += 1
            if progress is not None:
                progress(done, len(units))
    return Run(scenario, seed, replicate, settled, units, ends)
