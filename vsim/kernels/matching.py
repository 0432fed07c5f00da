"""Matching, compiled; see `vsim.process.matching`."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import sort_keys
from vsim.kernels.choice import look, open_to, score_menu, wanted
from vsim.kernels.draws import EXTRA, philox


def queue(people, willing, count, k0, k1, week, extra, boxed, starts):
    """Put the willing into the order of their keyed priority, ties by position; words for further tasks go to `extra`.

    `extra` is by position in the district.
    """
    keys = np.empty(count, dtype=np.int64)
    ids, first, second = np.empty(count, np.uint64), np.empty(count, np.uint64), np.empty(count, np.uint64)
    for j in range(count):
        ids[j] = people.ids[willing[j]]
    for j in range(count):
        a, b, _, _ = philox(ids[j], np.uint64(0), np.uint64(week), np.uint64(EXTRA), k0, k1)
        first[j], second[j] = a, b
    for j in range(count):
        keys[j] = (np.int64(first[j]) << 31) | willing[j]
        extra[willing[j]] = second[j]
    sort_keys(keys, count, boxed, starts)
    for j in range(count):
        willing[j] = keys[j] & ((np.int64(1) << 31) - 1)


def any_seat(people, tasks, left, trained, i, menu, seen):
    """Return whether a task on the menu has a seat that a person might take; without one no menu need be scored."""
    for k in range(seen):
        task = menu[k]
        if left[task] > 0 and open_to(people, tasks, task, i, trained, True):
            return True
    return False


def attempt(
    state, people, params, tables, weekly, pos, i, number, page, tries, tasks, count, left, k0, k1, week, menu, score,
    noise, stamp, placed, made,
):
    """Let one person try tasks; return placements made in all, or -1 when `placed` is too short."""
    trained = state.trained[i] >= week
    seen = look(k0, k1, people.ids[i], week, count, page, menu, stamp, 2 * i + page)
    if not any_seat(people, tasks, left, trained, i, menu, seen):
        return made
    score_menu(people, params, tables, weekly, pos, tasks, left, trained, k0, k1, i, week, menu, seen, score,
               noise)
    taken = 0
    busy = np.int64(0)
    for k in range(seen):
        score[k] = (score[k] << 4) | (15 - k)             # the best score first, of equal ones the first on the menu
    for _ in range(min(seen, number + tries)):
        best = score[0]
        for k in range(1, seen):
            best = max(best, score[k])
        if best < -(np.int64(1) << 43):
            break
        place = 15 - (best & 15)
        task = menu[place]
        score[place] = -(np.int64(1) << 44)
        bit = np.int64(1) << tasks[task, 2]
        if left[task] > 0 and busy & bit == 0:
            if made >= placed.shape[0]:
                return -1
            left[task] -= 1
            busy |= bit
            placed[made, 0] = i
            placed[made, 1] = task
            made += 1
            taken += 1
            if taken == number:
                break
    return made


def place(
    state, people, params, tables, lookups, weekly, pos, willing, number, extra, tasks, count, left, k0, k1, week,
    placed, menu, score, noise, empty, stamp,
):
    """Write placements (person, task) into `placed`; return how many by the first menu, in all, and who was helped on.

    (-1, -1, 0) says that `placed` is too short. The last five arrays are room to work in.
    """
    stamp[:count] = -1
    none = np.int64(0)
    made = np.int64(0)
    tries = params.further_tries + weekly.tries[pos]
    for rank in range(number):
        i = willing[rank]
        before = made
        made = attempt(
            state, people, params, tables, weekly, pos, i, wanted(people, lookups, i, extra[i]), np.int64(0), tries,
            tasks, count, left, k0, k1, week, menu, score, noise, stamp, placed, made,
        )
        if made < 0:
            return -1, -1, 0
        if made == before:
            empty[none] = i
            none += 1
    helped, direct = 0, made
    if weekly.overflow[pos] == 1 or (weekly.alarm[pos] == 1 and weekly.command[pos] == 1):
        for e in range(none):
            i = empty[e]
            before = made
            made = attempt(
                state, people, params, tables, weekly, pos, i, wanted(people, lookups, i, extra[i]), np.int64(1),
                np.int64(16), tasks, count, left, k0, k1, week, menu, score, noise, stamp, placed, made,
            )
            if made < 0:
                return -1, -1, 0
            if made > before:
                helped += 1
    return direct, made, helped
