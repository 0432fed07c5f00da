"""The weeks of one district in one compiled pass: the order of `vsim.run.simulate`, fused.

The numbers in the comments are those of the week in `vsim.run.simulate`. Returns 0, or 1 + the number of the book
that was too short, or -1 when a week had more placements than the scratch space holds; then nothing of the run may be
used, and in the first case the caller starts again with a longer book.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.demand import post_tasks
from vsim.kernels.draws import (
    STATUS,
    STATUS_TAIL,
    TAKE_PART,
    TAKE_PART_TAIL,
    TRAINING,
    below,
    fill_leads,
    words,
)
from vsim.kernels.matching import place, queue
from vsim.kernels.participation import menu_values, taking_part
from vsim.kernels.points import settle
from vsim.kernels.recording import enter
from vsim.kernels.registration import join, joining
from vsim.kernels.retention import exit_chance, pass_word, tire_and_learn
from vsim.kernels.service import attend, experience
from vsim.kernels.stars import rise
from vsim.kernels.training import asking, in_order, seats_now
from vsim.world.ledgers import SHOWED
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.state import LAPSED, NEVER, UNREGISTERED, VOLUNTEER


def count_service(state, cell, row, i, week, hours, flags, entered):
    """Count one attendance and note it on the person."""
    row[cell, M.ATTENDED] += 1
    row[cell, M.HOURS] += hours
    if state.last[i] == NEVER or state.last[i] // YEAR != week // YEAR:
        row[cell, M.SERVED_YEAR] += 1
    if state.first[i] == NEVER:
        row[cell, M.FIRST_SERVICE] += 1
        state.first[i] = week
    state.last[i] = week
    state.served[i] += np.uint32(hours)
    if flags & 1:
        row[cell, M.RECORDED] += 1
        row[cell, M.RECORDED_HOURS] += entered
        if flags & 2:
            row[cell, M.COPIES] += 1
            row[cell, M.COPIED_HOURS] += entered
        if state.noted[i] == NEVER or state.noted[i] // YEAR != week // YEAR:
            row[cell, M.ACTIVE_YEAR] += 1
        if state.noted[i] == NEVER or state.noted[i] // MONTH != week // MONTH:
            row[cell, M.ACTIVE_MONTH] += 1
        state.noted[i] = week


def serve(
    state, people, sources, params, tables, lookups, tasks, placed, made, first_task, ledgers, k0, k1, week, warmup,
    row, area, been, hours_of,
):
    """Let the placed show up, serve and be recorded; return 0, or 1 when the book of placements is too short."""
    book, counts, due_at = ledgers.placements, ledgers.counts, ledgers.due
    if counts[0] + made > book.shape[0]:
        return 1
    for p in range(made):
        i, task = placed[p, 0], placed[p, 1]
        cell = people.cell[i]
        line = counts[0]
        counts[0] += 1
        book[line, 0], book[line, 1], book[line, 2] = week, i, first_task + task
        book[line, 7] = -1
        row[cell, M.PLACED] += 1
        shows, hours = attend(people, sources, params, tables, tasks, i, task, k0, k1, week)
        if not shows:
            row[cell, M.ABSENT] += 1
            continue
        experience(state, people, sources, params, tasks, i, task, week)
        flags, entered, due = enter(
            people.ids[i], sources.ids[tasks[task, 0]], hours, params, lookups, k0, k1, week
        )
        if not been[i]:
            been[i] = True
            row[cell, M.SERVING] += 1
        hours_of[i] += hours
        ledgers.tasks[first_task + task, 4] += 1
        area[A.STAFFED] += 1
        area[A.RECEIVED] += hours
        count_service(state, cell, row, i, week, hours, flags, entered)
        book[line, 3], book[line, 4], book[line, 5], book[line, 6] = hours, entered, due, flags + SHOWED
        if flags & 4 and due + warmup < due_at.size:
            book[line, 7] = due_at[due + warmup]
            due_at[due + warmup] = line
    return 0


def recognise(state, people, params, weekly, ladder, ledgers, credited, k0, k1, week, pos, row):
    """Credit what is due, grant stars, book points; return 0, or 1 + the book that is too short."""
    credited[:] = 0
    line = ledgers.due[pos]
    while line >= 0:
        i = ledgers.placements[line, 1]
        credited[i] += ledgers.placements[line, 4]
        line = ledgers.placements[line, 7]
    stars, points, counts = ledgers.stars, ledgers.points, ledgers.counts
    verified, balance = state.verified, state.points
    for i in range(credited.size):
        if credited[i] == 0 and verified[i] == 0 and balance[i] == 0:
            continue
        cell = people.cell[i]
        if credited[i] > 0:
            state.verified[i] += np.uint32(credited[i])
            row[cell, M.VERIFIED_HOURS] += credited[i]
        if state.verified[i] > 0:
            risen = rise(state, ladder, i, week)
            if risen > 0:
                if counts[3] >= stars.shape[0]:
                    return 4
                stars[counts[3], 0], stars[counts[3], 1] = week, i
                stars[counts[3], 2], stars[counts[3], 3] = state.star[i], state.verified[i]
                counts[3] += 1
                row[cell, M.STARS] += risen
        if state.points[i] > 0 or (credited[i] > 0 and weekly.points_hour[pos] > 0):
            if counts[4] + 3 > points.shape[0]:
                return 5
            earned, spent, lapsed, after = settle(
                state, credited[i], weekly.points_hour[pos], weekly.redeem[pos], weekly.price[pos],
                weekly.expire[pos], k0, k1, people.ids[i], i, week,
            )
            row[cell, M.POINTS_EARNED] += earned
            row[cell, M.POINTS_SPENT] += spent
            row[cell, M.POINTS_EXPIRED] += lapsed
            for kind in range(3):
                amount = earned if kind == 0 else (-spent if kind == 1 else -lapsed)
                if amount != 0:
                    at = counts[4]
                    points[at, 0], points[at, 1], points[at, 2], points[at, 3] = week, i, kind, amount
                    points[at, 4] = after + spent if kind == 0 else (after if kind == 1 else 0)
                    counts[4] += 1
    return 0


def teach(state, people, params, weekly, ledgers, district, blocked, k0, k1, week, pos, row, area, keys, who):
    """Train the first in the queue; return 0, or 3 when the book of courses is too short."""
    seats = seats_now(k0, k1, district, weekly.seats[pos], week)
    area[A.COURSE_SEATS] = seats
    if seats == 0:
        return 0
    count = asking(state, blocked, people.ids, weekly.uptake[pos], k0, k1, week, keys, who)
    seated = in_order(keys, who, count, seats)
    counts = ledgers.counts
    if counts[2] + seated.size > ledgers.courses.shape[0]:
        return 3
    for i in seated:
        cell = people.cell[i]
        passed = (words(k0, k1, TRAINING, people.ids[i], week, 0)[2] >> 16) < params.course_passed
        if passed:
            state.trained[i] = week + params.course_validity
            row[cell, M.TRAINED] += 1
        row[cell, M.COURSE_HOURS] += params.course_hours
        line = counts[2]
        ledgers.courses[line, 0], ledgers.courses[line, 1], ledgers.courses[line, 2] = week, i, passed
        counts[2] += 1
    return 0


def retain(state, people, params, tables, leads, been, hours_of, serving, k0, k1, week, row):
    """Move habit and fatigue, let volunteers leave or return, count the stocks; return how many served."""
    count = 0
    statuses, cells, balances = state.status, people.cell, state.points
    for i in range(been.size):
        status = statuses[i]
        if status == UNREGISTERED:
            continue
        cell = cells[i]
        row[cell, M.REGISTERED] += 1
        row[cell, M.POINTS_HELD] += balances[i]
        if status < VOLUNTEER:
            continue
        if been[i]:
            serving[count] = i
            count += 1
        tire_and_learn(state, params, been[i], hours_of[i], i)
        if status == VOLUNTEER:
            if state.first[i] != NEVER and state.since[i] != week:
                chance = exit_chance(state, people, params, tables, i, week)
                if leads[i] <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, leads[i], chance):
                    state.status[i] = LAPSED
                    row[cell, M.LEFT] += 1
        else:
            chance = params.return_asked if state.asks[i] > 0 else params.return_base
            if leads[i] <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, leads[i], chance):
                state.status[i] = VOLUNTEER
                row[cell, M.RETURNED] += 1
        if state.status[i] == VOLUNTEER:
            row[cell, M.VOLUNTEERS] += 1
        else:
            row[cell, M.LAPSED] += 1
    return count


def run_weeks(
    first, last, warmup, district, state, people, join_trait, ready, ties, sources, params, tables, lookups, weekly,
    ladders, k0, k1, ledgers, counted, areas,
):
    """Run weeks `first` to `last` - 1 of one district in place; see the module for the result.

    counted has shape (weeks, cells, metrics), areas (weeks, metrics of tasks); both are written from `first` on.
    """
    n = people.ids.size
    status_leads = np.empty((64, n), dtype=np.uint8)
    part_leads = np.empty((64, n), dtype=np.uint8)
    positions = np.empty(n, dtype=np.int64)
    extra = np.empty(n, dtype=np.int64)
    keys = np.empty(n, dtype=np.int64)
    been = np.zeros(n, dtype=np.bool_)
    blocked = np.zeros(n, dtype=np.bool_)
    hours_of = np.zeros(n, dtype=np.int64)
    credited = np.zeros(n, dtype=np.int64)
    menu = np.empty(64, dtype=np.int64)
    tasks = np.empty((sources.ids.size, 6), dtype=np.int64)
    placed = np.empty((max(16 * 64, 8 * n), 2), dtype=np.int64)
    block = np.int64(-(1 << 40))
    for week in range(first, last):
        pos = week + warmup
        row, area = counted[pos], areas[pos]
        row[:] = 0
        area[:] = 0
        ladder = ladders[weekly.ladder[pos]]                                                            # 1
        if week // 64 != block:
            block = np.int64(week // 64)
            fill_leads(k0, k1, STATUS, people.ids, block, status_leads)
            fill_leads(k0, k1, TAKE_PART, people.ids, block, part_leads)
        leads = status_leads[week % 64]
        count = joining(state, join_trait, people.ids, params, tables, weekly.join[pos], leads, k0, k1,  # 3
                        STATUS_TAIL, week, positions)
        join(state, positions, count, ready, ties, week)
        for j in range(count):
            row[people.cell[positions[j]], M.JOINED] += 1
        posted, arisen = post_tasks(                                                                     # 4, 5
            sources, params, tables, lookups, weekly.demand[pos], weekly.gated[pos], k0, k1, week, tasks
        )
        menu_values(tasks, posted, sources, params, tables, lookups, menu)                               # 6
        willing = taking_part(
            state, people, params, tables, lookups, ladder, menu, weekly.base[pos], weekly.points_logit[pos],
            weekly.crowding[pos], weekly.aware[pos], part_leads[week % 64], k0, k1, TAKE_PART_TAIL, week, positions,
        )
        order = queue(people, positions, willing, k0, k1, week, extra)                                   # 7
        left = tasks[:posted, 1].copy()
        made = place(state, people, sources, params, tables, lookups, positions, order, extra, tasks, posted, left,
                     k0, k1, week, placed)
        if made < 0:
            return -1
        first_task = ledgers.counts[1]
        if first_task + posted > ledgers.tasks.shape[0]:
            return 2
        for k in range(posted):
            line = first_task + k
            ledgers.tasks[line, 0], ledgers.tasks[line, 1], ledgers.tasks[line, 2] = week, tasks[k, 0], tasks[k, 1]
            ledgers.tasks[line, 3], ledgers.tasks[line, 4] = tasks[k, 1] - left[k], 0
            ledgers.tasks[line, 5], ledgers.tasks[line, 6] = tasks[k, 2], tasks[k, 3]
            ledgers.tasks[line, 7], ledgers.tasks[line, 8] = tasks[k, 4], tasks[k, 5]
            area[A.SEATS] += tasks[k, 1]
            area[A.FILLED] += tasks[k, 1] - left[k]
            area[A.GATED] += tasks[k, 4]
            if tasks[k, 4] == 1:
                area[A.GATED_FILLED] += tasks[k, 1] - left[k]
        ledgers.counts[1] += posted
        area[A.ARISEN], area[A.POSTED] = arisen, posted
        been[:] = False
        blocked[:] = False
        hours_of[:] = 0
        for j in range(willing):
            blocked[positions[j]] = True
            row[people.cell[positions[j]], M.WILLING] += 1
        for p in range(made):
            blocked[placed[p, 0]] = False
        for j in range(willing):
            if blocked[positions[j]]:
                row[people.cell[positions[j]], M.UNPLACED] += 1
        if serve(state, people, sources, params, tables, lookups, tasks, placed, made, first_task, ledgers, k0, k1,
                 week, warmup, row, area, been, hours_of) != 0:                                          # 8, 9
            return 1
        short = recognise(state, people, params, weekly, ladder, ledgers, credited, k0, k1, week, pos, row)  # 11
        if short != 0:
            return short
        if teach(state, people, params, weekly, ledgers, district, blocked, k0, k1, week, pos, row, area, keys,
                 extra) != 0:                                                                            # 12
            return 3
        count = retain(state, people, params, tables, leads, been, hours_of, positions, k0, k1, week, row)  # 13, 16
        pass_word(state, positions, count, ties)
    return 0
