"""Organisations, compiled; see `vsim.process.organisations`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import clipped, either, hazard32
from vsim.kernels.demand import can_run
from vsim.kernels.draws import CARE, words
from vsim.world.bodies import (
    BY_LAW,
    CLOSED,
    FILED,
    FORMING,
    GROWING,
    INSTITUTION,
    LATENT,
    MATURE,
    PERIOD,
    UNLISTED,
)
from vsim.world.metrics import A


def note(ledgers, week, o, kind, value):
    """Write one event; the caller has seen to it that there is room."""
    at = ledgers.counts[6]
    ledgers.events[at, 0], ledgers.events[at, 1] = week, o
    ledgers.events[at, 2], ledgers.events[at, 3] = kind, value
    ledgers.counts[6] += 1


def age(bodies, params, tables, weekly, pos, o, w0, w1, ledgers, week, area):
    """Start, pass, mature or close."""
    stage = bodies.stage[o]
    if stage == LATENT:
        if (w0 >> 16) < either(params.org_start, weekly.org_found[pos]):
            bodies.stage[o] = FORMING
            area[A.ORGS_STARTED] += 1
            note(ledgers, week, o, 0, 0)
        return
    if stage == CLOSED:
        return
    bodies.regulars[o] += (bodies.came[o] * 64 - bodies.regulars[o]) >> 2
    people = min(bodies.regulars[o] >> 8, tables.log1p.size - 1)
    months = min(bodies.cash[o] // max(params.org_fixed, 1), 12)
    logs = params.org_close + weekly.org_close[pos] - ((params.org_close_regulars * tables.log1p[people]) >> 10)
    logs -= params.org_close_cash * months + ((params.org_close_quality * bodies.quality[o]) >> 16)
    if w1 < hazard32(tables, logs):
        bodies.stage[o] = CLOSED
        area[A.ORGS_CLOSED] += 1
        note(ledgers, week, o, 3, stage)
    elif stage == FORMING and (w0 >> 16) < either(params.org_pass, weekly.org_grow[pos]):
        bodies.stage[o] = GROWING
        note(ledgers, week, o, 1, 0)
    elif stage == GROWING and people >= 10:
        bodies.stage[o] = MATURE
        note(ledgers, week, o, 2, people)


def govern(bodies, params, weekly, pos, o, adopted, w2, w3, w4, ledgers, week, area):
    """Register by law, put rules in place, be inspected, take up a practice."""
    if bodies.form[o] == FILED or bodies.form[o] == UNLISTED:
        if (w2 >> 16) < either(params.org_register, weekly.org_register[pos]):
            bodies.form[o] = INSTITUTION
            note(ledgers, week, o, 4, 0)
    if bodies.rules[o] < weekly.org_rules[pos]:
        bodies.rules[o] = min(bodies.rules[o] + params.org_settle, weekly.org_rules[pos])
        note(ledgers, week, o, 8, bodies.rules[o])
    weak = ((10 - bodies.rules[o]) * 65536) // 10
    chance = (weekly.org_inspect[pos] * (65536 + ((weekly.org_target[pos] * (2 * weak - 65536)) >> 16))) >> 16
    if (w3 >> 16) < chance:
        area[A.INSPECTED] += 1
        note(ledgers, week, o, 5, 0)
        if (w3 & 0xFFFF) < (params.org_violation * weak) >> 16:
            area[A.VIOLATIONS] += 1
            note(ledgers, week, o, 6, weekly.org_suspend[pos])
            bodies.suspended[o] = week + 1 + weekly.org_suspend[pos]
            bodies.rules[o] = min(bodies.rules[o] + 1, 10)
    if bodies.practice[o] == 0 and (w4 >> 16) < either((params.spread * adopted) >> 16, weekly.org_adopt[pos]):
        bodies.practice[o] = 1
        area[A.ADOPTED] += 1
        note(ledgers, week, o, 7, 0)


def develop(bodies, organisations, params, tables, weekly, pos, o, w5):
    """Move quality towards what rules, practice, policy and load allow."""
    can = can_run(organisations.leaders[o], params.org_run, weekly.capacity[pos]) * PERIOD
    load = min(((bodies.ran[o] + bodies.turned[o]) * 65536) // can, 131072)
    goal = organisations.quality[o] + weekly.org_quality[pos] + (params.org_rules * bodies.rules[o]) // 10
    goal += params.practice * bodies.practice[o] - ((params.org_overload * max(load - 65536, 0)) >> 16)
    noise = (params.org_noise * tables.normal[w5 >> 20]) >> 16
    moved = bodies.quality[o] + ((params.org_rate * (goal - bodies.quality[o])) >> 16) + noise
    bodies.quality[o] = clipped(moved, 0, 65536)


def pay(bodies, params, weekly, pos, o, area):
    """Take in what policy pays and pay what the work costs."""
    got = 0
    if bodies.form[o] <= BY_LAW:
        got = weekly.org_income[pos] * PERIOD + ((weekly.org_task[pos] * bodies.hours[o]) >> 2)
    paid = min(params.org_fixed + ((params.org_cost * bodies.hours[o]) >> 2), bodies.cash[o] + got)
    bodies.cash[o] += got - paid
    area[A.ORG_INCOME] += got
    area[A.ORG_SPENT] += paid


def look_after(bodies, organisations, params, tables, weekly, pos, k0, k1, district, week, ledgers, area):
    """Look at every organisation once; return False when the book of events is too short."""
    if ledgers.counts[6] + 6 * bodies.stage.size > ledgers.events.shape[0]:
        return False
    alive = 0
    adopted = 0
    for o in range(bodies.stage.size):
        if bodies.stage[o] == GROWING or bodies.stage[o] == MATURE:
            alive += 1
            adopted += bodies.practice[o]
    adopted = (adopted * 65536) // max(alive, 1)
    for o in range(bodies.stage.size):
        w0, w1, w2, w3 = words(k0, k1, CARE, district * 65536 + o, week, np.int64(0))
        age(bodies, params, tables, weekly, pos, o, w0, w1, ledgers, week, area)
        if bodies.stage[o] >= FORMING and bodies.stage[o] <= MATURE:
            w4, w5, _, _ = words(k0, k1, CARE, district * 65536 + o, week, np.int64(1))
            govern(bodies, params, weekly, pos, o, adopted, w2, w3, w4, ledgers, week, area)
            develop(bodies, organisations, params, tables, weekly, pos, o, w5)
            pay(bodies, params, weekly, pos, o, area)
        bodies.ran[o], bodies.turned[o], bodies.came[o], bodies.hours[o] = 0, 0, 0, 0
    return True


def count_bodies(bodies, week, area):
    """Count the organisations at work; return the sum of their quality and how many there are."""
    total = 0
    count = 0
    for o in range(bodies.stage.size):
        area[A.ORG_CASH] += bodies.cash[o]
        if bodies.stage[o] == GROWING or bodies.stage[o] == MATURE:
            count += 1
            total += bodies.quality[o]
            area[A.RULES] += bodies.rules[o]
            if bodies.form[o] <= BY_LAW:
                area[A.ORGS_REGISTERED] += 1
            if bodies.suspended[o] > week + 1:
                area[A.SUSPENDED] += 1
    area[A.ORGS], area[A.QUALITY] = count, total
    return total, count


def trust(level, total, count, incidents, residents, disclose, params):
    """Return public trust after a week, 16 bit; `level` is that before it."""
    mean = total // count if count > 0 else 0
    goal = params.trust_level + ((params.trust_quality * (mean - 32768)) >> 16)
    goal += (params.trust_open * disclose) >> 16
    shaken = (params.trust_shock * incidents * 1000) // max(residents, 1)
    return clipped(level + ((params.trust_rate * (goal - level)) >> 16) - shaken, 0, 65536)
