"""Belonging, compiled; see `vsim.process.belonging`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import clipped
from vsim.kernels.draws import HONOUR, words
from vsim.world.metrics import M
from vsim.world.state import VOLUNTEER


def owe(state, i, hours, required, quality, params):
    """Count an attendance towards a requirement; return whether it is met now."""
    before = np.int64(state.duty[i])
    after = min(before + hours, 65535)
    state.duty[i] = after
    if required == 0 or not (before < required and required <= after):
        return False
    moved = state.shift[i] + ((params.duty_quality * (quality - 32768)) >> 16) - params.duty_cost
    state.shift[i] = clipped(moved, -8192, 8192)
    return True


def belong(state, params, weekly, pos, c, served, host, person_id, i, k0, k1, week):
    """Honour, swear in and team up one volunteer; return bits: 1 honoured, 2 sworn, 4 teamed."""
    honour, oath, team = weekly.honour[pos, c], weekly.oath[pos, c], weekly.team[pos, c]
    if honour == 0 and oath == 0 and team == 0:
        return 0
    a, b, d, _ = words(k0, k1, HONOUR, person_id, week, np.int64(0))
    done = 0
    if served and a < honour:
        last = np.int64(state.honoured[i])
        fresh = weekly.honour_new[pos] == 0 or week - np.int64(state.first[i]) <= params.newcomer_weeks
        if (last == -32768 or week - last >= params.honour_weeks) and fresh:
            state.honoured[i] = week
            done += 1
    if state.status[i] == 2 and state.sworn[i] == 0 and b < oath:
        state.sworn[i] = 1
        done += 2
    if served and state.team[i] == 0 and d < team:
        state.team[i] = host + 1
        done += 4
    return done


def belong_all(state, people, params, weekly, pos, been, host_of, serving, count, k0, k1, week, row):
    """Honour, swear in and team up: those who served, and everybody in weeks with a pledge."""
    honours = np.int64(0)
    oaths = np.int64(0)
    for c in range(weekly.honour.shape[1]):
        honours += weekly.honour[pos, c] + weekly.team[pos, c]
        oaths += weekly.oath[pos, c]
    number = people.ids.size if oaths > 0 else (count if honours > 0 else 0)
    for k in range(number):
        i = k if oaths > 0 else serving[k]
        if state.status[i] >= VOLUNTEER:
            done = belong(
                state, params, weekly, pos, people.reach[i], been[i], host_of[i], people.ids[i], i, k0, k1, week
            )
            cell = people.cell[i]
            row[cell, M.HONOURED] += done & 1
            row[cell, M.SWORN] += (done >> 1) & 1
            row[cell, M.TEAMED] += done >> 2
