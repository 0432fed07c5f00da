"""Service, compiled; see `vsim.process.service`."""

from __future__ import annotations

from vsim.kernels.arithmetic import apart, clipped, exp32, logistic32
from vsim.kernels.draws import SERVICE, words


def attend(
    state, people, params, tables, lookups, weekly, pos, tasks, i, task, k0, k1, week,
):
    """Return whether a person comes, true quarter hours, whether hurt, whether conduct was breached, a spare word."""
    w0, w1, w2, w3 = words(k0, k1, SERVICE, people.ids[i], week, tasks[task, 14])
    away = 0
    if tasks[task, 7] == 0:
        away = apart(people.x[i], people.y[i], tasks[task, 10], tasks[task, 11])
    usual = params.show_recurring if tasks[task, 15] & 1 == 1 else params.show_once
    logit = usual + people.reliability[i] - ((params.show_lead * tables.log1p[tasks[task, 5]]) >> 10)
    logit += weekly.show[pos, people.reach[i]] + params.oath_show * state.sworn[i] - params.show_distance * away // 100
    logs = tasks[task, 3] + ((params.hours_person * tables.normal[w1 >> 20]) >> 16)
    hours = clipped((exp32(tables, logs) * 4 + (1 << 31)) >> 32, params.hours_least, params.hours_most)
    danger = hours * ((lookups.risk[tasks[task, 9]] * weekly.hazard[pos]) >> 10)
    breach = (w3 >> 16) < ((params.breach * weekly.conduct[pos]) >> 10)
    return w0 < logistic32(tables, logit), hours, w2 < danger, breach, w1 & 0xFFFF


def fold(state, i, felt, params):
    """Fold one experience into a person's satisfaction."""
    before = clipped(state.satisfaction[i], 0, 65535)
    state.satisfaction[i] = before + ((params.satisfaction_rate * (clipped(felt, 0, 65535) - before)) >> 16)


def experience(state, people, bodies, params, weekly, pos, tasks, i, task, hurt, week):
    """Fold the experience of an attendance into a person's satisfaction."""
    felt = params.experience_base + ((params.experience_quality * bodies.quality[tasks[task, 15] >> 1]) >> 16)
    felt += weekly.felt[pos]
    if tasks[task, 13] == people.field[i]:
        felt += params.experience_fit
    if state.trained[i] >= week:
        felt += params.experience_training
    if hurt:
        felt -= params.incident
    fold(state, i, felt, params)


def sent_home(state, i, params):
    """Fold the experience of having come for nothing into a person's satisfaction."""
    fold(state, i, clipped(state.satisfaction[i], 0, 65535) - params.unused, params)
