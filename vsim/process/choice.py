"""Choice: which tasks of the menu a person prefers - field, distance, organiser and taste noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import gumbel_units
from vsim.rng import Stream, draw
from vsim.world.organisations import Sources
from vsim.world.people import People
from vsim.world.places import distance
from vsim.world.settings import Lookups, Params
from vsim.world.tasks import Tasks

Int = NDArray[np.int64]
MENU = 16                     # tasks that a person looks at in a week
KEEN_THIRD = 441              # 0.43 standard deviations: the outer thirds of taste


def wanted(people: People, lookups: Lookups, person: int, word: int) -> int:
    """Return how many tasks a person wants this week: one and a negative binomial number of further ones."""
    keen = int(people.keen[person])
    third = 0 if keen < -KEEN_THIRD else 2 if keen > KEEN_THIRD else 1
    return 1 + int(lookups.extra[third, word >> 20])


def menu_of(key: tuple[int, int], person_id: int, week: int, tasks: int) -> list[int]:
    """Return the positions of the tasks on a person's menu: all of them, or sixteen keyed looks at a long list."""
    if tasks <= MENU:
        return list(range(tasks))
    seen: list[int] = []
    for call in range(MENU // 4):
        for word in draw(key, Stream.MENU, person_id, week, call):
            task = int(word.item()) * tasks >> 32
            if task not in seen:
                seen.append(task)
    return seen


def preferences(
    key: tuple[int, int], people: People, person: int, week: int, tasks: Tasks, sources: Sources, params: Params,
    trained: bool,
) -> list[int]:
    """Return the tasks that a person may take, best first (equal scores: as they stand on the menu)."""
    menu = [k for k in menu_of(key, int(people.ids[person]), week, tasks.source.size) if trained or not tasks.gated[k]]
    source = tasks.source[menu]
    noise = gumbel_units(draw(key, Stream.CHOICE, people.ids[person], week, sources.ids[source])[0])
    away = distance(people.x[person], people.y[person], sources.x[source], sources.y[source])
    score = (
        params.fit * (sources.field[source] == people.field[person]) - params.distance * away // 100
        + (params.quality * (sources.quality[source] - 32768) >> 16) + (params.menu_scale * noise >> 10)
    )
    return [menu[k] for k in np.argsort(-score, kind="stable")]
