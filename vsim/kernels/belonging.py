"""Belonging, compiled; see `vsim.process.belonging`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import clipped
from vsim.kernels.draws import HONOUR, words


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
    a, b, d, _ = words(k0, k1, HONOUR, person_id, week, 0)
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
