"""Choice, compiled; see `vsim.process.choice`."""

from __future__ import annotations

from vsim.kernels.arithmetic import apart
from vsim.kernels.draws import CHOICE, MENU, words


def wanted(people, lookups, i, word):
    """Return how many tasks a person wants this week."""
    keen = people.keen[i]
    third = 0 if keen < -441 else (2 if keen > 441 else 1)
    return 1 + lookups.extra[third, word >> 20]


def look(k0, k1, person_id, week, tasks, menu):
    """Write the positions of the tasks on a person's menu into `menu`; return how many."""
    if tasks <= 16:
        for k in range(tasks):
            menu[k] = k
        return tasks
    count = 0
    for call in range(4):
        drawn = words(k0, k1, MENU, person_id, week, call)
        for word in drawn:
            task = (word * tasks) >> 32
            new = True
            for k in range(count):
                if menu[k] == task:
                    new = False
            if new:
                menu[count] = task
                count += 1
    return count


def score_menu(people, sources, params, tables, tasks, trained, k0, k1, i, week, menu, count, score):
    """Write the score of each task on the menu; a task that is not open to the person scores below -2**39."""
    for k in range(count):
        task = menu[k]
        if tasks[task, 4] == 1 and not trained:
            score[k] = -(1 << 40)
            continue
        j = tasks[task, 0]
        noise = tables.gumbel[words(k0, k1, CHOICE, people.ids[i], week, sources.ids[j])[0] >> 20]
        away = apart(people.x[i], people.y[i], sources.x[j], sources.y[j])
        value = (params.quality * (sources.quality[j] - 32768) >> 16) - params.distance * away // 100
        if sources.field[j] == people.field[i]:
            value += params.fit
        score[k] = value + ((params.menu_scale * noise) >> 10)
