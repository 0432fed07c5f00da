"""Retention, compiled; see `vsim.process.retention`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import is_wide
from vsim.kernels.arithmetic import clipped, hazard32


def fade(state, params, week, i):
    """Let habit and fatigue of one resident fade through the weeks without service up to and including `week`.

    `state.touched` is the last week that is in them. Both reach a value that no longer moves, so the loop is
    short for those who have rested for long.
    """
    weeks = week - np.int64(state.touched[i])
    state.touched[i] = week
    if weeks <= 0 or (state.habit[i] == 0 and state.fatigue[i] == 0):
        return
    habit, tired = np.int64(state.habit[i]), np.int64(state.fatigue[i])
    for _ in range(weeks):
        less = habit + ((-habit * params.habit_rate) >> 16)
        rested = tired - ((tired * params.fatigue_rate) >> 16)
        if less == habit and rested == tired:
            break
        habit, tired = less, rested
    state.habit[i], state.fatigue[i] = habit, min(tired, 65535)


def tire_and_learn(state, params, hours, week, i):
    """Move habit and fatigue of one resident who served this week."""
    fade(state, params, week - 1, i)
    state.touched[i] = week
    habit = np.int64(state.habit[i])
    state.habit[i] = habit + (((65535 - habit) * params.habit_rate) >> 16)
    tired = np.int64(state.fatigue[i])
    tired = tired - ((tired * params.fatigue_rate) >> 16) + ((hours * params.fatigue_unit) >> 10)
    state.fatigue[i] = min(tired, 65535)


def exit_chance(state, people, params, tables, push, i, week):
    """Return the chance of one volunteer to leave this week, 32 bit."""
    tenure = clipped(week - np.int64(state.first[i]), 0, tables.log1p.size - 1)
    logs = params.exit_base + push + np.int64(people.frailty[i]) - ((params.exit_tenure * tables.log1p[tenure]) >> 10)
    logs += (params.exit_satisfaction * (np.int64(state.satisfaction[i]) - 32768)) >> 16
    if state.fatigue[i] > params.burnout:
        logs += params.exit_fatigue
    latest = max(np.int64(state.star_week[i]), np.int64(state.honoured[i]))
    if latest != -32768 and week - latest < params.award_weeks:
        logs += params.exit_award
    if state.team[i] > 0:
        logs += params.exit_team
    return hazard32(tables, logs)


def pass_word(asks, serving, count, before, number, ties, agenda, week):
    """Let everybody who served this week ask each contact next week; `before` asked last week and do no more.

    Whom they ask and who may take part next week is written into `agenda.called`; return how many.
    """
    for j in range(number):
        for c in range(ties.shape[1]):
            asks[ties[before[j], c]] = 0
    called = 0
    offset = (week + 1) % 64
    wide = agenda.wide[offset]
    for j in range(count):
        i = serving[j]
        before[j] = i
        for c in range(ties.shape[1]):
            contact = ties[i, c]
            if contact != i:
                asks[contact] += 1
                if asks[contact] == 1 and (offset == 0 or is_wide(wide, contact)):
                    agenda.called[called] = contact
                    called += 1
    return called


def call_asked(asks, agenda):
    """Write all whom a contact asks into `agenda.called`, at the beginning; return how many."""
    called = 0
    for i in range(asks.size):
        if asks[i] > 0:
            agenda.called[called] = i
            called += 1
    return called
