"""Service: who shows up, for how long, what happens there, and what the experience was like."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, logistic32, normal16, tables
from vsim.rng import Stream, draw
from vsim.world.board import Board
from vsim.world.people import People
from vsim.world.places import distance
from vsim.world.settings import Lookups, Params
from vsim.world.state import FULL, State

Int = NDArray[np.int64]


class Attendance(NamedTuple):
    """What comes of placements; arrays of shape (k,)."""

    shows: NDArray[np.bool_]
    hours: Int                # true quarter hours, if needed
    hurt: NDArray[np.bool_]
    breach: NDArray[np.bool_]
    spare: Int                # a word of 16 bits, for whoever stands in


def attend(
    key: tuple[int, int], people: People, state: State, person: Int, task: Int, board: Board, lookups: Lookups,
    reach: NDArray[np.uint8], week: int,
) -> Attendance:
    """Return who shows up, the true quarter hours, incidents and breaches of conduct, for k placements."""
    tasks, sources, sites, params = board.tasks, board.sources, board.sites, board.params
    source = tasks.source[task]
    word = draw(key, Stream.SERVICE, people.ids[person], week, sources.ids[source])
    now, layout = board.now, board.layout
    away = distance(people.x[person], people.y[person], sites.x[layout, source], sites.y[layout, source])
    away = np.where(tasks.online[task] == 1, 0, away)
    usual = np.where(sources.recurring[source] == 1, params.show_recurring, params.show_once)
    logit = (
        usual + people.reliability[person] - (params.show_lead * tables().log1p[tasks.lead[task]] >> 10)
        - params.show_distance * away // 100 + now.show[reach[person]]
        + params.oath_show * state.sworn[person].astype(np.int64)
    )
    logs = tasks.hours_log[task] + (params.hours_person * normal16(word[1]) >> 16)
    hours = np.clip((exp32(logs) * 4 + (1 << 31)) >> 32, params.hours_least, params.hours_most)
    danger = hours * (lookups.risk[tasks.risk[task]] * now.hazard >> 10)
    return Attendance(
        shows=word[0].astype(np.int64) < logistic32(logit), hours=hours, hurt=word[2].astype(np.int64) < danger,
        breach=(word[3].astype(np.int64) >> 16) < (params.breach * now.conduct >> 10),
        spare=word[1].astype(np.int64) & 0xFFFF,
    )


def fold(state: State, person: int, felt: int, params: Params) -> None:
    """Fold one experience, 16 bit, into a person's satisfaction."""
    before = int(state.satisfaction[person])
    state.satisfaction[person] = before + (params.satisfaction_rate * (min(max(felt, 0), FULL) - before) >> 16)


def experience(
    state: State, people: People, person: int, task: int, board: Board, hurt: bool, week: int
) -> None:
    """Fold the experience of an attendance into a person's satisfaction."""
    params, sources = board.params, board.sources
    source = board.tasks.source[task]
    fold(state, person, (
        params.experience_base + params.experience_fit * int(sources.field[source] == people.field[person])
        + (params.experience_quality * int(board.bodies.quality[sources.organisation[source]]) >> 16)
        + params.experience_training * int(state.trained[person] >= week) + int(board.now.felt)
        - params.incident * int(hurt)
    ), params)


def sent_home(state: State, person: int, params: Params) -> None:
    """Fold the experience of having come for nothing into a person's satisfaction."""
    fold(state, person, int(state.satisfaction[person]) - params.unused, params)
