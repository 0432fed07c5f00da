"""The week, and the weeks of a city.

The order of a week, numbered as in the blueprint of the model:

 1  policy schedule: tables by district and week, settled before the run     `run.settle`
 2  culture and norms: what campaigns left is in the tables; public trust    `process.organisations`
 3  registration and activation                                             `process.registration`
 4  demand arises, is found                                                 `process.demand`
 5  organisations post what they can run, at the stations that are open      `process.demand`
 6  awareness, asking, participation and choice                             `process.participation`, `process.choice`
 7  eligibility (certificate, skill, insurance) and matching                `process.choice`, `process.matching`
 8  show-up, stand-ins, service, incidents                                  `process.service`, `run.attendance`
 9  recording with its errors                                               `process.recording`
10  ratings and complaints                                                  offices, after the weeks: `run.offices`
11  verified hours: stars, points, time credits; requirements, honours,
    pledge and teams                                        `process.stars`, `.points`, `.credits`, `.belonging`
12  training                                                                `process.training`
13  habit, fatigue, satisfaction, exit, return                              `process.retention`
14  organisations: start, growth, registration, inspection, practice, exit   `process.organisations`
15  money: of organisations here, the rest in the offices                   `process.organisations`, `run.offices`
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
    belonging,
    choice,
    credits,
    demand,
    matching,
    organisations,
    participation,
    points,
    registration,
    retention,
    stars,
    training,
)
from vsim.rng import Stream, draw, weekly_uniform
from vsim.run.attendance import Day, serve
from vsim.run.settle import Settled
from vsim.world.board import Board
from vsim.world.bodies import BY_LAW, GROWING, MATURE, PERIOD, Bodies, Event
from vsim.world.city import Unit
from vsim.world.ledgers import Book, Ledgers, add_row
from vsim.world.metrics import A, M
from vsim.world.people import CELLS
from vsim.world.state import LAPSED, UNREGISTERED, VOLUNTEER, State
from vsim.world.weekly import Weekly, at, district_rows

Int = NDArray[np.int64]
Reach = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Counts:
    """Weekly counts of one district: residents by cell, tasks."""

    people: Int               # (weeks, cells, M), run-up first
    tasks: Int                # (weeks, A)


def empty_counts(weeks: int) -> Counts:
    """Return counts of nothing for a number of weeks."""
    return Counts(np.zeros((weeks, CELLS, len(M)), np.int64), np.zeros((weeks, len(A)), np.int64))


def tally(counts: Int, unit: Unit, metric: M, people: Int, amounts: Int | int = 1) -> None:
    """Add amounts to a metric in the cells of people."""
    np.add.at(counts[:, metric], unit.people.cell[people], amounts)


def plain_week(
    unit: Unit, state: State, bodies: Bodies, settled: Settled, rows: Weekly, reach: Reach, key: tuple[int, int],
    ledgers: Ledgers, counts: Counts, week: int,
) -> Ledgers:
    """Run one week of one district in place, in plain NumPy; return the ledgers (which may have grown)."""
    people, params, lookups = unit.people, settled.params, settled.looks(unit.district)
    sites = settled.sites[settled.place(unit)]
    pos = week + settled.warmup
    count, area, now = counts.people[pos], counts.tasks[pos], at(rows, pos)
    ladders = settled.ladders[now.ladder]                                                           # 1
    if now.duty_reset == 1:
        state.duty[:] = 0
    luck = weekly_uniform(key, Stream.STATUS, Stream.STATUS_TAIL, people.ids, week)

    trust, served_before = bodies.district.tolist()                                                 # 2
    joined = registration.joining(state, unit.join_trait, params, now.join, reach, trust, luck)     # 3
    registration.join(state, joined, unit.ready, unit.ties, week)
    tally(count, unit, M.JOINED, joined)

    posted = demand.post_tasks(unit.sources, sites, unit.organisations, bodies, params, lookups, now, key, week)  # 4, 5
    tasks = posted.tasks
    area[A.ARISEN], area[A.POSTED] = posted.arisen, tasks.source.size
    area[A.HIDDEN], area[A.BEYOND], area[A.TWICE] = posted.hidden, posted.beyond, posted.twice
    board = Board(tasks, unit.sources, sites, bodies, params, now, int(now.layout))
    willing = _willing(unit, state, settled, board, ladders, reach, served_before, key, week)       # 6
    tally(count, unit, M.WILLING, willing)
    word = draw(key, Stream.EXTRA, people.ids[willing], week)
    ordered = matching.queue(word[0], willing)                                                      # 7
    further = dict(zip(willing.tolist(), word[1].tolist(), strict=True))
    row = {person: number for number, person in enumerate(ordered.tolist())}
    second = bool(now.overflow or (now.alarm and now.command))
    wishes = [choice.wishes(key, board, people, ordered, week, state.trained[ordered] >= week, page)
              for page in range(1 + second)]
    placed = matching.place(
        ordered, lambda i: choice.wanted(people, lookups, i, further[i]),
        lambda i, free, page: choice.preferences(wishes[page], row[i], board, free),
        tasks, params.further_tries + int(now.tries), second,
    )
    area[A.HELPED_ON] = placed.helped
    first_task = int(ledgers.counts[Book.TASKS])
    ledgers = _post(ledgers, board, placed.left, area, week)
    found = {person for person, _ in placed.placements}
    reserve = [person for person in ordered.tolist() if person not in found]
    tally(count, unit, M.UNPLACED, np.array(reserve, dtype=np.int64))
    nobody = np.zeros(people.ids.size, dtype=np.int64)
    day = Day(unit, state, board, lookups, reach, key, week, settled.warmup, first_task, ledgers, count, area,
              nobody.copy(), nobody.copy())
    waiting = serve(day, placed, reserve)                                                           # 8, 9

    ledgers, waiting = _recognise(day, settled, ladders, waiting)                                   # 11
    blocked = np.zeros(people.ids.size, dtype=np.bool_)
    blocked[waiting] = True
    ledgers = _train(unit, state, settled, now, blocked, key, ledgers, count, area, week)           # 12
    _retain(day, luck)                                                                              # 13
    ledgers = _look(unit, bodies, settled, now, key, ledgers, area, week)                           # 14, 15
    incidents = int(count[:, M.INCIDENTS].sum())                                                    # 16
    bodies.district[:] = (
        organisations.trust(trust, bodies, incidents, people.ids.size, int(now.disclose), params),
        np.count_nonzero(day.hours),
    )
    area[A.TRUST] = bodies.district[0]
    return ledgers


def _willing(
    unit: Unit, state: State, settled: Settled, board: Board, ladders: Int, reach: Reach, served: int,
    key: tuple[int, int], week: int,
) -> Int:
    params, lookups, now = settled.params, settled.looks(unit.district), board.now
    menu = participation.menu_values(board.tasks, unit.sources, board.sites.quarter[board.layout], params, lookups)
    terms = participation.star_terms(state, unit.people, params, lookups, ladders, reach, week)
    terms = terms + participation.own_terms(state, params, lookups, now, reach, week)
    terms = terms + participation.peer_terms(state, params, served)
    chance = participation.chances(state, unit.people, params, menu, terms, now, lookups.aware, reach, week)
    luck = weekly_uniform(key, Stream.TAKE_PART, Stream.TAKE_PART_TAIL, unit.people.ids, week)
    return np.flatnonzero(luck < chance)


def takers(
    unit: Unit, state: State, settled: Settled, now: Weekly, reach: Reach, served: int, luck: Int, week: int
) -> NDArray[np.bool_]:
    """Return who takes part, shape (n,), where all see an ordinary menu: step 6 by itself, for trials."""
    params, lookups = settled.params, settled.looks(unit.district)
    terms = participation.own_terms(state, params, lookups, now, reach, week)
    terms = terms + participation.peer_terms(state, params, served)
    menu = np.zeros(participation.CLASSES, dtype=np.int64)
    return luck < participation.chances(state, unit.people, params, menu, terms, now, lookups.aware, reach, week)


def _post(ledgers: Ledgers, board: Board, left: Int, area: Int, week: int) -> Ledgers:
    tasks = board.tasks
    for k in range(tasks.source.size):
        ledgers = add_row(ledgers, Book.TASKS, (
            week, int(tasks.source[k]), int(tasks.seats[k]), int(tasks.seats[k] - left[k]), 0, int(tasks.slot[k]),
            int(tasks.hours_log[k]), int(tasks.gated[k]), int(tasks.lead[k]), int(tasks.needed[k]),
            int(tasks.online[k]), int(tasks.skill[k]), int(board.sites.station[board.layout, tasks.source[k]]),
        ))
    taken = tasks.seats - left
    area[A.SEATS], area[A.FILLED], area[A.GATED] = tasks.seats.sum(), taken.sum(), tasks.gated.sum()
    area[A.GATED_FILLED], area[A.NEEDED] = taken[tasks.gated == 1].sum(), tasks.needed.sum()
    area[A.ONLINE_TASKS] = tasks.online.sum()
    return ledgers


def _recognise(day: Day, settled: Settled, ladders: Int, waiting: list[int]) -> tuple[Ledgers, list[int]]:
    unit, state, count, week, ledgers, now = day.unit, day.state, day.count, day.week, day.ledgers, day.board.now
    credited = np.zeros(unit.people.ids.size, dtype=np.int64)
    line = int(ledgers.due[week + settled.warmup])
    while line >= 0:
        credited[ledgers.placements[line, 1]] += ledgers.placements[line, 4]
        line = int(ledgers.placements[line, 7])
    state.verified[:] += credited.astype(np.uint32)
    tally(count, unit, M.VERIFIED_HOURS, np.arange(credited.size), credited)
    risen, steps = stars.grant(state, ladders, day.reach, week)
    tally(count, unit, M.STARS, risen, steps)
    for i in risen.tolist():
        ledgers = add_row(ledgers, Book.STARS, (week, i, int(state.star[i]), int(state.verified[i])))
    booked = points.settle(
        state, credited, now.points_hour[day.reach], int(now.redeem), int(now.price), int(now.expire), day.key,
        unit.people.ids, week,
    )
    for i, kind, amount, balance in booked:
        ledgers = add_row(ledgers, Book.POINTS, (week, i, kind, amount, balance))
        day.tally(i, (M.POINTS_EARNED, M.POINTS_SPENT, M.POINTS_EXPIRED)[kind], abs(amount))
    word = draw(day.key, Stream.CREDIT, unit.people.ids, week)[0]
    account = credits.settle(state, unit.people, unit.ties, credited, waiting, now, day.reach, settled.params, word)
    kinds = (M.CREDIT_EARNED, M.CREDIT_EARNED, M.CREDIT_SEEDED, M.CREDIT_SPENT, M.CREDIT_DONATED, M.CREDIT_EXPIRED)
    for i, kind, amount, balance in account.rows:
        ledgers = add_row(ledgers, Book.CREDITS, (week, i, kind, amount, balance))
        day.tally(i, kinds[kind], abs(amount))
    tally(count, unit, M.CREDIT_REFUSED, np.array(account.refused, dtype=np.int64))
    return ledgers, waiting


def _train(
    unit: Unit, state: State, settled: Settled, now: Weekly, blocked: NDArray[np.bool_], key: tuple[int, int],
    ledgers: Ledgers, count: Int, area: Int, week: int,
) -> Ledgers:
    params = settled.params
    seats = training.seats_now(key, unit.district.index, int(now.seats + now.more_seats), week)
    area[A.COURSE_SEATS] = seats
    seated, passed = training.train(
        state, blocked, params, int(now.uptake), seats, key, unit.people.ids, week, int(now.passed)
    )
    tally(count, unit, M.TRAINED, seated[passed])
    tally(count, unit, M.COURSE_HOURS, seated, params.course_hours)
    for who, good in zip(seated.tolist(), passed.tolist(), strict=True):
        ledgers = add_row(ledgers, Book.COURSES, (week, who, int(good)))
    return ledgers


def _retain(day: Day, luck: Int) -> None:
    unit, state, count, week, now, params = day.unit, day.state, day.count, day.week, day.board.now, day.board.params
    served = day.hours > 0
    words = belonging.draws(day.key, unit.people.ids, week)
    honoured = belonging.honour(state, served, now.honour[day.reach], int(now.honour_new), params, words[0], week)
    tally(count, unit, M.HONOURED, honoured)
    tally(count, unit, M.SWORN, belonging.swear(state, now.oath[day.reach], words[1]))
    tally(count, unit, M.TEAMED, belonging.gather(state, served, day.host, now.team[day.reach], words[2]))
    retention.tire_and_learn(state, served, day.hours, params)
    left = retention.leaving(state, unit.people, params, now.leave, day.reach, luck, week)
    back = retention.returning(state, params, luck)
    state.status[left] = LAPSED
    state.status[back] = VOLUNTEER
    tally(count, unit, M.LEFT, left)
    tally(count, unit, M.RETURNED, back)
    for metric, kept in (
        (M.REGISTERED, state.status != UNREGISTERED), (M.VOLUNTEERS, state.status == VOLUNTEER),
        (M.LAPSED, state.status == LAPSED),
    ):
        tally(count, unit, metric, np.flatnonzero(kept))
    everyone = np.arange(served.size)
    tally(count, unit, M.POINTS_HELD, everyone, state.points.astype(np.int64))
    tally(count, unit, M.CREDIT_HELD, everyone, state.credit.astype(np.int64))
    retention.pass_word(state, served, unit.ties)


def _look(
    unit: Unit, bodies: Bodies, settled: Settled, now: Weekly, key: tuple[int, int], ledgers: Ledgers, area: Int,
    week: int,
) -> Ledgers:
    if week % PERIOD == PERIOD - 1:
        seen = organisations.look(bodies, unit.organisations, settled.params, now, key, unit.district.index, week)
        for o, kind, value in seen.events:
            ledgers = add_row(ledgers, Book.EVENTS, (week, o, kind, value))
        kinds = [kind for _, kind, _ in seen.events]
        for event, metric in (
            (Event.STARTED, A.ORGS_STARTED), (Event.CLOSED, A.ORGS_CLOSED), (Event.INSPECTED, A.INSPECTED),
            (Event.VIOLATION, A.VIOLATIONS), (Event.ADOPTED, A.ADOPTED),
        ):
            area[metric] = kinds.count(event)
        area[A.ORG_INCOME], area[A.ORG_SPENT] = seen.income, seen.spent
    working = (bodies.stage == GROWING) | (bodies.stage == MATURE)
    area[A.ORGS], area[A.QUALITY] = working.sum(), bodies.quality[working].sum()
    area[A.RULES], area[A.ORG_CASH] = bodies.rules[working].sum(), bodies.cash.sum()
    area[A.ORGS_REGISTERED] = (working & (bodies.form <= BY_LAW)).sum()
    area[A.SUSPENDED] = (working & (bodies.suspended > week + 1)).sum()
    return ledgers


def plain_weeks(
    unit: Unit, state: State, bodies: Bodies, settled: Settled, reach: Reach, key: tuple[int, int], ledgers: Ledgers,
    counts: Counts, weeks: range,
) -> Ledgers:
    """Run weeks of one district with the oracle, in place; return the ledgers."""
    rows = district_rows(settled.weekly, settled.place(unit))
    for week in weeks:
        ledgers = plain_week(unit, state, bodies, settled, rows, reach, key, ledgers, counts, week)
    return ledgers
