"""The week, and the weeks of a city.

The order of a week, numbered as in the blueprint of the model (steps that are not there yet are left out):

 1  policy schedule: tables by district and week, settled before the run     `run.settle`
 3  registration and activation                                             `process.registration`
 4  demand arises, is discovered                                            `process.demand`
 5  tasks are posted with their seats                                       `process.demand`
 6  awareness, asking, participation and choice                             `process.participation`, `process.choice`
 7  eligibility (certificate) and matching                                  `process.matching`
 8  show-up and service                                                     `process.service`
 9  recording with its errors                                               `process.recording`
11  verified hours, stars, points                                           `process.stars`, `process.points`
12  training                                                                `process.training`
13  habit, fatigue, satisfaction, exit, return                              `process.retention`
16  records and aggregates                                                  here

Inside a week: who registers may serve at once; who leaves does so after serving; nobody joins and leaves in one week.
`plain_week` is the oracle, written for reading. `vsim.kernels.week` fuses the same order into one compiled pass per
district; both write the same integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vsim.process import (
    choice,
    demand,
    matching,
    participation,
    points,
    recording,
    registration,
    retention,
    service,
    stars,
    training,
)
from vsim.rng import Stream, draw, weekly_uniform
from vsim.run.settle import Settled
from vsim.world.city import Unit
from vsim.world.ledgers import SHOWED, Book, Ledgers, longer
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.people import CELLS
from vsim.world.settings import Weekly, district_rows
from vsim.world.state import LAPSED, NEVER, UNREGISTERED, VOLUNTEER, State
from vsim.world.tasks import Tasks

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Weekly counts of one district: residents by cell, tasks."""

    people: Int               # (weeks, cells, M), run-up first
    tasks: Int                # (weeks, A)


def empty_counts(weeks: int) -> Counts:
    """Return counts of nothing for a number of weeks."""
    return Counts(np.zeros((weeks, CELLS, len(M)), np.int64), np.zeros((weeks, len(A)), np.int64))


def add_row(ledgers: Ledgers, book: Book, row: tuple[int, ...]) -> Ledgers:
    """Write one row into a book, making it longer when it is full; return the ledgers."""
    if ledgers.counts[book] >= ledgers[book].shape[0]:
        ledgers = longer(ledgers, book)
    ledgers[book][ledgers.counts[book], : len(row)] = row
    ledgers.counts[book] += 1
    return ledgers


def tally(counts: Int, unit: Unit, metric: M, people: Int, amounts: Int | int = 1) -> None:
    """Add amounts to a metric in the cells of people."""
    np.add.at(counts[:, metric], unit.people.cell[people], amounts)


def plain_week(
    unit: Unit, state: State, settled: Settled, rows: Weekly, key: tuple[int, int], ledgers: Ledgers, counts: Counts,
    week: int,
) -> Ledgers:
    """Run one week of one district in place, in plain NumPy; return the ledgers (which may have grown)."""
    people, params, lookups = unit.people, settled.params, settled.lookups
    pos = week + settled.warmup
    count, area = counts.people[pos], counts.tasks[pos]
    ladder = settled.ladders[rows.ladder[pos]]                                                      # 1
    luck = weekly_uniform(key, Stream.STATUS, Stream.STATUS_TAIL, people.ids, week)

    joined = registration.joining(state, unit.join_trait, params, int(rows.join[pos]), luck)        # 3
    registration.join(state, joined, unit.ready, unit.ties, week)
    tally(count, unit, M.JOINED, joined)

    tasks, arisen = demand.post_tasks(                                                              # 4, 5
        unit.sources, params, lookups, int(rows.demand[pos]), int(rows.gated[pos]), key, week
    )
    willing = _willing(unit, state, settled, rows, ladder, tasks, key, week)                        # 6
    tally(count, unit, M.WILLING, willing)
    word = draw(key, Stream.EXTRA, people.ids[willing], week)
    ordered = matching.queue(word[0], willing)                                                      # 7
    further = dict(zip(willing.tolist(), word[1].tolist(), strict=True))
    placements, left = matching.place(
        ordered, lambda i: choice.wanted(people, lookups, i, further[i]),
        lambda i: choice.preferences(key, people, i, week, tasks, unit.sources, params, bool(state.trained[i] >= week)),
        tasks, params.further_tries,
    )
    first_task = int(ledgers.counts[Book.TASKS])
    ledgers = _post(ledgers, tasks, left, area, arisen, week)
    person = np.array([p for p, _ in placements], dtype=np.int64)
    task = np.array([k for _, k in placements], dtype=np.int64)
    blocked = np.zeros(people.ids.size, dtype=np.bool_)
    blocked[willing] = True
    blocked[person] = False
    tally(count, unit, M.UNPLACED, np.flatnonzero(blocked))
    tally(count, unit, M.PLACED, person)

    ledgers, hours = _serve(unit, state, settled, tasks, person, task, first_task, key, ledgers, count, area, week)
    ledgers = _recognise(unit, state, settled, rows, ladder, key, ledgers, count, week)             # 11

    seats = training.seats_now(key, unit.district.index, int(rows.seats[pos]), week)                # 12
    area[A.COURSE_SEATS] = seats
    seated, passed = training.train(state, blocked, params, int(rows.uptake[pos]), seats, key, people.ids, week)
    tally(count, unit, M.TRAINED, seated[passed])
    tally(count, unit, M.COURSE_HOURS, seated, params.course_hours)
    for who, good in zip(seated.tolist(), passed.tolist(), strict=True):
        ledgers = add_row(ledgers, Book.COURSES, (week, who, int(good)))

    _retain(unit, state, settled, hours, luck, count, week)                                         # 13, 16
    return ledgers


def _willing(
    unit: Unit, state: State, settled: Settled, rows: Weekly, ladder: Int, tasks: Tasks, key: tuple[int, int],
    week: int,
) -> Int:
    pos = week + settled.warmup
    menu = participation.menu_values(tasks, unit.sources, settled.params, settled.lookups)
    pull = participation.star_terms(state, unit.people, settled.params, settled.lookups, ladder, week)
    chance = participation.chances(
        state, unit.people, settled.params, menu, pull, int(rows.base[pos]), int(rows.points_logit[pos]),
        int(rows.crowding[pos]), rows.aware[pos], week,
    )
    luck = weekly_uniform(key, Stream.TAKE_PART, Stream.TAKE_PART_TAIL, unit.people.ids, week)
    return np.flatnonzero(luck < chance)


def _post(ledgers: Ledgers, tasks: Tasks, left: Int, area: Int, arisen: int, week: int) -> Ledgers:
    for k in range(tasks.source.size):
        filled = int(tasks.seats[k] - left[k])
        ledgers = add_row(ledgers, Book.TASKS, (
            week, int(tasks.source[k]), int(tasks.seats[k]), filled, 0, int(tasks.slot[k]), int(tasks.hours_log[k]),
            int(tasks.gated[k]), int(tasks.lead[k]),
        ))
    taken = tasks.seats - left
    area[A.ARISEN], area[A.POSTED] = arisen, tasks.source.size
    area[A.SEATS], area[A.FILLED], area[A.GATED] = tasks.seats.sum(), taken.sum(), tasks.gated.sum()
    area[A.GATED_FILLED] = taken[tasks.gated == 1].sum()
    return ledgers


def _serve(
    unit: Unit, state: State, settled: Settled, tasks: Tasks, person: Int, task: Int, first_task: int,
    key: tuple[int, int], ledgers: Ledgers, count: Int, area: Int, week: int,
) -> tuple[Ledgers, Int]:
    """Steps 8 and 9; return the ledgers and this week's true quarter hours by resident."""
    params, sources = settled.params, unit.sources
    shows, hours = service.attend(key, unit.people, person, task, tasks, sources, params, week)
    entry = recording.enter(key, unit.people.ids[person], sources.ids[tasks.source[task]], hours, params,
                            settled.lookups, week)
    tally(count, unit, M.ABSENT, person[~shows])
    tally(count, unit, M.SERVING, np.unique(person[shows]))
    total = np.zeros(unit.people.ids.size, dtype=np.int64)
    np.add.at(total, person[shows], hours[shows])
    for k, (i, j) in enumerate(zip(person.tolist(), task.tolist(), strict=True)):
        line = int(ledgers.counts[Book.PLACEMENTS])
        ledgers = add_row(ledgers, Book.PLACEMENTS, (week, i, first_task + j, 0, 0, 0, 0, -1))
        if not shows[k]:
            continue
        service.experience(state, unit.people, i, j, tasks, sources, params, week)
        flags, entered, due = int(entry.flags[k]), int(entry.hours[k]), int(entry.due[k])
        ledgers.placements[line, 3:7] = hours[k], entered, due, flags + SHOWED
        if flags & recording.VERIFIED and due + settled.warmup < ledgers.due.size:
            ledgers.placements[line, 7] = ledgers.due[due + settled.warmup]
            ledgers.due[due + settled.warmup] = line
        ledgers.tasks[first_task + j, 4] += 1
        area[A.STAFFED] += 1
        area[A.RECEIVED] += hours[k]
        _note(unit, state, count, i, week, int(hours[k]), flags, entered)
    return ledgers, total


def _note(unit: Unit, state: State, count: Int, i: int, week: int, hours: int, flags: int, entered: int) -> None:
    row = count[unit.people.cell[i]]
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
        row[M.ACTIVE_YEAR] += int(state.noted[i] == NEVER or state.noted[i] // YEAR != week // YEAR)
        row[M.ACTIVE_MONTH] += int(state.noted[i] == NEVER or state.noted[i] // MONTH != week // MONTH)
        state.noted[i] = week


def _recognise(
    unit: Unit, state: State, settled: Settled, rows: Weekly, ladder: Int, key: tuple[int, int], ledgers: Ledgers,
    count: Int, week: int,
) -> Ledgers:
    pos = week + settled.warmup
    credited = np.zeros(unit.people.ids.size, dtype=np.int64)
    line = int(ledgers.due[pos])
    while line >= 0:
        credited[ledgers.placements[line, 1]] += ledgers.placements[line, 4]
        line = int(ledgers.placements[line, 7])
    state.verified[:] += credited.astype(np.uint32)
    everyone = np.arange(unit.people.ids.size)
    tally(count, unit, M.VERIFIED_HOURS, everyone, credited)
    risen, steps = stars.grant(state, ladder, week)
    tally(count, unit, M.STARS, risen, steps)
    for i in risen.tolist():
        ledgers = add_row(ledgers, Book.STARS, (week, i, int(state.star[i]), int(state.verified[i])))
    booked = points.settle(
        state, credited, int(rows.points_hour[pos]), int(rows.redeem[pos]), int(rows.price[pos]),
        int(rows.expire[pos]), key, unit.people.ids, week,
    )
    for i, kind, amount, balance in booked:
        ledgers = add_row(ledgers, Book.POINTS, (week, i, kind, amount, balance))
        metric = (M.POINTS_EARNED, M.POINTS_SPENT, M.POINTS_EXPIRED)[kind]
        tally(count, unit, metric, np.array([i]), abs(amount))
    return ledgers


def _retain(unit: Unit, state: State, settled: Settled, hours: Int, luck: Int, count: Int, week: int) -> None:
    served = hours > 0
    retention.tire_and_learn(state, served, hours, settled.params)
    left = retention.leaving(state, unit.people, settled.params, luck, week)
    back = retention.returning(state, settled.params, luck)
    state.status[left] = LAPSED
    state.status[back] = VOLUNTEER
    tally(count, unit, M.LEFT, left)
    tally(count, unit, M.RETURNED, back)
    for metric, kept in (
        (M.REGISTERED, state.status != UNREGISTERED), (M.VOLUNTEERS, state.status == VOLUNTEER),
        (M.LAPSED, state.status == LAPSED),
    ):
        tally(count, unit, metric, np.flatnonzero(kept))
    tally(count, unit, M.POINTS_HELD, np.arange(hours.size), state.points.astype(np.int64))
    retention.pass_word(state, served, unit.ties)


def plain_weeks(
    unit: Unit, state: State, settled: Settled, key: tuple[int, int], ledgers: Ledgers, counts: Counts, weeks: range
) -> Ledgers:
    """Run weeks of one district with the oracle, in place; return the ledgers."""
    rows = district_rows(settled.weekly, unit.district.index)
    for week in weeks:
        ledgers = plain_week(unit, state, settled, rows, key, ledgers, counts, week)
    return ledgers
