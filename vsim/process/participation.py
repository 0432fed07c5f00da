"""Participation: who takes part this week - awareness and asking, then a logit of taste, habit, fatigue, menu, reward.

The chance is awareness times a logistic, one keyed uniform decides. The menu enters by an inclusive value for 64
classes of persons (preferred field, quarter of the district, certificate); single tasks act in the choice only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import either16, log_of, logistic32
from vsim.world.organisations import Sources
from vsim.world.people import People
from vsim.world.settings import ASKS, Lookups, Params
from vsim.world.state import NEVER, VOLUNTEER, State
from vsim.world.tasks import Tasks
from vsim.world.weekly import Weekly

Int = NDArray[np.int64]
CLASSES = 64                  # field (8) x quarter (4) x certificate (2)
CLASS = np.arange(CLASSES)
NO_MENU = -(1 << 40)
ONLINE = 4                    # the quarter of a task that is done from anywhere


def menu_values(tasks: Tasks, sources: Sources, quarters: Int, params: Params, lookups: Lookups) -> Int:
    """Return the value of the week's menu for each class of persons, shape (64,), 1/1024 logit.

    `quarters` holds the quarter in which each source is served, shape (j,); tasks that need a skill are left out. The
    value is `dissimilarity * ln(sum of task weights)`, centred at the ordinary menu; NO_MENU without an open task.
    """
    values = np.full(CLASSES, NO_MENU, dtype=np.int64)
    field = sources.field[tasks.source]
    quarter = np.where(tasks.online == 1, ONLINE, quarters[tasks.source])
    own_field, own_quarter, trained = CLASS[:, None] >> 3, CLASS[:, None] >> 1 & 3, CLASS[:, None] & 1
    open_to = ((tasks.gated == 0) | (trained == 1)) & (tasks.skill == 0)
    fit = (field == own_field).astype(np.int64)
    weight = np.maximum(lookups.menu_fit[fit] * lookups.menu_quarter[own_quarter, quarter] >> 16, 1)
    nought = log_of(65536)
    for klass, total in enumerate((weight * open_to).sum(axis=1).tolist()):
        if total > 0:
            values[klass] = (params.menu_scale * (log_of(total) - nought) >> 10) - params.menu_reference
    return values


def star_terms(
    state: State, people: People, params: Params, lookups: Lookups, ladders: Int, reach: NDArray[np.uint8], week: int
) -> Int:
    """Return the pull of stars on each resident, shape (n,), 1/1024 logit.

    Close to the next star a steered person is pulled (goal gradient); after a star comes a slack, and recognition
    that fades. `ladders` holds a row for each class: five thresholds, then goal, reset and award.
    """
    star = state.star.astype(np.int64)
    verified = state.verified.astype(np.int64)
    edge = np.zeros((ladders.shape[0], 1), dtype=np.int64)
    thresholds = np.concatenate((edge, ladders[:, :5], edge + (1 << 40)), axis=1)
    before, after = thresholds[reach, star], thresholds[reach, star + 1]
    reachable = (after < (1 << 40)) & (after > before) & (people.steered == 1) & (verified > 0)
    gap = np.where(reachable, after - before, 1)
    left = np.minimum(np.maximum(after - verified, 0) * 64 // gap, 64)
    goal = np.where(reachable, ladders[reach, 5] * lookups.goal[np.where(reachable, left, 0)] >> 16, 0)
    starred = state.star_week != NEVER
    age = np.minimum(week - state.star_week.astype(np.int64), lookups.award.size - 1)
    reset = np.where(starred & (age < params.reset_weeks), ladders[reach, 6], 0)
    award = np.where(starred, ladders[reach, 7] * lookups.award[np.where(starred, age, 0)] >> 16, 0)
    return goal - reset + award


def own_terms(
    state: State, params: Params, lookups: Lookups, now: Weekly, reach: NDArray[np.uint8], week: int
) -> Int:
    """Return what honours, benefits, requirements, time credits, pledge and peers add, shape (n,), 1/1024 logit.

    `reach` is the class of each person in the tables of policy. Peers enter as the share of a person's contacts who
    served last week, less the share of all residents who did: friends count, a busy town does not.
    """
    honoured = state.honoured != NEVER
    age = np.minimum(week - state.honoured.astype(np.int64), lookups.honour.size - 1)
    out = np.where(honoured, params.honour * lookups.honour[np.where(honoured, age, 0)] >> 16, 0)
    out += np.where(state.star >= now.courtesy_star, now.courtesy[reach], 0)
    out += np.where(state.duty < now.duty[reach], now.duty_logit[reach], 0)
    out += now.credit_logit[reach] + params.oath * state.sworn.astype(np.int64)
    return np.asarray(out + state.shift, dtype=np.int64)


def peer_terms(state: State, params: Params, served: int) -> Int:
    """Return the pull of peers, shape (n,), 1/1024 logit; `served` is how many residents served last week."""
    asks = np.minimum(state.asks.astype(np.int64), ASKS - 1)
    usual = served * 1024 // max(state.asks.size, 1)
    return params.peer * (asks * 1024 // (ASKS - 1) - usual) >> 10


def ceilings(
    state: State, people: People, params: Params, lookups: Lookups, menu: Int, ladders: Int, now: Weekly, aware: Int
) -> Int:
    """Return a bound on the chance of each resident to take part, shape (n,), as 32-bit thresholds.

    It is the sum of the largest values of the terms (best menu, full pull of stars and honours, no fatigue, no
    crowding, all peers, best awareness) beside a person's own taste and habit: the plain form, for one week, of the
    bounds by which the compiled weeks pass a person over (`vsim.kernels.ceilings`). No bound may ever lie below the
    chance. `ladders` holds the rows of the ladders in force, shape (classes, 8).
    """
    logit = (
        highest_term(params, lookups, menu, ladders, now) + people.taste + state.shift.astype(np.int64)
        + (params.habit_weight * state.habit.astype(np.int64) >> 16)
    )
    return known_at_most(aware, now) * logistic32(logit) >> 16


def highest_term(params: Params, lookups: Lookups, menu: Int, ladders: Int, now: Weekly) -> int:
    """Return the sum of the largest values of all terms but taste and habit, 1/1024 logit."""
    by_class = (
        now.base + now.points_logit + np.maximum(now.courtesy, 0) + np.maximum(now.duty_logit, 0)
        + now.credit_logit + (ladders[:, 5] * lookups.goal.max() >> 16) + (ladders[:, 7] * lookups.award.max() >> 16)
    )
    own = max(params.oath, 0) + params.peer + max(params.honour * int(lookups.honour.max()) >> 16, 0)
    return int(by_class.max()) + own + int(menu.max())


def known_at_most(aware: Int, now: Weekly) -> int:
    """Return the highest awareness of the week, 16 bit."""
    return int(either16(int(aware.max()), int(now.heard.max())))


def chances(
    state: State, people: People, params: Params, menu: Int, terms: Int, now: Weekly, aware: Int,
    reach: NDArray[np.uint8], week: int,
) -> Int:
    """Return the chance to take part this week, shape (n,), as 32-bit thresholds; 0 for all but volunteers.

    Parameters
    ----------
    menu : ndarray, shape (64,)
        From `menu_values`.
    terms : ndarray, shape (n,)
        The sum of `star_terms`, `own_terms` and `peer_terms`.
    now : Weekly
        Tables of the district in the week.
    aware : ndarray, shape (14,)
        Awareness by [served recently][asks], 16 bit; `now.heard` comes on top of it.
    reach : ndarray, shape (n,)
        Class of each person in the tables of policy.
    """
    trained = (state.trained.astype(np.int64) >= week).astype(np.int64)
    klass = people.field.astype(np.int64) * 8 + people.quarter.astype(np.int64) * 2 + trained
    tired = np.maximum(state.fatigue.astype(np.int64) - params.fatigue_limit, 0)
    logit = (
        now.base[reach] + menu[klass] + people.taste + (params.habit_weight * state.habit.astype(np.int64) >> 16)
        - (params.fatigue_weight * tired >> 8) + terms + now.points_logit[reach]
        - (now.crowding[reach] * people.intrinsic.astype(np.int64) >> 8)
    )
    recent = (state.last != NEVER) & (week - state.last.astype(np.int64) <= params.keep_weeks)
    known = aware[recent * ASKS + np.minimum(state.asks, ASKS - 1)]
    known = either16(known, now.heard[reach])
    able = (state.status == VOLUNTEER) & (menu[klass] > NO_MENU)
    return np.where(able, known * logistic32(np.where(able, logit, 0)) >> 16, 0)
