"""Run the weeks of one district, compiled or plain: what the run, the twin arms and the nation have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from vsim.errors import UsageError, VsimError, did_you_mean
from vsim.kernels.build import kernels
from vsim.kernels.layout import (
    empty_agenda,
    empty_records,
    first_sheets,
    flat_lookups,
    flat_tables,
    lean,
    pack,
    pack_bodies,
    unpack_bodies,
)
from vsim.run.making import draw
from vsim.run.settle import Settled
from vsim.run.simulate import Counts, empty_counts, plain_weeks
from vsim.world.bodies import Bodies, copy_bodies, first_bodies
from vsim.world.city import Unit
from vsim.world.ledgers import Book, Ledgers, copy_ledgers, empty_ledgers, longer
from vsim.world.state import State, copy_state
from vsim.world.weekly import district_rows

Engine = Literal["kernels", "oracle"]
ENGINES = ("kernels", "oracle")
FEW = 2                       # residents below whom the plain weeks are run: see `vsim.kernels.layout.empty_records`
MOST = 1 << 24                # residents of a district: an entry of the agenda has 24 bits for the position of one
FEW_SHEETS = -2               # what the kernels return when the agenda had no room
PLACES = 8                    # placements a resident that a week of the kernels has room for


@dataclass(slots=True)
class Progress:
    """How far one district has come: people, organisations, books and counts. Copy it to fork two arms."""

    state: State
    bodies: Bodies
    ledgers: Ledgers
    counts: Counts
    week: int                 # the next week to run

    def copy(self) -> Progress:
        """Return a progress that shares no memory with this one."""
        counts = Counts(self.counts.people.copy(), self.counts.tasks.copy())
        return Progress(
            copy_state(self.state), copy_bodies(self.bodies), copy_ledgers(self.ledgers), counts, self.week
        )


def begin(unit: Unit, settled: Settled) -> Progress:
    """Return a district before its first week of run-up, with books about as long as the weeks will need."""
    weeks, place, now = settled.length, settled.place(unit), settled.weekly
    expected = int(unit.sources.rate.sum() >> 32) + 4
    rough = max(64, weeks * expected * 2)
    courses = int(((now.seats[place] + now.more_seats[place]) >> 10).sum()) + weeks
    stars = unit.people.ids.size // 4 if now.ladder[place].any() else 0
    points = rough * 4 if now.points_hour[place].any() else 0
    credits = rough * 4 if now.credit_hour[place].any() else 0
    events = 10 * unit.organisations.weight.size          # a look needs room for six each
    capacity = (max(256, rough * 4), rough, courses + 64, stars + 64, points + 64, credits + 64, events + 64)
    return Progress(
        copy_state(unit.state), first_bodies(unit.organisations, settled.params.trust_level),
        empty_ledgers(weeks, capacity), empty_counts(weeks), -settled.warmup,
    )


def advance(
    unit: Unit, settled: Settled, key: tuple[int, int], progress: Progress, until: int, engine: Engine = "kernels"
) -> Progress:
    """Return the district after the week before `until`; the progress given is not changed.

    Parameters
    ----------
    unit, settled : Unit, Settled
    key : Philox key of the run (seed and replicate)
    progress : Progress
    until : int
        The first week that is not run.
    engine : {"kernels", "oracle"}
        Compiled, or the plain NumPy that it must equal.
    """
    if engine not in ENGINES:
        raise UsageError(f"engine is '{engine}'; allowed {', '.join(ENGINES)}.{did_you_mean(engine, ENGINES)}")
    if until <= progress.week:
        return progress.copy()
    if engine == "oracle" or unit.people.ids.size < FEW:
        plain = progress.copy()
        plain.ledgers = plain_weeks(unit, plain.state, plain.bodies, settled, settled.reach(unit), key, plain.ledgers,
                                    plain.counts, range(progress.week, until))
        plain.week = until
        return plain
    if unit.people.ids.size > MOST:
        raise UsageError(f"run: district {unit.district.code} has {unit.people.ids.size:,} residents; "
                         f"allowed {MOST:,}. Give the world more districts.")
    run_weeks = kernels().run_weeks
    index, place = unit.district.index, settled.place(unit)
    rows, reach = pack(district_rows(settled.weekly, place)), settled.reach(unit, draw)
    fixed = lean(unit.people, unit.sources, settled.sites[place], unit.organisations)
    params, lookups = np.array(settled.params, dtype=np.int64), flat_lookups(settled.looks(unit.district))
    sheets = first_sheets(unit.people.ids.size)
    records = empty_records(progress.state, fixed.people)
    start = progress
    while True:
        work = start.copy()
        bodies, town = pack_bodies(work.bodies)
        agenda = empty_agenda(unit.people.ids.size, rows.persons.shape[2], sheets, work.state.asks)
        short = run_weeks(
            np.int64(work.week), np.int64(until), np.int64(settled.warmup), np.int64(index), work.state, fixed.people,
            reach, unit.join_trait, unit.ready, records, town, bodies, unit.ties, fixed.sources, fixed.sites,
            fixed.organisations, params, flat_tables(), lookups, rows, settled.ladders, np.uint64(key[0]),
            np.uint64(key[1]), work.ledgers, work.counts.people, work.counts.tasks, agenda,
        )
        if short == 0:
            work.bodies, work.week = unpack_bodies(bodies, town), until
            return work
        if short == FEW_SHEETS:
            sheets *= 4
            continue
        if short < 0:
            raise VsimError(f"run: district {unit.district.code} placed more than {PLACES} tasks a resident in a week; "
                            "lower demand.tasks or choice.extra_mean.")
        start = start.copy()
        start.ledgers = longer(longer(start.ledgers, Book(short - 1)), Book(short - 1))       # the weeks run again
