"""Participation, compiled; see `vsim.process.participation`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import log_of, logistic32
from vsim.kernels.draws import below


def menu_values(tasks, count, sources, params, tables, lookups, values):
    """Write the value of the week's menu for the 64 classes of persons; below -2**39 without an open task.

    Tasks are first counted by field, quarter and certificate, so the cost does not grow with the menu.
    """
    tally = np.zeros((8, 4, 2), dtype=np.int64)
    for k in range(count):
        j = tasks[k, 0]
        tally[sources.field[j], sources.quarter[j], tasks[k, 4]] += 1
    unit = log_of(tables, np.int64(65536))
    for klass in range(64):
        own_field, own_quarter, trained = klass >> 3, (klass >> 1) & 3, klass & 1
        total = np.int64(0)
        for field in range(8):
            fit = 1 if field == own_field else 0
            for quarter in range(4):
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


def highest_term(lookups, menu, ladder, base, points):
    """Return the sum of the largest values of all terms but taste and habit, 1/1024 logit."""
    top = menu[0]
    for klass in range(menu.size):
        top = max(top, menu[klass])
    goal, award = lookups.goal.max(), lookups.award.max()
    return base + top + points + ((ladder[5] * goal) >> 16) + ((ladder[7] * award) >> 16)


def taking_part(
    state, people, params, tables, lookups, ladder, menu, base, points, crowding, aware, leads, k0, k1, tail, week, out
):
    """Write positions of those who take part into `out`, ascending, and return how many."""
    count = 0
    ids, status, certificate, field, quarter = people.ids, state.status, state.trained, people.field, people.quarter
    taste, habit, known = people.taste, state.habit, aware.max()
    highest = highest_term(lookups, menu, ladder, base, points)
    for i in range(ids.size):
        if status[i] != 2:
            continue
        ceiling = highest + taste[i] + ((params.habit_weight * np.int64(habit[i])) >> 16)
        if leads[i] > ((known * logistic32(tables, ceiling)) >> 16) >> 24:
            continue
        trained = 1 if certificate[i] >= week else 0
        value = menu[field[i] * 8 + quarter[i] * 2 + trained]
        if value <= -(np.int64(1) << 40):
            continue
        tired = max(np.int64(state.fatigue[i]) - params.fatigue_limit, 0)
        logit = base + value + taste[i] + ((params.habit_weight * np.int64(habit[i])) >> 16)
        logit += points - ((params.fatigue_weight * tired) >> 8) - ((crowding * people.intrinsic[i]) >> 8)
        logit += star_term(state, people, params, lookups, ladder, i, week)
        recent = 1 if state.last[i] != -32768 and week - np.int64(state.last[i]) <= params.keep_weeks else 0
        chance = (aware[recent * 7 + min(np.int64(state.asks[i]), 6)] * logistic32(tables, logit)) >> 16
        if leads[i] <= chance >> 24 and below(k0, k1, tail, ids[i], week, leads[i], chance):
            out[count] = i
            count += 1
    return count
