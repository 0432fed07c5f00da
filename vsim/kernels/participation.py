"""Participation, compiled; see `vsim.process.participation`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import PART_LIST, WHO, is_wide, take_list, touch
from vsim.kernels.arithmetic import either, largest, log_of, logistic32, logistic_most
from vsim.kernels.ceilings import LOW, class_top
from vsim.kernels.draws import below, lead_of
from vsim.kernels.retention import fade


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


def chance_of(state, people, asks, params, tables, lookups, ladders, value, weekly, pos, usual, i, week):
    """Return the chance of one volunteer to take part, a 32-bit threshold; `value` is that of the menu."""
    c = people.reach[i]
    tired = max(np.int64(state.fatigue[i]) - params.fatigue_limit, 0)
    asks = min(asks, 6)
    logit = weekly.base[pos, c] + value + people.taste[i] + ((params.habit_weight * np.int64(state.habit[i])) >> 16)
    logit += weekly.points_logit[pos, c]
    logit -= ((params.fatigue_weight * tired) >> 8) + ((weekly.crowding[pos, c] * people.intrinsic[i]) >> 8)
    logit += star_term(state, people, params, lookups, ladders[weekly.ladder[pos, c]], i, week)
    logit += own_term(state, params, lookups, weekly, pos, c, i, week)
    logit += (params.peer * ((asks * 1024) // 6 - usual)) >> 10
    recent = 1 if state.last[i] != -32768 and week - np.int64(state.last[i]) <= params.keep_weeks else 0
    heard = either(lookups.aware[recent * 7 + asks], weekly.heard[pos, c])
    return (heard * logistic32(tables, logit)) >> 16


def tops_now(params, lookups, ladders, weekly, pos, now):
    """Write for each class the highest sum of terms and the highest awareness of one week into `now`, (classes, 2)."""
    for c in range(now.shape[0]):
        now[c, 0] = class_top(params, lookups, ladders, weekly, pos, c)
        now[c, 1] = either(largest(lookups.aware), weekly.heard[pos, c])


def takes_part(
    state, people, agenda, params, tables, lookups, ladders, menu, weekly, pos, usual, k0, k1, tail, i, lead, week
):
    """Return whether one volunteer takes part this week; `lead` is the leading byte of the uniform."""
    fade(state, params, week - 1, i)
    trained = 1 if state.trained[i] >= week else 0
    value = menu[people.field[i] * 8 + people.quarter[i] * 2 + trained]
    if value <= LOW:
        return False
    now = agenda.now[people.reach[i]]
    own = people.taste[i] + ((params.habit_weight * np.int64(state.habit[i])) >> 16) + state.shift[i]
    if lead > ((now[1] * logistic_most(tables, now[0] + value + own)) >> 16) >> 24:
        return False
    chance = chance_of(state, people, np.int64(agenda.asks[i]), params, tables, lookups, ladders, value, weekly, pos,
                       usual, i, week)
    return lead <= chance >> 24 and below(k0, k1, tail, people.ids[i], week, lead, chance)


def taking_part(
    state, people, agenda, called, params, tables, lookups, ladders, menu, weekly, pos, served, k0, k1, stream, tail,
    week, out,
):
    """Write positions of those who take part into `out`, in the order of the agenda, and return how many.

    Looked at are those whom a contact asks, the first `called` of `agenda.called`, and those noted for the week.
    """
    count = np.int64(0)
    offset = week % 64
    usual = (served * 1024) // max(people.ids.size, 1)
    tops_now(params, lookups, ladders, weekly, pos, agenda.now)
    touch(agenda, state, people, agenda.called, called)
    for k in range(called):
        i = np.int64(agenda.called[k])
        if state.status[i] != 2 or state.looked[i] == week:
            continue
        if is_wide(agenda.wide[offset], i):
            state.looked[i] = week
            lead = lead_of(k0, k1, stream, people.ids[i], week)
            if takes_part(state, people, agenda, params, tables, lookups, ladders, menu, weekly, pos, usual, k0, k1,
                          tail, i, lead, week):
                out[count] = i
                count += 1
    number = take_list(agenda, PART_LIST, offset, agenda.looked)
    touch(agenda, state, people, agenda.looked, number)
    for k in range(number):
        i, lead = np.int64(agenda.looked[k]) & WHO, np.int64(agenda.looked[k]) >> 24
        if state.status[i] == 2 and state.looked[i] != week and takes_part(
            state, people, agenda, params, tables, lookups, ladders, menu, weekly, pos, usual, k0, k1, tail, i, lead,
            week,
        ):
            out[count] = i
            count += 1
    return count
