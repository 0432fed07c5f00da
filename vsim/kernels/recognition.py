"""Recognition, compiled: hours that are entered count for stars, points and time credits; courses are held."""

from __future__ import annotations

import numpy as np

from vsim.kernels.arithmetic import either
from vsim.kernels.credits import settle_credits
from vsim.kernels.draws import TRAINING, words
from vsim.kernels.points import settle
from vsim.kernels.stars import rise
from vsim.kernels.training import asking, in_order, seats_now
from vsim.world.metrics import A, M


def recognise(
    state, people, ties, reach, params, weekly, ladders, ledgers, credited, reserve, used, waiting, blocked, k0, k1,
    week, pos, row,
):
    """Credit what is due, grant stars, book points and credits; return 0, or 1 + the book that is too short."""
    credited[:] = 0
    line = ledgers.due[pos]
    while line >= 0:
        i = ledgers.placements[line, 1]
        credited[i] += ledgers.placements[line, 4]
        line = ledgers.placements[line, 7]
    stars, points, counts = ledgers.stars, ledgers.points, ledgers.counts
    verified, balance = state.verified, state.points
    for i in range(credited.size):
        if credited[i] == 0 and verified[i] == 0 and balance[i] == 0:
            continue
        cell, c = people.cell[i], reach[i]
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
    if not settle_credits(
        state, people, ties, reach, credited, reserve, used, waiting, params, weekly, pos, ledgers, k0, k1, week, row,
        blocked,
    ):
        return 6
    return 0


def teach(state, people, params, weekly, ledgers, district, blocked, k0, k1, week, pos, row, area, keys, who):
    """Train the first in the queue; return False when the book of courses is too short."""
    seats = seats_now(k0, k1, district, weekly.seats[pos] + weekly.more_seats[pos], week)
    area[A.COURSE_SEATS] = seats
    if seats == 0:
        return True
    count = asking(state, blocked, people.ids, weekly.uptake[pos], k0, k1, week, keys, who)
    seated = in_order(keys, who, count, seats)
    counts = ledgers.counts
    if counts[2] + seated.size > ledgers.courses.shape[0]:
        return False
    enough = either(params.course_passed, weekly.passed[pos])
    for i in seated:
        cell = people.cell[i]
        passed = (words(k0, k1, TRAINING, people.ids[i], week, 0)[2] >> 16) < enough
        if passed:
            state.trained[i] = week + params.course_validity
            row[cell, M.TRAINED] += 1
        row[cell, M.COURSE_HOURS] += params.course_hours
        line = counts[2]
        ledgers.courses[line, 0], ledgers.courses[line, 1], ledgers.courses[line, 2] = week, i, passed
        counts[2] += 1
    return True
