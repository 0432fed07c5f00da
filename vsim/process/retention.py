"""Retention: habit and fatigue move, some volunteers leave by a frail hazard that falls with tenure, some return."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import hazard32, tables
from vsim.world.people import People
from vsim.world.settings import Params
from vsim.world.state import FULL, LAPSED, NEVER, VOLUNTEER, State

Int = NDArray[np.int64]


def tire_and_learn(state: State, served: NDArray[np.bool_], hours: Int, params: Params) -> None:
    """Move habit towards whether a person served, let fatigue fade and grow by the hours of the week."""
    been = state.status >= VOLUNTEER
    habit = state.habit.astype(np.int64)
    habit += (served * FULL - habit) * params.habit_rate >> 16
    tired = state.fatigue.astype(np.int64)
    tired = tired - (tired * params.fatigue_rate >> 16) + (hours * params.fatigue_unit >> 10)
    state.habit[been] = habit[been]
    state.fatigue[been] = np.minimum(tired, FULL)[been]


def leaving(
    state: State, people: People, params: Params, push: Int, reach: NDArray[np.uint8], uniform: Int, week: int
) -> Int:
    """Return volunteers who leave at the end of the week, ascending; nobody who joined this week or never served.

    `push` is what policy adds to the log hazard by class of persons, shape (classes,), 1/1024. A star or an honour of
    the last `award_weeks` keeps, and so does a team.
    """
    tenure = np.clip(week - state.first.astype(np.int64), 0, tables().log1p.size - 1)
    latest = np.maximum(state.star_week.astype(np.int64), state.honoured.astype(np.int64))
    logs = (
        params.exit_base + push[reach] + people.frailty.astype(np.int64)
        - (params.exit_tenure * tables().log1p[tenure] >> 10)
        + (params.exit_satisfaction * (state.satisfaction.astype(np.int64) - 32768) >> 16)
        + np.where(state.fatigue.astype(np.int64) > params.burnout, params.exit_fatigue, 0)
        + np.where((latest != NEVER) & (week - latest < params.award_weeks), params.exit_award, 0)
        + np.where(state.team > 0, params.exit_team, 0)
    )
    able = (state.status == VOLUNTEER) & (state.first != NEVER) & (state.since != week)
    return np.flatnonzero(able & (uniform < hazard32(logs)))


def returning(state: State, params: Params, uniform: Int) -> Int:
    """Return lapsed volunteers who come back, ascending: asked by a contact who serves, or on their own."""
    chance = np.where(state.asks > 0, params.return_asked, params.return_base)
    return np.flatnonzero((state.status == LAPSED) & (uniform < chance))


def pass_word(state: State, served: NDArray[np.bool_], ties: NDArray[np.int32]) -> None:
    """Let everybody who served this week ask each contact next week."""
    state.asks[:] = 0
    for person in np.flatnonzero(served):
        for contact in ties[person]:
            if contact != person:
                state.asks[contact] += 1
