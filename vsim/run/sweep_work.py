"""What a worker of a sweep does: one run, or the weeks in which two arms part, from what is declared to what is kept.

A job names everything that its result is a function of; where it runs - a thread, a process, another machine - changes
nothing. The people of a world are kept in the process for the next job, since most jobs of a sweep share them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vsim.run.compare import first_fork
from vsim.run.making import make_city
from vsim.run.policy_costs import yuan_of
from vsim.run.reach import patterns_of
from vsim.run.register_counts import register_counts
from vsim.run.run import MODEL_VERSION, Run, simulate
from vsim.run.settle import in_force, settle
from vsim.run.store import Int, Packed, key_of, pack
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit

FORMAT = 1
KEPT = 4                      # cities that a process keeps
Canonical = dict[str, Any]
SAME = -(1 << 40)             # stands for a week in which two arms part, when they never do


@dataclass(frozen=True)
class Job:
    """One run of a sweep; or, with `other`, where that scenario parts from this one.

    Attributes
    ----------
    scenario : Scenario
    seed, replicate : int
    outputs : tuple of str
        What is kept: "weekly" counts, "costs" in fen by policy, and what the "register" says by district and week.
    other : Scenario, optional
    settled : tuple of mapping, optional
        `canonical()` of the scenario, and of the other, where many jobs share them.
    """

    scenario: Scenario
    seed: int = 0
    replicate: int = 0
    outputs: tuple[str, ...] = ("weekly",)
    other: Scenario | None = None
    settled: tuple[Canonical, ...] = ()

    @cached_property
    def plain(self) -> Canonical:
        """The scenario as plain values."""
        return self.settled[0] if self.settled else self.scenario.canonical()

    @cached_property
    def content(self) -> dict[str, Any]:
        """All that the result is a function of."""
        common = {"format": FORMAT, "model_version": MODEL_VERSION, "scenario": self.plain}
        if self.other is not None:
            return common | {"kind": "forks", "other": self.settled[1] if self.settled else self.other.canonical()}
        return common | {"kind": "run", "seed": self.seed, "replicate": self.replicate, "outputs": list(self.outputs)}

    @cached_property
    def key(self) -> str:
        """The key of the result in a store."""
        return key_of(self.content)


class Cities:
    """The people of the last few worlds of this process; two threads do not make the same ones twice."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, list[Unit]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scenario: Scenario, settled: Canonical | None = None) -> list[Unit]:
        """Return the city of a scenario, in which nobody may write; `settled` is its `canonical()`, when known."""
        settled = settled or scenario.canonical()
        key = key_of({name: settled[name] for name in ("world", "warmup_weeks", "parameters")})
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make_city(scenario.world, scenario.warmup_weeks, scenario.values)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]


cities = Cities()


def work(job: Job) -> Packed:
    """Return what a job came to, as it is kept."""
    if job.other is not None:
        return pack(job.content, {"forks": forks(job.scenario, job.other)})
    return packed(job, simulate(job.scenario, job.seed, replicate=job.replicate, engine="kernels", threads=1,
                                city=cities.of(job.scenario, job.plain)))


def packed(job: Job, run: Run) -> Packed:
    """Return what a run of a job is kept as."""
    arrays: dict[str, Int] = {}
    if "weekly" in job.outputs:
        arrays |= {"people": run.people.sum(axis=2), "tasks": run.tasks, "cells": run.people.sum(axis=0).swapaxes(0, 1)}
    if "costs" in job.outputs:
        arrays["fen"] = np.rint(yuan_of(run) * 100).astype(np.int64)
    if "register" in job.outputs:
        arrays |= register_counts(run)
    return pack(job.content, arrays, run.checksum)


def forks(base: Scenario, pilot: Scenario) -> Int:
    """Return the first week in which each district's tables differ between two arms, shape (districts,).

    `SAME` where they never do; the first week of the run-up everywhere when parameters differ.
    """
    one, other = cities.of(base), cities.of(pilot)
    if base.canonical()["parameters"] != pilot.canonical()["parameters"]:
        return np.full(len(one), -base.warmup_weeks, dtype=np.int64)
    units = [unit.district for unit in one]
    patterns = patterns_of([*in_force(base, units), *in_force(pilot, units)])
    arms = settle(base, one, patterns), settle(pilot, other, patterns)
    weeks = [first_fork(arms, i) for i in range(len(one))]
    return np.array([SAME if week is None else week for week in weeks], dtype=np.int64)
