"""The weeks of one district in one compiled pass: the order of `vsim.run.simulate`, fused.

The numbers in the comments are those of the week in `vsim.run.simulate`. Returns 0, or 1 + the number of the book
that was too short, or -1 when a week had more placements than the scratch space holds; then nothing of the run may be
used, and in the first case the caller starts again with a longer book.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.attendance import serve
from vsim.kernels.belonging import belong
from vsim.kernels.choice import describe
from vsim.kernels.demand import post_tasks
from vsim.kernels.draws import STATUS, STATUS_TAIL, TAKE_PART, TAKE_PART_TAIL, below, fill_leads
from vsim.kernels.matching import place, queue
from vsim.kernels.organisations import count_bodies, look_after, trust
from vsim.kernels.participation import menu_values, taking_part
from vsim.kernels.recognition import recognise, teach
from vsim.kernels.registration import join, joining
from vsim.kernels.retention import exit_chance, pass_word, tire_and_learn
from vsim.world.metrics import A, M
from vsim.world.state import LAPSED, NEVER, UNREGISTERED, VOLUNTEER


def post(ledgers, tasks, posted, left, sites, layout, week, area):
    """Write the tasks of a week into their book; return the first row, or -1 when the book is too short."""
    first_task = ledgers.counts[1]
    book = ledgers.tasks
    if first_task + posted > book.shape[0]:
        return -1
    for k in range(posted):
        line = first_task + k
        book[line, 0], book[line, 1], book[line, 2] = week, tasks[k, 0], tasks[k, 1]
        book[line, 3], book[line, 4] = tasks[k, 1] - left[k], 0
        book[line, 5], book[line, 6] = tasks[k, 2], tasks[k, 3]
        book[line, 7], book[line, 8] = tasks[k, 4], tasks[k, 5]
        book[line, 9], book[line, 10], book[line, 11] = tasks[k, 6], tasks[k, 7], tasks[k, 8]
        book[line, 12] = sites.station[layout, tasks[k, 0]]
        area[A.SEATS] += tasks[k, 1]
        area[A.NEEDED] += tasks[k, 6]
        area[A.FILLED] += tasks[k, 1] - left[k]
        area[A.GATED] += tasks[k, 4]
        area[A.ONLINE_TASKS] += tasks[k, 7]
        if tasks[k, 4] == 1:
            area[A.GATED_FILLED] += tasks[k, 1] - left[k]
    ledgers.counts[1] += posted
    return first_task


def retain(
    state, people, reach, params, tables, weekly, pos, leads, been, hours_of, host_of, serving, k0, k1, week, row,
):
    """Honour and tie people, move habit and fatigue, let volunteers leave or return, count the stocks."""
    count = 0
    statuses, cells, balances, accounts = state.status, people.cell, state.points, state.credit
    for i in range(been.size):
        cell = cells[i]
        row[cell, M.CREDIT_HELD] += accounts[i]
        status = statuses[i]
        if status == UNREGISTERED:
            continue
        row[cell, M.REGISTERED] += 1
        row[cell, M.POINTS_HELD] += balances[i]
        if status < VOLUNTEER:
            continue
        if been[i]:
            serving[count] = i
            count += 1
        done = belong(state, params, weekly, pos, reach[i], been[i], host_of[i], people.ids[i], i, k0, k1, week)
        row[cell, M.HONOURED] += done & 1
        row[cell, M.SWORN] += (done >> 1) & 1
        row[cell, M.TEAMED] += done >> 2
        tire_and_learn(state, params, been[i], hours_of[i], i)
        if status == VOLUNTEER:
            if state.first[i] != NEVER and state.since[i] != week:
                chance = exit_chance(state, people, params, tables, weekly.leave[pos, reach[i]], i, week)
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
    first, last, warmup, district, state, bodies, people, reach, join_trait, ready, ties, sources, sites, organisations,
    params, tables, lookups, weekly, ladders, k0, k1, ledgers, counted, areas,
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
    reserve = np.empty(n, dtype=np.int64)
    used = np.zeros(n, dtype=np.bool_)
    been = np.zeros(n, dtype=np.bool_)
    blocked = np.zeros(n, dtype=np.bool_)
    hours_of = np.zeros(n, dtype=np.int64)
    host_of = np.zeros(n, dtype=np.int64)
    credited = np.zeros(n, dtype=np.int64)
    menu = np.empty(64, dtype=np.int64)
    room_left = np.empty(bodies.stage.size, dtype=np.int64)
    tasks = np.empty((sources.ids.size, 15), dtype=np.int64)
    placed = np.empty((max(16 * 64, 8 * n), 2), dtype=np.int64)
    block = np.int64(-(1 << 40))
    for week in range(first, last):
        pos = week + warmup
        row, area = counted[pos], areas[pos]
        row[:] = 0
        area[:] = 0
        if week // 64 != block:
            block = np.int64(week // 64)
            fill_leads(k0, k1, STATUS, people.ids, block, status_leads)
            fill_leads(k0, k1, TAKE_PART, people.ids, block, part_leads)
        leads = status_leads[week % 64]
        if weekly.duty_reset[pos] == 1:                                                                  # 1
            state.duty[:] = 0
        count = joining(state, join_trait, people.ids, reach, params, tables, weekly.join[pos], bodies.district[0],
                        leads, k0, k1, STATUS_TAIL, week, positions)                                     # 2, 3
        join(state, positions, count, ready, ties, week)
        for j in range(count):
            row[people.cell[positions[j]], M.JOINED] += 1
        posted, arisen, hidden, beyond, doubled = post_tasks(                                            # 4, 5
            sources, sites, organisations, bodies, params, tables, lookups, weekly, pos, k0, k1, week, room_left, tasks
        )
        area[A.ARISEN], area[A.POSTED], area[A.HIDDEN] = arisen, posted, hidden
        area[A.BEYOND], area[A.TWICE] = beyond, doubled
        layout = weekly.layout[pos]
        menu_values(tasks, posted, sources, sites, layout, params, tables, lookups, menu)                # 6
        willing = taking_part(
            state, people, reach, params, tables, lookups, ladders, menu, weekly, pos, bodies.district[1],
            part_leads[week % 64], k0, k1, TAKE_PART_TAIL, week, positions,
        )
        order = queue(people, positions, willing, k0, k1, week, extra)                                   # 7
        left = tasks[:posted, 1].copy()
        describe(tasks, posted, sources, sites, bodies, params, layout)
        direct, made, helped = place(state, people, params, tables, lookups, weekly, pos, positions, order, extra,
                                     tasks, posted, left, k0, k1, week, placed)
        if made < 0:
            return -1
        area[A.HELPED_ON] = helped
        first_task = post(ledgers, tasks, posted, left, sites, layout, week, area)
        if first_task < 0:
            return 2
        been[:] = False
        blocked[:] = False
        hours_of[:] = 0
        for j in range(willing):
            blocked[positions[j]] = True
            row[people.cell[positions[j]], M.WILLING] += 1
        for p in range(made):
            blocked[placed[p, 0]] = False
        waiting = 0
        for rank in range(order.size):
            i = positions[order[rank]]
            if blocked[i]:
                row[people.cell[i], M.UNPLACED] += 1
                reserve[waiting] = i
                used[waiting] = False
                waiting += 1
        if not serve(state, people, reach, sources, sites, bodies, params, tables, lookups, weekly, pos, tasks, placed,
                     direct, made, first_task, ledgers, reserve, used, waiting, blocked, k0, k1, week, warmup, row,
                     area, been, hours_of, host_of):                                                              # 8, 9
            return 1
        short = recognise(state, people, ties, reach, params, weekly, ladders, ledgers, credited, reserve, used,
                          waiting, blocked, k0, k1, week, pos, row)                                      # 11
        if short != 0:
            return short
        if not teach(state, people, params, weekly, ledgers, district, blocked, k0, k1, week, pos, row, area, keys,
                     extra):                                                                             # 12
            return 3
        count = retain(state, people, reach, params, tables, weekly, pos, leads, been, hours_of, host_of, positions,
                       k0, k1, week, row)                                                                # 13
        pass_word(state, positions, count, ties)
        if week % 4 == 3 and not look_after(bodies, organisations, params, tables, weekly, pos, k0, k1, district, week,
                                            ledgers, area):                                              # 14, 15
            return 7
        total, alive = count_bodies(bodies, week, area)                                                  # 16
        bodies.district[0] = trust(bodies, total, alive, row[:, M.INCIDENTS].sum(), n, weekly.disclose[pos], params)
        bodies.district[1] = count
        area[A.TRUST] = bodies.district[0]
    return 0
