"""Turnover, compiled: who stands on the agenda, who leaves and who returns; see `vsim.process.retention`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import COURSE_LIST, PART_LIST, STATUS_LIST, enlist, fill_planes, lead_in, weeks_from
from vsim.kernels.ceilings import asked_weeks, course_weeks, find_tops, part_weeks, status_weeks
from vsim.kernels.draws import ASK_COURSE, STATUS, STATUS_TAIL, TAKE_PART, below
from vsim.kernels.retention import exit_chance, fade
from vsim.world.metrics import M
from vsim.world.state import LAPSED, NEVER, VOLUNTEER


def open_block(
    state, people, agenda, sources, contacts, params, tables, lookups, ladders, weekly, warmup,
    first, end, k0, k1,
):
    """Draw the leading bits of a block, and put everybody on the lists of weeks `first` to `end` - 1."""
    block = np.int64(first // 64)
    opens = weeks_from(first % 64, end - block * 64)
    fill_planes(k0, k1, STATUS, people.ids, block, agenda.planes[STATUS_LIST])
    fill_planes(k0, k1, TAKE_PART, people.ids, block, agenda.planes[PART_LIST])
    fill_planes(k0, k1, ASK_COURSE, people.ids, block, agenda.planes[COURSE_LIST])
    find_tops(sources, params, tables, lookups, ladders, weekly, k0, k1, first, end, warmup, agenda.tops)
    agenda.heads[:, :] = -1
    list_all(state, people, agenda, contacts, params, tables, first, end, opens)


def list_all(state, people, agenda, contacts, params, tables, first, end, opens):
    """Put everybody on the lists of a block; from the last to the first, so that lists begin with the first."""
    n = people.ids.size
    for back in range(n):
        i = n - 1 - back
        enlist(agenda, STATUS_LIST, i, opens & status_weeks(
            state, people, agenda, params, tables, contacts, first, end, i
        ))
    for back in range(n):
        i = n - 1 - back
        agenda.links[PART_LIST, i, 2] = 0
        state.wide[i] = asked_weeks(state, people, agenda, params, tables, i)
        if state.status[i] == VOLUNTEER:
            enlist(agenda, PART_LIST, i, opens & part_weeks(state, people, agenda, params, tables, i, first))
    for back in range(n):
        i = n - 1 - back
        agenda.links[COURSE_LIST, i, 2] = 0
        if state.status[i] >= VOLUNTEER:
            enlist(agenda, COURSE_LIST, i, opens & course_weeks(people, agenda, i))


def take_up(
    state, people, agenda, contacts, params, tables, positions, count, week, end, opens,
    now,
):
    """Put those who joined this week on the lists: they may take part at once and change again from next week on."""
    for j in range(count):
        i = positions[j]
        state.touched[i] = week - 1
        if state.status[i] == VOLUNTEER:
            enlist(agenda, STATUS_LIST, i, opens & status_weeks(
                state, people, agenda, params, tables, contacts, week, end, i
            ))
            enlist(agenda, PART_LIST, i, now & part_weeks(state, people, agenda, params, tables, i, week))
            enlist(agenda, COURSE_LIST, i, now & course_weeks(people, agenda, i))


def retain(
    state, people, agenda, contacts, params, tables, weekly, pos, later, number, week, end,
    opens, k0, k1, row,
):
    """Let those on the week's list leave or return, and put them on the list of a later week."""
    offset = week % 64
    for j in range(number):
        i = later[j]
        cell = people.cell[i]
        lead = lead_in(agenda.planes, STATUS_LIST, i, offset)
        if state.status[i] == VOLUNTEER:
            if state.first[i] != NEVER and state.since[i] != week:
                fade(state, params, week, i)
                chance = exit_chance(state, people, params, tables, weekly.leave[pos, people.reach[i]], i, week)
                if lead <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, lead, chance):
                    state.status[i] = LAPSED
                    row[cell, M.LEFT] += 1
        elif state.status[i] == LAPSED:
            chance = params.return_asked if state.asks[i] > 0 else params.return_base
            if lead <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, lead, chance):
                state.status[i] = VOLUNTEER
                row[cell, M.RETURNED] += 1
                if agenda.links[PART_LIST, i, 2] == 0:
                    fade(state, params, week, i)
                    enlist(agenda, PART_LIST, i,
                           opens & part_weeks(state, people, agenda, params, tables, i, week))
        enlist(agenda, STATUS_LIST, i, opens & status_weeks(
            state, people, agenda, params, tables, contacts, week + 1, end, i
        ))
