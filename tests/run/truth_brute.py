"""The slow oracle of the truth engine: separate full runs of the plain engine, subtracted in obvious loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.engine_worlds import town
from vsim.levers.pledge import Pledge
from vsim.levers.service_learning import ServiceLearning
from vsim.rng import stream_key
from vsim.run.district import advance, begin
from vsim.run.run import Run, simulate
from vsim.run.settle import Settled, settle
from vsim.spec.scenario import Scenario
from vsim.world.city import Unit
from vsim.world.weekly import PERSONAL

SEED, WEEKS, WIDTH, START = 5, 16, 4, 5
HALF = ServiceLearning(required=1.0, start_week=START, share=0.5, salt=3)
OATH = Pledge(chance=0.5, start_week=START, share=0.5, salt=3)
STRONG = {"belonging.oath": 0.3, "service_learning.pull": 2.0, "service_learning.join": 1.5}
_runs: dict[tuple[str, int, int], Run] = {}
Y = dict[tuple[int, int, str], float]          # (person, window, outcome) -> value


def plain_town(*policies: object, districts: int = 2, weeks: int = WEEKS, residents: int = 160) -> Scenario:
    """Return a small lively town in which campaigns move people visibly and seats are scarce."""
    return town({**STRONG, "demand.tasks": 12.0}, residents=residents, districts=districts, weeks=weeks, warmup=3,
                policies=policies)


def run_of(scenario: Scenario, replicate: int, seed: int = SEED) -> Run:
    """Return one full run of the plain engine."""
    key = scenario.hash, replicate, seed
    if key not in _runs:
        _runs[key] = simulate(scenario, seed, replicate=replicate, engine="oracle", threads=1)
    return _runs[key]


def placements(run: Run) -> Iterator[tuple[int, list[int]]]:
    """Yield (id of the person, row of the book) of every placement."""
    for unit, end in zip(run.city, run.ends, strict=True):
        for row in end.ledgers.placements[: int(end.ledgers.counts[0])].tolist():
            yield int(unit.people.ids[row[1]]), row


def lives(run: Run, width: int = WIDTH) -> Y:
    """Return what everybody did in each window of a run, by loops over the rows of the book."""
    out: Y = defaultdict(float)
    for person, row in placements(run):
        week, hours, entered, flags = row[0], row[3], row[4], row[6]
        if week < 0 or not flags & 64 or flags & 1024:        # run-up; did not come; came and was sent home
            continue
        window = week // width
        out[person, window, "hours"] += hours / 4
        out[person, window, "attendances"] += 1
        out[person, window, "active"] = 1
        if flags & 1:
            out[person, window, "recorded_hours"] += entered / 4
    return out


def people(run: Run) -> list[int]:
    return [int(i) for unit in run.city for i in unit.people.ids]


def difference(one: Y, other: Y, cells: list[tuple[int, int]], outcome: str) -> float:
    """Return the sum over cells of an outcome in one run less another."""
    total = 0.0
    for person, window in cells:
        total += one.get((person, window, outcome), 0.0) - other.get((person, window, outcome), 0.0)
    return total


@dataclass(frozen=True, slots=True)
class Odd(Settled):
    """A settled scenario in which some residents of one district have a class of their own, the last."""

    odd: tuple[int, ...] = ()

    def reach(self, unit: Unit, draw: object = None) -> np.ndarray:
        classes = settle_reach(self, unit)
        for person in self.odd:
            classes[person] = self.weekly.base.shape[2] - 1
        return classes


def settle_reach(settled: Settled, unit: Unit) -> np.ndarray:
    from vsim.run.reach import reach_of

    return reach_of(unit.people, settled.patterns, settled.people_key)


def run_with_one_changed(pilot: Scenario, other: Scenario, place: int, person: int, replicate: int) -> Y:
    """Return one district under a pilot in which one resident lives by the tables of another scenario."""
    return run_with_some_changed(pilot, other, place, [person], replicate)


def run_with_some_changed(pilot: Scenario, other: Scenario, place: int, persons: list[int], replicate: int) -> Y:
    """Return one district under a pilot in which residents of one class live by the tables of another scenario."""
    run = run_of(pilot, replicate)                            # for the city only
    unit, patterns = run.city[place], run.settled.patterns
    made = settle(other, run.city, patterns)
    (mine,) = {int(settle_reach(run.settled, unit)[person]) for person in persons} or {0}
    tables = {}
    for name in run.settled.weekly._fields:
        table = getattr(run.settled.weekly, name)
        if name in PERSONAL:
            column = getattr(made.weekly, name)[:, :, [mine]]
            table = np.concatenate([table, column + len(run.settled.ladders) * (name == "ladder")], axis=2)
        tables[name] = table
    fields = {name: getattr(run.settled, name) for name in Settled.__dataclass_fields__}
    fields |= {"weekly": run.settled.weekly._replace(**tables),
               "ladders": np.concatenate([run.settled.ladders, made.ladders])}
    odd = Odd(**fields, odd=tuple(persons))
    end = advance(unit, odd, stream_key(SEED, replicate), begin(unit, odd), pilot.weeks, "oracle")
    return lives(Run(pilot, SEED, replicate, odd, [unit], [end]))
