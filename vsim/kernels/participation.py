"""Participation, compiled; see `vsim.process.participation`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import either, largest, log_of, logistic32
from vsim.kernels.draws import below


def menu_values(tasks, count, sources, sites, layout, params, tables, lookups, values):
    """Write the value of the week's menu for the 64 classes of persons; below -2**39 without an open task.

    Tasks are first counted by field, quarter and certificate, so the cost does not grow with the menu.
    """
    tally = np.zeros((8, 5, 2), dtype=np.int64)
    for k in range(count):
        j = tasks[k, 0]
        if tasks[k, 8] == 0:
            place = 4 if tasks[k, 7] == 1 else sites.quarter[layout, j]
            tally[sources.field[j], place, tasks[k, 4]] += 1
    unit = log_of(tables, np.int64(65536))
    for klass in range(64):
        own_field, own_quarter, trained = klass >> 3, (klass >> 1) & 3, klass & 1
        total = np.int64(0)
        for field in range(8):
            fit = 1 if field == own_field else 0
            for quarter in range(5):
                number = tally[field, quarter, 0]
                if trained == 1:
                    number += tally[field, quarter, 1]
                if number > 0:
                    weight = (lookups.menu_fit[fit] * lookups.menu_quarter[own_quarter, quarter]) >> 16
                    total += number * max(weight, 1)
        if total > 0:
            values[klass] = ((params.menu_scale * (log_of(tables, total) - unit)) >> 10) - params.menu_reference
        else:
            values[klass] = -(np.int64(1) << 40)


def star_term(state, people, params, lookups, ladder, i, week):
    """Return the pull of stars on one resident, 1/1024 logit."""
    pull = np.int64(0)
    star = state.star[i]
    verified = np.int64(state.verified[i])
    if people.steered[i] == 1 and star < 5 and verified > 0:
        after = ladder[star]
        before = ladder[star - 1] if star > 0 else np.int64(0)
        if after < (np.int64(1) << 40) and after > before:
            left = min((max(after - verified, 0) * 64) // (after - before), 64)
            pull += (ladder[5] * lookups.goal[left]) >> 16
    if state.star_week[i] != -32768:
        age = min(week - np.int64(state.star_week[i]), lookups.award.size - 1)
        if age < params.reset_weeks:
            pull -= ladder[6]
        pull += (ladder[7] * lookups.award[age]) >> 16
    return pull


def own_term(state, params, lookups, weekly, pos, c, i, week):
    """Return what honours, benefits, requirements, time credits and the pledge add for one resident, 1/1024 logit."""
    pull = weekly.credit_logit[pos, c] + state.shift[i] + params.oath * np.int64(state.sworn[i])
    if state.honoured[i] != -32768:
        age = min(week - np.int64(state.honoured[i]), lookups.honour.size - 1)
        pull += (params.honour * lookups.honour[age]) >> 16
    if state.star[i] >= weekly.courtesy_star[pos]:
        pull += weekly.courtesy[pos, c]
    if state.duty[i] < weekly.duty[pos, c]:
        pull += weekly.duty_logit[pos, c]
    return pull


def highest_term(params, lookups, menu, ladders, weekly, pos):
    """Return the sum of the largest values of all terms but taste and habit, 1/1024 logit."""
    goal, award = largest(lookups.goal), largest(lookups.award)
    best = -(np.int64(1) << 40)
    for c in range(weekly.base.shape[1]):
        row = ladders[weekly.ladder[pos, c]]
        pull = weekly.base[pos, c] + weekly.points_logit[pos, c] + max(weekly.courtesy[pos, c], 0)
        pull += max(weekly.duty_logit[pos, c], 0) + weekly.credit_logit[pos, c]
        best = max(best, pull + ((row[5] * goal) >> 16) + ((row[7] * award) >> 16))
    own = max(params.oath, 0) + params.peer + max((params.honour * largest(lookups.honour)) >> 16, 0)
    return best + own + largest(menu)


def known_at_most(aware, heard):
    """Return the highest awareness of the week, 16 bit."""
    return either(largest(aware), largest(heard))


def taking_part(
    state, people, reach, params, tables, lookups, ladders, menu, weekly, pos, served, leads, k0, k1, tail, week, out
):
    """Write positions of those who take part into `out`, ascending, and return how many."""
    count = 0
    ids, status, certificate, field, quarter = people.ids, state.status, state.trained, people.field, people.quarter
    taste, habit, shift, aware = people.taste, state.habit, state.shift, lookups.aware
    known = known_at_most(aware, weekly.heard[pos])
    highest = highest_term(params, lookups, menu, ladders, weekly, pos)
    usual = (served * 1024) // max(ids.size, 1)
    for i in range(ids.size):
        if status[i] != 2:
            continue
        own = taste[i] + ((params.habit_weight * np.int64(habit[i])) >> 16)
        if leads[i] > ((known * logistic32(tables, highest + own + shift[i])) >> 16) >> 24:
            continue
        trained = 1 if certificate[i] >= week else 0
        value = menu[field[i] * 8 + quarter[i] * 2 + trained]
        if value <= -(np.int64(1) << 40):
            continue
        c = reach[i]
        tired = max(np.int64(state.fatigue[i]) - params.fatigue_limit, 0)
        asks = min(np.int64(state.asks[i]), 6)
        logit = weekly.base[pos, c] + value + own + weekly.points_logit[pos, c]
        logit -= ((params.fatigue_weight * tired) >> 8) + ((weekly.crowding[pos, c] * people.intrinsic[i]) >> 8)
        logit += star_term(state, people, params, lookups, ladders[weekly.ladder[pos, c]], i, week)
        logit += own_term(state, params, lookups, weekly, pos, c, i, week)
        logit += (params.peer * ((asks * 1024) // 6 - usual)) >> 10
        recent = 1 if state.last[i] != -32768 and week - np.int64(state.last[i]) <= params.keep_weeks else 0
        heard = either(aware[recent * 7 + asks], weekly.heard[pos, c])
        chance = (heard * logistic32(tables, logit)) >> 16
        if leads[i] <= chance >> 24 and below(k0, k1, tail, ids[i], week, leads[i], chance):
            out[count] = i
            count += 1
    return count
