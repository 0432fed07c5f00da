"""Time credits, compiled; see `vsim.process.credits`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.draws import CREDIT, words
from vsim.world.metrics import M


def book_credit(state, people, ledgers, row, i, kind, amount, week):
    """Write one row and move the balance; return False when the book is too short."""
    at = ledgers.counts[5]
    if at >= ledgers.credits.shape[0]:
        return False
    state.credit[i] += amount
    ledgers.credits[at, 0], ledgers.credits[at, 1], ledgers.credits[at, 2] = week, i, kind
    ledgers.credits[at, 3], ledgers.credits[at, 4] = amount, state.credit[i]
    ledgers.counts[5] += 1
    cell = people.cell[i]
    if kind <= 1:
        row[cell, M.CREDIT_EARNED] += amount
    elif kind == 2:
        row[cell, M.CREDIT_SEEDED] += amount
    elif kind == 3:
        row[cell, M.CREDIT_SPENT] -= amount
    elif kind == 4:
        row[cell, M.CREDIT_DONATED] -= amount
    else:
        row[cell, M.CREDIT_EXPIRED] -= amount
    return True


def entitled(people, ties, i, age, kin):
    """Return whether a person may spend: old enough, or with kin who are, where kin count."""
    if people.age[i] >= age:
        return True
    return kin == 1 and (people.age[ties[i, 1]] >= age or people.age[ties[i, 2]] >= age)


def settle_credits(
    state, people, ties, credited, reserve, used, waiting, params, weekly, pos, ledgers, k0, k1, week, row,
    blocked,
):
    """Book the week's time credits; return False when the book is too short. Helpers come from `reserve[:waiting]`."""
    cap, limit, need = weekly.credit_cap[pos], weekly.credit_limit[pos], weekly.credit_need[pos]
    seed = weekly.credit_seed[pos]
    age, kin = weekly.credit_age[pos], weekly.credit_kin[pos]
    for i in range(credited.size):
        if credited[i] == 0 and state.credit[i] == 0 and seed == 0 and limit == 0:
            continue
        earned = (credited[i] * weekly.credit_hour[pos, people.reach[i]]) >> 10
        if earned > 0 and not book_credit(state, people, ledgers, row, i, np.int64(0), earned, week):
            return False
        if seed > 0 and people.age[i] >= params.seed_age:
            if not book_credit(state, people, ledgers, row, i, np.int64(2), seed, week):
                return False
        if cap > 0 and state.credit[i] > cap:
            if not book_credit(state, people, ledgers, row, i, np.int64(4), cap - state.credit[i], week):
                return False
        floor = -limit if limit > 0 and state.status[i] == 2 else 0
        if need == 0 or state.credit[i] - params.visit < floor:
            continue
        wish = words(k0, k1, CREDIT, people.ids[i], week, np.int64(0))[0]
        if wish >= need or not entitled(people, ties, i, age, kin):
            continue
        helper = -1
        for r in range(waiting):
            if not used[r] and reserve[r] != i:
                helper = reserve[r]
                used[r] = True
                break
        if helper < 0:
            row[people.cell[i], M.CREDIT_REFUSED] += 1
            continue
        blocked[helper] = False
        if not book_credit(state, people, ledgers, row, i, np.int64(3), -params.visit, week):
            return False
        if not book_credit(state, people, ledgers, row, helper, np.int64(1), params.visit, week):
            return False
    if weekly.credit_expire[pos] == 1:
        for i in range(credited.size):
            held = state.credit[i]
            if held > 0 and not book_credit(state, people, ledgers, row, i, np.int64(5), -held, week):
                return False
    return True
