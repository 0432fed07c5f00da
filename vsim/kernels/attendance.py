"""Attendance, compiled: the placed come or not, serve, and are entered; see `vsim.run.attendance`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.belonging import owe
from vsim.kernels.choice import insured, open_to
from vsim.kernels.recording import enter
from vsim.kernels.service import attend, experience, sent_home
from vsim.world.ledgers import BREACH, INCIDENT, SECOND, SHOWED, STAND_IN, UNUSED
from vsim.world.metrics import MONTH, YEAR, A, M
from vsim.world.state import NEVER


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
        if flags & 8:
            row[cell, M.INFLATED_HOURS] += max(entered - hours, 0)
        if state.noted[i] == NEVER or state.noted[i] // YEAR != week // YEAR:
            row[cell, M.ACTIVE_YEAR] += 1
        if state.noted[i] == NEVER or state.noted[i] // MONTH != week // MONTH:
            row[cell, M.ACTIVE_MONTH] += 1
        state.noted[i] = week


def come(
    state, people, bodies, params, tables, lookups, weekly, pos, tasks, i, task, first_task,
    mark, ledgers, k0, k1, week, warmup, row, area, been, hours_of, host_of,
):
    """Let one placed person come and serve; return 0 when they came, else 1 + a spare word of 16 bits."""
    book, counts, due_at = ledgers.placements, ledgers.counts, ledgers.due
    cell = people.cell[i]
    line = counts[0]
    counts[0] += 1
    book[line, 0], book[line, 1], book[line, 2] = week, i, first_task + task
    book[line, 6], book[line, 7] = mark, -1
    shows, hours, hurt, breach, spare = attend(
        state, people, params, tables, lookups, weekly, pos, tasks, i, task, k0, k1, week,
    )
    if not shows:
        return 1 + spare
    if mark == STAND_IN:
        row[cell, M.STOOD_IN] += 1
    if ledgers.tasks[first_task + task, 4] >= tasks[task, 6]:
        row[cell, M.UNUSED] += 1
        book[line, 6] = mark + SHOWED + UNUSED
        sent_home(state, i, params)
        return 0
    o = tasks[task, 15] >> 1
    experience(state, people, bodies, params, weekly, pos, tasks, i, task, hurt, week)
    flags, entered, due = enter(
        people.ids[i], tasks[task, 14], hours, params, lookups, weekly, pos, people.reach[i], k0, k1, week
    )
    if not been[i]:
        been[i] = True
        row[cell, M.SERVING] += 1
    hours_of[i] += hours
    host_of[i] = o
    bodies.came[o] += 1
    bodies.hours[o] += hours
    ledgers.tasks[first_task + task, 4] += 1
    area[A.STAFFED] += 1
    area[A.RECEIVED] += hours
    count_service(state, cell, row, i, week, hours, flags, entered)
    if owe(state, i, hours, weekly.duty[pos, people.reach[i]], bodies.quality[o], params):
        row[cell, M.DUTY_DONE] += 1
    mark += SHOWED
    if hurt:
        mark += INCIDENT
        row[cell, M.INCIDENTS] += 1
    if breach:
        mark += BREACH
        row[cell, M.BREACHES] += 1
    if tasks[task, 7] == 1:
        row[cell, M.ONLINE] += 1
    book[line, 3], book[line, 4], book[line, 5], book[line, 6] = hours, entered, due, flags + mark
    if flags & 4 and due + warmup < due_at.size:
        book[line, 7] = due_at[due + warmup]
        due_at[due + warmup] = line
    return 0


def step_in(state, people, weekly, pos, tasks, task, reserve, used, waiting, k0, k1, week):
    """Return the place in the reserve of the first who may take a task, or -1."""
    for r in range(waiting):
        if not used[r]:
            i = reserve[r]
            covered = weekly.cover_asked[pos] == 0 or insured(people, weekly, pos, i, k0, k1)
            if open_to(people, tasks, task, i, state.trained[i] >= week, covered):
                return r
    return -1


def serve(
    state, people, bodies, params, tables, lookups, weekly, pos, tasks, placed, direct, made,
    first_task, ledgers, reserve, used, waiting, blocked, k0, k1, week, warmup, row, area, been, hours_of, host_of,
):
    """Let the placed come, and stand-ins for some who do not; return False when the book is too short."""
    if ledgers.counts[0] + 2 * made > ledgers.placements.shape[0]:
        return False
    for p in range(made):
        i, task = placed[p, 0], placed[p, 1]
        row[people.cell[i], M.PLACED] += 1
        away = come(
            state, people, bodies, params, tables, lookups, weekly, pos, tasks, i, task,
            first_task, 0 if p < direct else SECOND, ledgers, k0, k1, week, warmup, row, area, been, hours_of, host_of,
        )
        if away == 0:
            continue
        row[people.cell[i], M.ABSENT] += 1
        if away - 1 >= weekly.stand_in[pos]:
            continue
        place = step_in(state, people, weekly, pos, tasks, task, reserve, used, waiting, k0, k1, week)
        if place >= 0:
            other = reserve[place]
            used[place] = True
            blocked[other] = False
            come(
                state, people, bodies, params, tables, lookups, weekly, pos, tasks, other, task,
                first_task, STAND_IN, ledgers, k0, k1, week, warmup, row, area, been, hours_of, host_of,
            )
    return True
