"""Recognition, compiled: hours that are entered count for stars, points and time credits; courses are held."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import either
from vsim.kernels.credits import settle_credits
from vsim.kernels.draws import TRAINING, words
from vsim.kernels.points import settle
from vsim.kernels.stars import rise
from vsim.kernels.training import asking, in_order, seats_now, whose
from vsim.world.metrics import A, M


def due_now(state, ledgers, params, weekly, pos, credited, chosen, fresh):
    """Add up the hours due into `credited`; write whose books may move into `chosen`, ascending; return how many.

    These are the people whose hours are due. Where ladders begin or change (`fresh`, or a new row in the tables) and
    where points can be spent or lapse, everybody with verified hours or points is looked at.
    """
    number = np.int64(0)
    line = ledgers.due[pos]
    while line >= 0:
        i = ledgers.placements[line, 1]
        if credited[i] == 0 and ledgers.placements[line, 4] > 0:
            chosen[number] = i
            number += 1
        credited[i] += ledgers.placements[line, 4]
        line = ledgers.placements[line, 7]
    every = fresh or weekly.expire[pos] == 1 or (weekly.price[pos] > 0 and weekly.redeem[pos] > 0)
    for c in range(weekly.ladder.shape[1]):
        every = every or weekly.ladder[pos, c] != weekly.ladder[pos - 1, c]
    if not every:
        chosen[:number].sort()
        return number
    number = np.int64(0)
    for i in range(credited.size):
        if credited[i] != 0 or state.verified[i] != 0 or state.points[i] != 0:
            chosen[number] = i
            number += 1
    return number


def settles_nothing(weekly, pos):
    """Return whether no rule of time credits is in force this week."""
    rules = weekly.credit_cap[pos] + weekly.credit_limit[pos] + weekly.credit_need[pos] + weekly.credit_seed[pos]
    for c in range(weekly.credit_hour.shape[1]):
        rules += abs(weekly.credit_hour[pos, c])
    return rules + weekly.credit_expire[pos] == 0


def recognise(
    state, people, ties, params, weekly, ladders, ledgers, credited, chosen, reserve, used, waiting, blocked,
    k0, k1, week, pos, row, fresh,
):
    """Credit what is due, grant stars, book points and credits; return 0, or 1 + the book that is too short."""
    number = due_now(state, ledgers, params, weekly, pos, credited, chosen, fresh)
    stars, points, counts = ledgers.stars, ledgers.points, ledgers.counts
    for k in range(number):
        i = chosen[k]
        cell, c = people.cell[i], people.reach[i]
        if credited[i] > 0:
            state.verified[i] += np.uint32(credited[i])
            row[cell, M.VERIFIED_HOURS] += credited[i]
        if state.verified[i] > 0:
            risen = rise(state, ladders[weekly.ladder[pos, c]], i, week)
            if risen > 0:
                if counts[3] >= stars.shape[0]:
                    return 4
                stars[counts[3], 0], stars[counts[3], 1] = week, i
                stars[counts[3], 2], stars[counts[3], 3] = state.star[i], state.verified[i]
                counts[3] += 1
                row[cell, M.STARS] += risen
        if state.points[i] > 0 or (credited[i] > 0 and weekly.points_hour[pos, c] > 0):
            if counts[4] + 3 > points.shape[0]:
                return 5
            earned, spent, lapsed, after = settle(
                state, credited[i], weekly.points_hour[pos, c], weekly.redeem[pos], weekly.price[pos],
                weekly.expire[pos], k0, k1, people.ids[i], i, week,
            )
            row[cell, M.POINTS_EARNED] += earned
            row[cell, M.POINTS_SPENT] += spent
            row[cell, M.POINTS_EXPIRED] += lapsed
            for kind in range(3):
                amount = earned if kind == 0 else (-spent if kind == 1 else -lapsed)
                if amount != 0:
                    at = counts[4]
                    points[at, 0], points[at, 1], points[at, 2], points[at, 3] = week, i, kind, amount
                    points[at, 4] = after + spent if kind == 0 else (after if kind == 1 else 0)
                    counts[4] += 1
    idle = settles_nothing(weekly, pos)
    if not idle and not settle_credits(
        state, people, ties, credited, reserve, used, waiting, params, weekly, pos, ledgers, k0, k1, week, row,
        blocked,
    ):
        return 6
    for k in range(number):
        credited[chosen[k]] = 0
    return 0


def teach(
    state, people, agenda, params, weekly, ledgers, district, reserve, waiting, blocked, k0, k1, week, pos, row,
    area, keys, boxed, starts,
):
    """Train the first in the queue; return False when the book of courses is too short."""
    seats = seats_now(k0, k1, district, weekly.seats[pos] + weekly.more_seats[pos], week)
    area[A.COURSE_SEATS] = seats
    if seats == 0:
        return True
    count = asking(state, people, agenda, reserve, waiting, blocked, weekly.uptake[pos], k0, k1, week, keys)
    seated = in_order(keys, count, seats, boxed, starts)
    counts = ledgers.counts
    if counts[2] + seated > ledgers.courses.shape[0]:
        return False
    enough = either(params.course_passed, weekly.passed[pos])
    for k in range(seated):
        i = whose(keys[k])
        cell = people.cell[i]
        passed = (words(k0, k1, TRAINING, people.ids[i], week, np.int64(0))[2] >> 16) < enough
        if passed:
            state.trained[i] = week + params.course_validity
            row[cell, M.TRAINED] += 1
        row[cell, M.COURSE_HOURS] += params.course_hours
        line = counts[2]
        ledgers.courses[line, 0], ledgers.courses[line, 1], ledgers.courses[line, 2] = week, i, passed
        counts[2] += 1
    return True
