"""Ceilings: the highest that a chance can be while its owner does nothing, for the agenda.

Tables of policy and of demand are known for all weeks of a block, so their largest values are taken. What the weeks
bring about - who is asked, who is honoured, how trust moves - enters with the largest value that it can have. Habit
fades, and fatigue only lowers the chance to serve. A resident who serves is put on the agenda again.
"""

from __future__ import annotations

import numpy as np

from vsim.kernels.agenda import weeks_at_most, weeks_from
from vsim.kernels.arithmetic import clipped, either, exp32, hazard_most, largest, log_of, logistic_most
from vsim.kernels.demand import draw_needs

JOIN, LEAVE, KNOWN, PLAIN, RECENT, BY_FIELD = 0, 1, 2, 3, 4, 5       # columns of the tops of a class
SLACK = 4                                                     # of a logarithm by table, which is not quite monotone
LOW = -(1 << 40)


def class_top(params, lookups, ladders, weekly, pos, c):
    """Return the sum of the largest values of all terms of a class but taste, habit and menu, 1/1024 logit."""
    row = ladders[weekly.ladder[pos, c]]
    pull = weekly.base[pos, c] + weekly.points_logit[pos, c] + max(weekly.courtesy[pos, c], 0)
    pull += max(weekly.duty_logit[pos, c], 0) + weekly.credit_logit[pos, c]
    pull += ((row[5] * largest(lookups.goal)) >> 16) + ((row[7] * largest(lookups.award)) >> 16)
    return pull + max(params.oath, 0) + abs(params.peer) + max((params.honour * largest(lookups.honour)) >> 16, 0)


def menu_tops(sources, params, tables, lookups, weekly, pos, k0, k1, week, source_ids, needs, tops):
    """Write the most that a week's menu can be worth by preferred field into `tops`, shape (8,), 1/1024 logit.

    Every need that arises is counted, found or not, as if it lay where it counts for most.
    """
    tops[:] = 0
    arisen = 0
    factor = exp32(tables, weekly.demand[pos]) >> 8
    draw_needs(k0, k1, source_ids, week, needs[0], needs[1])
    for j in range(sources.ids.size):
        if np.int64(needs[0, j]) < ((sources.rate[j] >> 8) * factor) >> 16:
            tops[sources.field[j]] += 1
            arisen += 1
    most = np.int64(1)
    for home in range(4):
        for quarter in range(5):
            most = max(most, lookups.menu_quarter[home, quarter])
    fit, other = max((lookups.menu_fit[1] * most) >> 16, 1), max((lookups.menu_fit[0] * most) >> 16, 1)
    unit = log_of(tables, np.int64(65536))
    for field in range(8):
        total = tops[field] * fit + (arisen - tops[field]) * other
        if total > 0:
            tops[field] = ((params.menu_scale * (log_of(tables, total) - unit)) >> 10) - params.menu_reference + SLACK
        else:
            tops[field] = LOW


def find_tops(
    sources, params, tables, lookups, ladders, weekly, k0, k1, first, last, warmup, source_ids, needs, tops
):
    """Write the largest values of the tables over weeks `first` to `last` - 1 into `tops`, shape (classes, 13)."""
    tops[:, :] = LOW
    menu = np.empty(8, dtype=np.int64)
    for week in range(first, last):
        pos = week + warmup
        menu_tops(sources, params, tables, lookups, weekly, pos, k0, k1, week, source_ids, needs, menu)
        for c in range(tops.shape[0]):
            tops[c, JOIN] = max(tops[c, JOIN], weekly.join[pos, c])
            tops[c, LEAVE] = max(tops[c, LEAVE], weekly.leave[pos, c])
            tops[c, KNOWN] = max(tops[c, KNOWN], either(largest(lookups.aware), weekly.heard[pos, c]))
            tops[c, PLAIN] = max(tops[c, PLAIN], either(lookups.aware[0], weekly.heard[pos, c]))
            tops[c, RECENT] = max(tops[c, RECENT], either(lookups.aware[7], weekly.heard[pos, c]))
            pull = class_top(params, lookups, ladders, weekly, pos, c)
            for field in range(8):
                tops[c, BY_FIELD + field] = max(tops[c, BY_FIELD + field], pull + menu[field])


def willing_most(state, people, params, tables, tops, i):
    """Return a bound on the chance of one who knows of an opportunity to take part in any week, a 32-bit threshold."""
    own = people.taste[i] + ((max(params.habit_weight, 0) * np.int64(state.habit[i])) >> 16) + state.shift[i]
    return logistic_most(tables, tops[people.reach[i], BY_FIELD + people.field[i]] + own)


def part_weeks(state, people, agenda, params, tables, planes, j, i, week):
    """Return the weeks of the block of `week`, a bit each, in which one whom nobody asks may take part."""
    row = agenda.tops[people.reach[i]]
    most = willing_most(state, people, params, tables, agenda.tops, i)
    weeks = weeks_at_most(planes, j, ((row[PLAIN] * most) >> 16) >> 24)
    kept = clipped(np.int64(state.last[i]) + params.keep_weeks + 1 - (week // 64) * 64, 0, 64)
    if kept > 0:                                             # who served lately knows more, for some weeks
        weeks |= weeks_at_most(planes, j, ((row[RECENT] * most) >> 16) >> 24) & weeks_from(0, kept)
    return weeks


def asked_weeks(state, people, agenda, params, tables, planes, j, i):
    """Return the weeks of the block, a bit each, in which one may take part even when asked by all contacts."""
    most = willing_most(state, people, params, tables, agenda.tops, i)
    return weeks_at_most(planes, j, ((agenda.tops[people.reach[i], KNOWN] * most) >> 16) >> 24)


def status_ceiling(state, people, params, tables, tops, contacts, week, end, i):
    """Return the leading byte of a bound on the chance that a resident changes status before `end`, or -1 for none."""
    status = state.status[i]
    row = tops[people.reach[i]]
    if status == 0:
        believed = max((params.trust_join * (65536 - params.trust_level)) >> 16,
                       (-params.trust_join * params.trust_level) >> 16)
        friends = max(contacts, np.int64(state.friends[i])) if params.join_contact > 0 else np.int64(state.friends[i])
        logs = params.join_base + believed + row[JOIN] + people.join_trait[i] + params.join_contact * friends
        return hazard_most(tables, logs) >> 24
    if status == 1:
        return np.int64(-1)
    if status == 2:
        longest = tables.log1p.size - 1
        began = np.int64(state.first[i])
        now, then = clipped(week - began, 0, longest), clipped(end - began, 0, longest)
        if began == -32768:
            now, then = np.int64(0), clipped(end - week, 0, longest)
        logs = params.exit_base + row[LEAVE] + np.int64(people.frailty[i])
        logs -= min((params.exit_tenure * tables.log1p[now]) >> 10, (params.exit_tenure * tables.log1p[then]) >> 10)
        logs += max((params.exit_satisfaction * -32768) >> 16, (params.exit_satisfaction * 32767) >> 16)
        logs += max(params.exit_fatigue, 0) + max(params.exit_award, 0) + max(params.exit_team, 0)
        return hazard_most(tables, logs) >> 24
    return max(params.return_asked, params.return_base) >> 24
