"""Participation: who takes part this week - awareness and asking, then a logit of taste, habit, fatigue, menu, reward.

The chance is awareness times a logistic, one keyed uniform decides. The menu enters by an inclusive value for 64
classes of persons (preferred field, quarter of the district, certificate); single tasks act in the choice only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import log_of, logistic32
from vsim.world.organisations import Sources
from vsim.world.people import People
from vsim.world.settings import ASKS, Lookups, Params
from vsim.world.state import NEVER, VOLUNTEER, State
from vsim.world.tasks import Tasks

Int = NDArray[np.int64]
CLASSES = 64                  # field (8) x quarter (4) x certificate (2)
NO_MENU = -(1 << 40)


def menu_values(tasks: Tasks, sources: Sources, params: Params, lookups: Lookups) -> Int:
    """Return the value of the week's menu for each class of persons, shape (64,), 1/1024 logit.

    It is `dissimilarity * ln(sum of task weights)`, centred at the ordinary menu; NO_MENU without an open task.
    """
    values = np.full(CLASSES, NO_MENU, dtype=np.int64)
    field, quarter = sources.field[tasks.source], sources.quarter[tasks.source]
    for klass in range(CLASSES):
        own_field, own_quarter, trained = klass >> 3, klass >> 1 & 3, klass & 1
        open_to = (tasks.gated == 0) | (trained == 1)
        fit = (field == own_field).astype(np.int64)
        weight = np.maximum(lookups.menu_fit[fit] * lookups.menu_quarter[own_quarter, quarter] >> 16, 1)
        total = int(weight[open_to].sum())
        if total > 0:
            values[klass] = (params.menu_scale * (log_of(total) - log_of(65536)) >> 10) - params.menu_reference
    return values


def star_terms(state: State, people: People, params: Params, lookups: Lookups, ladder: Int, week: int) -> Int:
    """Return the pull of stars on each resident, shape (n,), 1/1024 logit.

    Close to the next star a steered person is pulled (goal gradient); after a star comes a slack, and recognition
    that fades. `ladder` is one row: five thresholds, then goal, reset and award.
    """
    star = state.star.astype(np.int64)
    verified = state.verified.astype(np.int64)
    thresholds = np.concatenate(([0], ladder[:5], [1 << 40]))
    before, after = thresholds[star], thresholds[star + 1]
    reachable = (after < (1 << 40)) & (after > before) & (people.steered == 1) & (verified > 0)
    gap = np.where(reachable, after - before, 1)
    left = np.minimum(np.maximum(after - verified, 0) * 64 // gap, 64)
    goal = np.where(reachable, ladder[5] * lookups.goal[np.where(reachable, left, 0)] >> 16, 0)
    starred = state.star_week != NEVER
    age = np.minimum(week - state.star_week.astype(np.int64), lookups.award.size - 1)
    reset = np.where(starred & (age < params.reset_weeks), ladder[6], 0)
    award = np.where(starred, ladder[7] * lookups.award[np.where(starred, age, 0)] >> 16, 0)
    return goal - reset + award


def ceilings(
    state: State, people: People, params: Params, lookups: Lookups, menu: Int, ladder: Int, base: int, points: int,
    aware: Int,
) -> Int:
    """Return a bound on the chance of each resident to take part, shape (n,), as 32-bit thresholds.

    It is the sum of the largest values of the terms (best menu, full pull of stars, no fatigue, no crowding, best
    awareness) beside a person's own taste and habit. The compiled form passes a person over as soon as the leading
    byte of the week lies above it; no bound may ever lie below the chance.
    """
    highest = base + int(menu.max()) + points + _stars_at_most(lookups, ladder)
    logit = highest + people.taste + (params.habit_weight * state.habit.astype(np.int64) >> 16)
    return int(aware.max()) * logistic32(logit) >> 16


def _stars_at_most(lookups: Lookups, ladder: Int) -> int:
    return int((ladder[5] * lookups.goal.max() >> 16) + (ladder[7] * lookups.award.max() >> 16))


def chances(
    state: State, people: People, params: Params, menu: Int, stars: Int, base: int, points: int, crowding: int,
    aware: Int, week: int,
) -> Int:
    """Return the chance to take part this week, shape (n,), as 32-bit thresholds; 0 for all but volunteers.

    Parameters
    ----------
    menu : ndarray, shape (64,)
        From `menu_values`.
    stars : ndarray, shape (n,)
        From `star_terms`.
    base, points, crowding : int
        Season, pull of points, loss of own motive at its highest, 1/1024 logit.
    aware : ndarray, shape (14,)
        Awareness by [served recently][asks], 16 bit.
    """
    trained = (state.trained.astype(np.int64) >= week).astype(np.int64)
    klass = people.field.astype(np.int64) * 8 + people.quarter.astype(np.int64) * 2 + trained
    tired = np.maximum(state.fatigue.astype(np.int64) - params.fatigue_limit, 0)
    logit = (
        base + menu[klass] + people.taste + (params.habit_weight * state.habit.astype(np.int64) >> 16)
        - (params.fatigue_weight * tired >> 8) + stars + points
        - (crowding * people.intrinsic.astype(np.int64) >> 8)
    )
    recent = (state.last != NEVER) & (week - state.last.astype(np.int64) <= params.keep_weeks)
    known = aware[recent * ASKS + np.minimum(state.asks, ASKS - 1)]
    able = (state.status == VOLUNTEER) & (menu[klass] > NO_MENU)
    return np.where(able, known * logistic32(np.where(able, logit, 0)) >> 16, 0)
