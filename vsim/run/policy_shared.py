"""Runs that part from one base share its history: under each luck the base is run up to where mixes begin, once.

What comes out is what each run would be alone; a test holds their checksums together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vsim.rng import stream_key
from vsim.run.compare import first_fork
from vsim.run.district import Progress, advance, begin
from vsim.run.policy_seen import Luck
from vsim.run.run import Run, simulate
from vsim.run.settle import Settled, settle
from vsim.run.sweep_work import cities
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.ledgers import Book, Ledgers

ROOM = 1 << 28                # bytes of histories that are kept; beyond it they are run again


@dataclass(frozen=True)
class Arm:
    """A scenario as it parts from the base.

    Attributes
    ----------
    scenario : Scenario
    settled : Settled or None
        None when it shares no history, since its people or its classes of people are others.
    forks : tuple of int or None
        First week in which each district differs from the base; None where it never does.
    """

    scenario: Scenario
    settled: Settled | None
    forks: tuple[int | None, ...]


class Shared:
    """Runs of scenarios beside one base.

    Parameters
    ----------
    base : Scenario
    others : iterable of Scenario
        Scenarios that are likely to be run, which tell up to where histories are kept.
    """

    def __init__(self, base: Scenario, others: Iterable[Scenario] = ()) -> None:
        self.base = base
        self.city: list[Unit] = cities.of(base)
        self._settled = settle(base, self.city)
        self._kept: dict[tuple[Luck, int], Progress] = {}
        self._bytes = 0
        forks = [arm.forks for arm in map(self.arm, others) if arm.settled is not None]
        weeks = self._settled.weeks
        self._first = [min((weeks if one[place] is None else one[place] or 0 for one in forks), default=weeks)
                       for place in range(len(self.city))]

    def arm(self, scenario: Scenario) -> Arm:
        """Return a scenario as it parts from the base."""
        if scenario is self.base:
            return Arm(scenario, self._settled, (None,) * len(self.city))
        if scenario.canonical()["parameters"] != self.base.canonical()["parameters"]:
            return Arm(scenario, None, ())
        settled = settle(scenario, self.city)
        if settled.patterns != self._settled.patterns:
            return Arm(scenario, None, ())
        return Arm(scenario, settled, tuple(first_fork((self._settled, settled), i) for i in range(len(self.city))))

    def run(self, arm: Arm, luck: Luck) -> Run:
        """Return a run under one luck; two runs under the same luck must not be asked for at once."""
        seed, replicate = luck
        if arm.settled is None:
            return simulate(arm.scenario, seed, replicate=replicate, engine="kernels", threads=1,
                            city=cities.of(arm.scenario))
        ends = [self._end(arm.settled, arm.forks[place], luck, place) for place in range(len(self.city))]
        return Run(arm.scenario, seed, replicate, arm.settled, self.city, ends)

    def _end(self, settled: Settled, fork: int | None, luck: Luck, place: int) -> Progress:
        """Return what a district comes to."""
        unit, key = self.city[place], stream_key(*luck)
        until = settled.weeks if fork is None else fork
        now = advance(unit, self._settled, key, self._history(luck, place, until), until)
        if fork is None:
            return now
        now.ledgers = with_room(now.ledgers, begin(unit, settled).ledgers)
        return advance(unit, settled, key, now, settled.weeks)

    def _history(self, luck: Luck, place: int, until: int) -> Progress:
        """Return how far the base had come in a district at some week, not after `until`."""
        kept = self._kept.get((luck, place))
        if kept is not None and kept.week <= until:
            return kept
        unit, week = self.city[place], min(until, self._first[place])
        now = begin(unit, self._settled)
        if week == self._settled.weeks:
            return now
        now = advance(unit, self._settled, stream_key(*luck), now, week)
        size = bytes_of(now)
        if kept is not None or self._bytes + size <= ROOM:
            self._bytes += size if kept is None else 0
            self._kept[luck, place] = now
        return now


def with_room(ledgers: Ledgers, like: Ledgers) -> Ledgers:
    """Return books at least as long as others, so that none is found too short and the weeks are run again."""
    longer: dict[str, Any] = {}
    for book, count in zip(Book, ledgers.counts.tolist(), strict=True):
        if like[book].shape[0] > ledgers[book].shape[0]:
            longer[Ledgers._fields[book]] = np.zeros(like[book].shape, dtype=np.int32)
            longer[Ledgers._fields[book]][:count] = ledgers[book][:count]
    return ledgers._replace(**longer)


def bytes_of(progress: Progress) -> int:
    """Return the bytes of the arrays of a progress."""
    parts = (*progress.state, *progress.bodies, *progress.ledgers, progress.counts.people, progress.counts.tasks)
    return sum(int(np.asarray(part).nbytes) for part in parts)
