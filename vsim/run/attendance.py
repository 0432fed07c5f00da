"""Steps 8 and 9 of the week, plain: the placed come or not, stand-ins take empty seats, who is needed serves.

Hours given are hours received: whoever comes to a task that has its people already is sent home and gives none.
`vsim.kernels.attendance` is the compiled twin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.process import belonging, choice, matching, recording, service
from vsim.world.board import Board
from vsim.world.city import Unit
from vsim.world.ledgers import BREACH, INCIDENT, SECOND, SHOWED, STAND_IN, UNUSED, Book, Ledgers, add_row
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.settings import Lookups
from vsim.world.state import NEVER, State

Int = NDArray[np.int64]


class Luck(NamedTuple):
    """What keyed draws make of one placement: of the attendance, then of its record."""

    shows: bool
    hours: int                # true quarter hours, if needed
    hurt: bool
    breach: bool
    spare: int                # a word of 16 bits, for whoever stands in
    flags: int
    entered: int              # quarter hours in the register
    due: int                  # week of entry


@dataclass(slots=True)
class Day:
    """The attendances of one district in one week, as they come to be.

    `hours` holds this week's true quarter hours of each resident, `host` the organisation served last.
    """

    unit: Unit
    state: State
    board: Board
    lookups: Lookups
    reach: NDArray[np.uint8]
    key: tuple[int, int]
    week: int
    warmup: int
    first_task: int
    ledgers: Ledgers
    count: Int                # (cells, M)
    area: Int                 # (A,)
    hours: Int                # (n,)
    host: Int                 # (n,)

    def tally(self, person: int, metric: M, amount: int = 1) -> None:
        """Add to a metric in the cell of a person."""
        self.count[self.unit.people.cell[person], metric] += amount


def serve(day: Day, placed: matching.Placed, reserve: list[int]) -> list[int]:
    """Let the placed come, and stand-ins for some who do not; return those of the reserve who were not asked.

    Parameters
    ----------
    day : Day
    placed : Placed
        From `vsim.process.matching.place`.
    reserve : list of int
        Who wanted to serve and found no seat, first served first.
    """
    waiting = list(reserve)
    luck = lucks(day, placed.placements)
    for number, (person, task) in enumerate(placed.placements):
        day.tally(person, M.PLACED)
        spare = come(day, person, task, 0 if number < placed.direct else SECOND, luck[number])
        if spare is None:
            continue
        day.tally(person, M.ABSENT)
        if spare < int(day.board.now.stand_in):
            other = step_in(day, waiting, task)
            if other is not None:
                come(day, other, task, STAND_IN, lucks(day, [(other, task)])[0])
    return waiting


def lucks(day: Day, placements: list[tuple[int, int]]) -> list[Luck]:
    """Return what keyed draws make of placements (person, task) of this week, as they are or would be."""
    if not placements:
        return []
    unit, board = day.unit, day.board
    person, task = np.array(placements, dtype=np.int64).T
    found = service.attend(day.key, unit.people, day.state, person, task, board, day.lookups, day.reach, day.week)
    entry = recording.enter(
        day.key, unit.people.ids[person], unit.sources.ids[board.tasks.source[task]], found.hours,
        recording.errors_of(board.params, board.now), day.reach[person], day.lookups, day.week,
    )
    return [Luck(*row) for row in zip(*(column.tolist() for column in (*found, *entry)), strict=True)]


def step_in(day: Day, waiting: list[int], task: int) -> int | None:
    """Take the first who may take the task off the list of those waiting and return them, or None."""
    people, who = day.unit.people, np.array(waiting, dtype=np.int64)
    covered = choice.insured(day.key, people.ids[who], int(day.board.now.cover))
    trained = day.state.trained[who] >= day.week
    may = np.flatnonzero(choice.open_to(day.board, people, who, np.full_like(who, task), trained, covered))
    return waiting.pop(int(may[0])) if may.size else None


def come(day: Day, person: int, task: int, mark: int, luck: Luck) -> int | None:
    """Let one placed person come and serve; return None when they came, else a spare word of 16 bits."""
    unit, board, state = day.unit, day.board, day.state
    line = int(day.ledgers.counts[Book.PLACEMENTS])
    day.ledgers = add_row(
        day.ledgers, Book.PLACEMENTS, (day.week, person, day.first_task + task, 0, 0, 0, mark, -1)
    )
    if not luck.shows:
        return luck.spare
    if mark == STAND_IN:
        day.tally(person, M.STOOD_IN)
    row = day.ledgers.tasks[day.first_task + task]
    if row[4] >= board.tasks.needed[task]:
        day.tally(person, M.UNUSED)
        day.ledgers.placements[line, 6] = mark + SHOWED + UNUSED
        service.sent_home(state, person, board.params)
        return None
    source = int(board.tasks.source[task])
    host, hours, hurt = int(unit.sources.organisation[source]), luck.hours, luck.hurt
    service.experience(state, unit.people, person, task, board, hurt, day.week)
    flags, entered, due = luck.flags, luck.entered, luck.due
    if day.hours[person] == 0:
        day.tally(person, M.SERVING)
    day.hours[person] += hours
    day.host[person] = host
    board.bodies.came[host] += 1
    board.bodies.hours[host] += hours
    row[4] += 1
    day.area[A.STAFFED] += 1
    day.area[A.RECEIVED] += hours
    note(day, person, hours, flags, entered)
    required = int(board.now.duty[day.reach[person]])
    if belonging.owe(state, person, hours, required, int(board.bodies.quality[host]), board.params):
        day.tally(person, M.DUTY_DONE)
    day.tally(person, M.INCIDENTS, int(hurt))
    day.tally(person, M.BREACHES, int(luck.breach))
    day.tally(person, M.ONLINE, int(board.tasks.online[task]))
    marks = mark + SHOWED + INCIDENT * hurt + BREACH * luck.breach
    day.ledgers.placements[line, 3:7] = hours, entered, due, flags + marks
    if flags & recording.VERIFIED and due + day.warmup < day.ledgers.due.size:
        day.ledgers.placements[line, 7] = day.ledgers.due[due + day.warmup]
        day.ledgers.due[due + day.warmup] = line
    return None


def note(day: Day, i: int, hours: int, flags: int, entered: int) -> None:
    """Count one attendance and note it on the person."""
    state, week = day.state, day.week
    row = day.count[day.unit.people.cell[i]]
    row[M.ATTENDED] += 1
    row[M.HOURS] += hours
    row[M.SERVED_YEAR] += int(state.last[i] == NEVER or state.last[i] // YEAR != week // YEAR)
    if state.first[i] == NEVER:
        row[M.FIRST_SERVICE] += 1
        state.first[i] = week
    state.last[i] = week
    state.served[i] += np.uint32(hours)
    if flags & recording.RECORDED:
        row[M.RECORDED] += 1
        row[M.RECORDED_HOURS] += entered
        if flags & recording.COPIED:
            row[M.COPIES] += 1
            row[M.COPIED_HOURS] += entered
        if flags & recording.INFLATED:
            row[M.INFLATED_HOURS] += max(entered - hours, 0)
        row[M.ACTIVE_YEAR] += int(state.noted[i] == NEVER or state.noted[i] // YEAR != week // YEAR)
        row[M.ACTIVE_MONTH] += int(state.noted[i] == NEVER or state.noted[i] // MONTH != week // MONTH)
        state.noted[i] = week
