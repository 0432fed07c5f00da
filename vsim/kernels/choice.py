"""Choice, compiled; see `vsim.process.choice`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import apart
from vsim.kernels.draws import CHOICE, INSURED, MENU, philox, words


def wanted(people, lookups, i, word):
    """Return how many tasks a person wants this week."""
    keen = people.keen[i]
    third = 0 if keen < -441 else (2 if keen > 441 else 1)
    return 1 + lookups.extra[third, word >> 20]


def describe(tasks, count, sources, sites, bodies, params, layout):
    """Write beside each task what everybody's menu reads of it: place, worth by quality, field, id of its source."""
    for k in range(count):
        j = tasks[k, 0]
        tasks[k, 10], tasks[k, 11] = sites.x[layout, j], sites.y[layout, j]
        tasks[k, 12] = (params.quality * (bodies.quality[sources.organisation[j]] - 32768)) >> 16
        tasks[k, 13], tasks[k, 14] = sources.field[j], sources.ids[j]


def look(k0, k1, person_id, week, tasks, page, menu, stamp, mark):
    """Write the positions of the tasks on a person's menu into `menu`; return how many.

    `stamp` holds for each task the mark of the menu on which it stood last; `mark` is a new one.
    """
    if tasks <= 16:
        for k in range(tasks):
            menu[k] = k
        return tasks
    count = 0
    for call in range(4):
        drawn = words(k0, k1, MENU, person_id, week, page * 4 + call)
        for word in drawn:
            task = (word * tasks) >> 32
            if stamp[task] != mark:
                stamp[task] = mark
                menu[count] = task
                count += 1
    return count


def insured(people, weekly, pos, i, k0, k1):
    """Return whether a person is insured: a fact, kept over weeks."""
    return (words(k0, k1, INSURED, people.ids[i], 0, np.int64(0))[0] >> 16) < weekly.cover[pos]


def open_to(people, tasks, task, i, trained, covered):
    """Return whether a person may take a task; `covered` where high risk is no bar."""
    skill = tasks[task, 8]
    if skill != 0 and (skill != people.skill[i] or people.credential[i] != 1):
        return False
    if tasks[task, 9] == 2 and not covered:
        return False
    return trained or tasks[task, 4] == 0


def tastes(k0, k1, person_id, week, tasks, menu, count, noise):
    """Write a person's noise for each task on the menu into `noise`, a step of the Gumbel table each, shape (16,).

    A loop of its own, so that the draws vectorise.
    """
    for k in range(count):
        noise[k] = tasks[menu[k], 14]
    for k in range(count):
        a, _, _, _ = philox(np.uint64(person_id), np.uint64(noise[k]), np.uint64(week), np.uint64(CHOICE), k0, k1)
        noise[k] = np.int64(a >> np.uint64(20))


def score_menu(
    people, params, tables, weekly, pos, tasks, left, trained, k0, k1, i, week, menu, count, score, noise
):
    """Write the score of each task on the menu; a task that is not open to the person scores below -2**39."""
    equity = weekly.equity[pos]
    away_weight, fit = params.distance + weekly.nearness[pos], params.fit + weekly.fitness[pos]
    x, y, field = people.x[i], people.y[i], people.field[i]
    covered = -1
    tastes(k0, k1, people.ids[i], week, tasks, menu, count, noise)
    for k in range(count):
        task = menu[k]
        if tasks[task, 9] == 2 and covered < 0:
            covered = 1 if insured(people, weekly, pos, i, k0, k1) else 0
        if not open_to(people, tasks, task, i, trained, covered == 1 or weekly.cover_asked[pos] == 0):
            score[k] = -(1 << 40)
            continue
        value = tasks[task, 12]
        if tasks[task, 9] == 2:
            value -= params.risk_fear - params.cover_pull * covered
        if tasks[task, 7] == 0:
            value -= away_weight * apart(x, y, tasks[task, 10], tasks[task, 11]) // 100
        if tasks[task, 13] == field:
            value += fit
        if equity != 0:
            value -= (equity * (((tasks[task, 1] - left[task]) * 1024) // tasks[task, 1])) >> 10
        score[k] = value + ((params.menu_scale * tables.gumbel[noise[k]]) >> 10)
