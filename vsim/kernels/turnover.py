"""Turnover, compiled: who stands on the agenda, who leaves and who returns; see `vsim.process.retention`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import (
    PART_LIST,
    STATUS_LIST,
    WHO,
    clear_lists,
    draw_planes,
    note_weeks,
    note_wide,
    weeks_at_most,
    weeks_from,
)
from vsim.kernels.ceilings import asked_weeks, find_tops, part_weeks, status_ceiling
from vsim.kernels.draws import STATUS, STATUS_TAIL, TAKE_PART, below
from vsim.kernels.retention import exit_chance, fade
from vsim.kernels.training import add_learner, list_learners
from vsim.world.metrics import M
from vsim.world.state import LAPSED, NEVER, REGISTERED, VOLUNTEER


def select(state, people, q, start, end, who, ids):
    """Write who of residents `start` to `end` - 1 has a list of the kind into `who`, their ids into `ids`; count them.

    Those who are registered and not ready change no more, and only volunteers take part.
    """
    count = np.int64(0)
    for i in range(start, end):
        status = state.status[i]
        if q == PART_LIST:
            wanted = status == VOLUNTEER
        else:
            wanted = status != REGISTERED
        if wanted:
            who[count], ids[count] = i, people.ids[i]
            count += 1
    return count


def open_block(
    state, people, agenda, sources, contacts, params, tables, lookups, ladders, weekly, warmup, first, end, k0, k1,
    source_ids, needs,
):
    """Draw the leading bits of a block, and note everybody for weeks of `first` to `end` - 1."""
    n = people.ids.size
    span = agenda.who.size - 1
    block = np.int64(first // 64)
    opens = weeks_from(first % 64, end - block * 64)
    find_tops(sources, params, tables, lookups, ladders, weekly, k0, k1, first, end, warmup, source_ids,
              needs, agenda.tops)
    clear_lists(agenda)
    agenda.wide[:, :] = 0
    list_learners(state, people, agenda, end)
    who, ids, planes = agenda.who, agenda.ids, agenda.planes
    for start in range(0, n, span):
        stop = min(start + span, n)
        for i in range(start, stop):
            state.weeks[i] = np.uint64(0)
            state.turns[i] = np.uint64(0)
        count = select(state, people, STATUS_LIST, start, stop, who, ids)
        draw_planes(k0, k1, STATUS, ids, count, block, planes)
        for j in range(count):
            note_turns(state, people, agenda, params, tables, contacts, first, end, opens, who[j], j)
        count = select(state, people, PART_LIST, start, stop, who, ids)
        draw_planes(k0, k1, TAKE_PART, ids, count, block, planes)
        for j in range(count):
            note_parts(state, people, agenda, params, tables, first, opens, who[j], j)


def note_turns(state, people, agenda, params, tables, contacts, week, end, opens, i, j):
    """Note a resident, whose planes are those of column `j`, for the weeks in which the status may change."""
    bound = status_ceiling(state, people, params, tables, agenda.tops, contacts, week, end, i)
    weeks = weeks_at_most(agenda.planes, j, bound) & opens & ~state.turns[i]
    state.turns[i] |= weeks
    note_weeks(agenda, STATUS_LIST, i, weeks, agenda.planes, j)


def note_parts(state, people, agenda, params, tables, week, opens, i, j):
    """Note a volunteer, whose planes are those of column `j`, for the weeks in which a part may be taken."""
    weeks = part_weeks(state, people, agenda, params, tables, agenda.planes, j, i, week) & opens & ~state.weeks[i]
    state.weeks[i] |= weeks
    note_wide(agenda, i, opens & asked_weeks(state, people, agenda, params, tables, agenda.planes, j, i))
    note_weeks(agenda, PART_LIST, i, weeks, agenda.planes, j)


def note_again(state, people, agenda, params, tables, positions, count, week, opens, k0, k1):
    """Note those who wanted to take part this week for later ones, where they are volunteers still."""
    span = agenda.who.size - 1
    for start in range(0, count, span):
        number = np.int64(0)
        for j in range(start, min(start + span, count)):
            i = positions[j]
            if state.status[i] == VOLUNTEER:
                agenda.who[number], agenda.ids[number] = i, people.ids[i]
                number += 1
        draw_planes(k0, k1, TAKE_PART, agenda.ids, number, np.int64(week // 64), agenda.planes)
        for j in range(number):
            note_parts(state, people, agenda, params, tables, week, opens, agenda.who[j], j)


def draw_one(k0, k1, stream, people, agenda, i, week):
    """Draw the planes of one resident into column 0."""
    agenda.ids[0] = people.ids[i]
    draw_planes(k0, k1, stream, agenda.ids, np.int64(1), np.int64(week // 64), agenda.planes)


def take_up(
    state, people, agenda, called, contacts, params, tables, positions, count, week, end, opens, now, k0, k1
):
    """Note those who joined this week: they may take part at once and change again from next week on.

    Return how many are called by contacts this week; those who joined and are asked are among them.
    """
    for j in range(count):
        i = positions[j]
        state.touched[i] = week - 1
        if state.status[i] == VOLUNTEER:
            draw_one(k0, k1, STATUS, people, agenda, i, week)
            note_turns(state, people, agenda, params, tables, contacts, week, end, opens, i, np.int64(0))
            draw_one(k0, k1, TAKE_PART, people, agenda, i, week)
            note_parts(state, people, agenda, params, tables, week, now, i, np.int64(0))
            add_learner(people, agenda, i)
            if agenda.asks[i] > 0:
                agenda.called[called] = i
                called += 1
    return called


def retain(
    state, people, agenda, contacts, params, tables, weekly, pos, later, number, week, end, opens, k0, k1, row
):
    """Let those on the week's list leave or return, and note them for what they may do then."""
    for k in range(number):
        i, lead = np.int64(later[k]) & WHO, np.int64(later[k]) >> 24
        cell = people.cell[i]
        before = state.status[i]
        if before == VOLUNTEER:
            if state.first[i] != NEVER and state.since[i] != week:
                fade(state, params, week, i)
                chance = exit_chance(state, people, params, tables, weekly.leave[pos, people.reach[i]], i, week)
                if lead <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, lead, chance):
                    state.status[i] = LAPSED
                    row[cell, M.LEFT] += 1
        elif before == LAPSED:
            chance = params.return_asked if agenda.asks[i] > 0 else params.return_base
            if lead <= chance >> 24 and below(k0, k1, STATUS_TAIL, people.ids[i], week, lead, chance):
                state.status[i] = VOLUNTEER
                row[cell, M.RETURNED] += 1
                fade(state, params, week, i)
                draw_one(k0, k1, TAKE_PART, people, agenda, i, week)
                note_parts(state, people, agenda, params, tables, week, opens, i, np.int64(0))
        if state.status[i] != before:
            draw_one(k0, k1, STATUS, people, agenda, i, week)
            note_turns(state, people, agenda, params, tables, contacts, week + 1, end, opens, i, np.int64(0))
