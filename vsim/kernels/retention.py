"""Retention, compiled; see `vsim.process.retention`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import clipped, hazard32


def tire_and_learn(state, params, served, hours, i):
    """Move habit and fatigue of one resident."""
    habit = np.int64(state.habit[i])
    goal = 65535 if served else 0
    state.habit[i] = habit + (((goal - habit) * params.habit_rate) >> 16)
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


def pass_word(state, serving, count, ties):
    """Let everybody who served this week ask each contact next week."""
    state.asks[:] = 0
    for j in range(count):
        i = serving[j]
        for c in range(ties.shape[1]):
            contact = ties[i, c]
            if contact != i:
                state.asks[contact] += 1
