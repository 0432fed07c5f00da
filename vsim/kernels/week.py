"""The weeks of one district in one compiled pass: the order of `vsim.run.simulate`, fused.

The numbers in the comments are those of the week in `vsim.run.simulate`. Returns 0, or 1 + the number of the book
that was too short, -1 when a week had more placements than the scratch space holds, or -2 when the agenda had too few
sheets; then nothing of the run may be used, and in the first and last case the caller starts again with more room.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import weeks_from
from vsim.kernels.attendance import serve
from vsim.kernels.belonging import belong_all
from vsim.kernels.choice import describe
from vsim.kernels.demand import post_tasks
from vsim.kernels.draws import STATUS_TAIL, TAKE_PART, TAKE_PART_TAIL
from vsim.kernels.matching import place, queue
from vsim.kernels.organisations import count_bodies, look_after, trust
from vsim.kernels.participation import menu_values, taking_part
from vsim.kernels.recognition import recognise, teach
from vsim.kernels.records import bring_together, take_apart
from vsim.kernels.registration import join, joining
from vsim.kernels.retention import call_asked, fade, pass_word, tire_and_learn
from vsim.kernels.stocks import carry_on, stand_now
from vsim.kernels.turnover import note_again, open_block, retain, take_up
from vsim.world.metrics import A, M
from vsim.world.state import VOLUNTEER


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


def pass_weeks(
    first, last, warmup, district, records, town, bodies, ties, sources, sites, organisations, params, tables, lookups,
    weekly, ladders, k0, k1, ledgers, counted, areas, agenda,
):
    """Run weeks `first` to `last` - 1 of one district in place; see the module for the result."""
    state, people = records, records                      # two names, so that a reader sees what may change
    n = people.ids.size
    contacts = ties.shape[1]
    positions = np.empty(n, dtype=np.int64)
    serving = np.empty(n, dtype=np.int64)
    before = np.empty(n, dtype=np.int64)
    later = np.empty(n, dtype=np.uint32)
    extra = np.empty(n, dtype=np.int64)
    keys = np.empty(n, dtype=np.int64)
    boxed = np.empty(n, dtype=np.int64)
    starts = np.empty(1 + 1024, dtype=np.int64)
    reserve = np.empty(n, dtype=np.int64)
    used = np.zeros(n, dtype=np.bool_)
    been = np.zeros(n, dtype=np.bool_)
    blocked = np.zeros(n, dtype=np.bool_)
    hours_of = np.zeros(n, dtype=np.int64)
    host_of = np.zeros(n, dtype=np.int64)
    credited = np.zeros(n, dtype=np.int64)
    held = np.empty((counted.shape[1], 5), dtype=np.int64)
    menu = np.empty(64, dtype=np.int64)
    room_left = np.empty(bodies.stage.size, dtype=np.int64)
    tasks = np.empty((sources.ids.size, 16), dtype=np.int32)
    source_ids = np.empty(sources.ids.size, dtype=np.uint64)
    for j in range(sources.ids.size):
        source_ids[j] = sources.ids[j]
    needs = np.empty((2, sources.ids.size), dtype=np.uint64)
    left = np.empty(sources.ids.size, dtype=np.int64)
    stamp = np.empty(sources.ids.size, dtype=np.int64)
    on_menu = np.empty(16, dtype=np.int64)
    score = np.empty(16, dtype=np.int64)
    noise = np.empty(16, dtype=np.int64)
    placed = np.empty((max(16 * 64, 8 * n), 2), dtype=np.int64)
    state.touched[:] = first - 1
    state.looked[:] = first - 1
    stand_now(state, people, held)
    end = first
    asked = np.int64(0)
    called = call_asked(agenda.asks, agenda)
    for week in range(first, last):
        pos = week + warmup
        row, area = counted[pos], areas[pos]
        row[:] = 0
        area[:] = 0
        if week == end:
            end = min((week // 64 + 1) * 64, last)
            open_block(state, people, agenda, sources, contacts, params, tables, lookups, ladders, weekly, warmup, week,
                       end, k0, k1, source_ids, needs)
        stop = end - (week // 64) * 64
        opens, now = weeks_from(week % 64 + 1, stop), weeks_from(week % 64, stop)
        if weekly.duty_reset[pos] == 1:                                                                  # 1
            state.duty[:] = 0
        count, number = joining(state, people, agenda, params, tables, weekly.join[pos], town[0], k0, k1, STATUS_TAIL,
                                week, positions, later)                                                  # 2, 3
        join(state, people, positions, count, ties, week)
        for j in range(count):
            cell = people.cell[positions[j]]
            row[cell, M.JOINED] += 1
            held[cell, 1] += people.ready[positions[j]]
        called = take_up(state, people, agenda, called, contacts, params, tables, positions, count, week, end, opens,
                         now, k0, k1)
        posted, arisen, hidden, beyond, doubled = post_tasks(                                            # 4, 5
            sources, sites, organisations, bodies, params, tables, lookups, weekly, pos, k0, k1, week, room_left,
            tasks, source_ids, needs,
        )
        area[A.ARISEN], area[A.POSTED], area[A.HIDDEN] = arisen, posted, hidden
        area[A.BEYOND], area[A.TWICE] = beyond, doubled
        layout = weekly.layout[pos]
        menu_values(tasks, posted, sources, sites, layout, params, tables, lookups, menu)                # 6
        willing = taking_part(
            state, people, agenda, called, params, tables, lookups, ladders, menu, weekly, pos,
            town[1], k0, k1, TAKE_PART, TAKE_PART_TAIL, week, positions,
        )
        queue(people, positions, willing, k0, k1, week, extra, boxed, starts)                             # 7
        left[:posted] = tasks[:posted, 1]
        describe(tasks, posted, sources, sites, bodies, params, layout)
        direct, made, helped = place(state, people, params, tables, lookups, weekly, pos, positions, willing,
                                     extra, tasks, posted, left, k0, k1, week, placed, on_menu, score, noise, keys,
                                     stamp)
        if made < 0:
            return -1
        area[A.HELPED_ON] = helped
        first_task = post(ledgers, tasks, posted, left, sites, layout, week, area)
        if first_task < 0:
            return 2
        for j in range(willing):
            blocked[positions[j]] = True
            row[people.cell[positions[j]], M.WILLING] += 1
        for p in range(made):
            blocked[placed[p, 0]] = False
        waiting = np.int64(0)
        for rank in range(willing):
            i = positions[rank]
            if blocked[i]:
                row[people.cell[i], M.UNPLACED] += 1
                reserve[waiting] = i
                used[waiting] = False
                waiting += 1
        if not serve(state, people, bodies, params, tables, lookups, weekly, pos, tasks, placed,
                     direct, made, first_task, ledgers, reserve, used, waiting, blocked, k0, k1, week, warmup, row,
                     area, been, hours_of, host_of):                                                      # 8, 9
            return 1
        came = np.int64(0)
        for j in range(willing):
            if been[positions[j]]:
                serving[came] = positions[j]
                came += 1
        short = recognise(state, people, ties, params, weekly, ladders, ledgers, credited, keys, reserve, used,
                          waiting, blocked, k0, k1, week, pos, row, week == first)                       # 11
        if short != 0:
            return short
        if not teach(state, people, agenda, params, weekly, ledgers, district, reserve, waiting, blocked, k0, k1, week,
                     pos, row, area, keys, boxed, starts):                                                # 12
            return 3
        belong_all(state, people, params, weekly, pos, been, host_of, serving, came, k0, k1, week, row)
        for s in range(came):                                                                            # 13
            tire_and_learn(state, params, hours_of[serving[s]], week, serving[s])
        retain(state, people, agenda, contacts, params, tables, weekly, pos, later, number, week, end, opens, k0, k1,
               row)
        for j in range(willing):
            i = positions[j]
            blocked[i] = been[i] = False
            hours_of[i] = 0
        note_again(state, people, agenda, params, tables, positions, willing, week, opens, k0, k1)
        if agenda.spare[1] == 1:
            return -2
        if week == first:
            agenda.asks[:] = 0
        called = pass_word(agenda.asks, serving, came, before, asked, ties, agenda, week)
        asked = came
        carry_on(held, row)
        if week % 4 == 3 and not look_after(bodies, organisations, params, tables, weekly, pos, k0, k1, district, week,
                                            ledgers, area):                                              # 14, 15
            return 7
        total, alive = count_bodies(bodies, week, area)                                                  # 16
        town[0] = trust(town[0], total, alive, row[:, M.INCIDENTS].sum(), n, weekly.disclose[pos], params)
        town[1] = came
        area[A.TRUST] = town[0]
    for i in range(n):
        if state.status[i] >= VOLUNTEER:
            fade(state, params, last - 1, i)
    return 0


def run_weeks(
    first, last, warmup, district, far, who, reach, join_trait, ready, records, town, bodies, ties, sources, sites,
    organisations, params, tables, lookups, weekly, ladders, k0, k1, ledgers, counted, areas, agenda,
):
    """Run weeks `first` to `last` - 1 of one district in place; see the module for the result.

    The state `far` and the persons `who` are arrays of fields; the weeks are run on `records` (`vsim.kernels.layout`).
    counted has shape (weeks, cells, metrics), areas (weeks, metrics of tasks); both are written from `first` on.
    """
    bring_together(records, far, who, reach, join_trait, ready)
    short = pass_weeks(first, last, warmup, district, records, town, bodies, ties, sources, sites, organisations,
                       params, tables, lookups, weekly, ladders, k0, k1, ledgers, counted, areas, agenda)
    take_apart(records, far)
    return short
