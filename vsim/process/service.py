"""Service: who shows up, for how long, and what the experience was like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, logistic32, normal16, tables
from vsim.rng import Stream, draw
from vsim.world.organisations import Sources
from vsim.world.people import People
from vsim.world.places import distance
from vsim.world.settings import Params
from vsim.world.state import FULL, State
from vsim.world.tasks import Tasks

Int = NDArray[np.int64]


def attend(
    key: tuple[int, int], people: People, person: Int, task: Int, tasks: Tasks, sources: Sources, params: Params,
    week: int,
) -> tuple[NDArray[np.bool_], Int]:
    """Return who shows up and the true quarter hours, shapes (k,), for k placements."""
    source = tasks.source[task]
    word = draw(key, Stream.SERVICE, people.ids[person], week, sources.ids[source])
    away = distance(people.x[person], people.y[person], sources.x[source], sources.y[source])
    usual = np.where(sources.recurring[source] == 1, params.show_recurring, params.show_once)
    logit = (
        usual + people.reliability[person] - (params.show_lead * tables().log1p[tasks.lead[task]] >> 10)
        - params.show_distance * away // 100
    )
    shows = word[0].astype(np.int64) < logistic32(logit)
    logs = tasks.hours_log[task] + (params.hours_person * normal16(word[1]) >> 16)
    hours = np.clip((exp32(logs) * 4 + (1 << 31)) >> 32, params.hours_least, params.hours_most)
    return shows, hours


def experience(
    state: State, people: People, person: int, task: int, tasks: Tasks, sources: Sources, params: Params, week: int
) -> None:
    """Fold one experience into a person's satisfaction."""
    source = tasks.source[task]
    felt = (
        params.experience_base + params.experience_fit * int(sources.field[source] == people.field[person])
        + (params.experience_quality * int(sources.quality[source]) >> 16)
        + params.experience_training * int(state.trained[person] >= week)
    )
    before = int(state.satisfaction[person])
    state.satisfaction[person] = before + (params.satisfaction_rate * (min(max(felt, 0), FULL) - before) >> 16)
