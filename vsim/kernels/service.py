"""Service, compiled; see `vsim.process.service`."""

from __future__ import annotations

from vsim.kernels.arithmetic import apart, clipped, exp32, logistic32
from vsim.kernels.draws import SERVICE, words


def attend(people, sources, params, tables, tasks, i, task, k0, k1, week):
    """Return whether a person shows up, and the true quarter hours."""
    j = tasks[task, 0]
    w0, w1, _, _ = words(k0, k1, SERVICE, people.ids[i], week, sources.ids[j])
    away = apart(people.x[i], people.y[i], sources.x[j], sources.y[j])
    usual = params.show_recurring if sources.recurring[j] == 1 else params.show_once
    logit = usual + people.reliability[i] - ((params.show_lead * tables.log1p[tasks[task, 5]]) >> 10)
    logit -= params.show_distance * away // 100
    logs = tasks[task, 3] + ((params.hours_person * tables.normal[w1 >> 20]) >> 16)
    hours = clipped((exp32(tables, logs) * 4 + (1 << 31)) >> 32, params.hours_least, params.hours_most)
    return w0 < logistic32(tables, logit), hours


def experience(state, people, sources, params, tasks, i, task, week):
    """Fold one experience into a person's satisfaction."""
    j = tasks[task, 0]
    felt = params.experience_base + ((params.experience_quality * sources.quality[j]) >> 16)
    if sources.field[j] == people.field[i]:
        felt += params.experience_fit
    if state.trained[i] >= week:
        felt += params.experience_training
    before = clipped(state.satisfaction[i], 0, 65535)
    state.satisfaction[i] = before + ((params.satisfaction_rate * (clipped(felt, 0, 65535) - before)) >> 16)
