"""Choice: which tasks of the menu a person prefers - field, distance, organiser, risk, seats left and taste noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import gumbel_units
from vsim.rng import Stream, draw
from vsim.world.board import Board
from vsim.world.people import People
from vsim.world.places import distance
from vsim.world.settings import Lookups
from vsim.world.tasks import MENU

Int = NDArray[np.int64]
KEEN_THIRD = 441              # 0.43 standard deviations: the outer thirds of taste
CALLS = MENU // 4             # draws of four words for one menu
HIGH = 2                      # a task of high risk
VALID = 1                     # a credential that holds


def wanted(people: People, lookups: Lookups, person: int, word: int) -> int:
    """Return how many tasks a person wants this week: one and a negative binomial number of further ones."""
    keen = int(people.keen[person])
    third = 0 if keen < -KEEN_THIRD else 2 if keen > KEEN_THIRD else 1
    return 1 + int(lookups.extra[third, word >> 20])


def menu_of(key: tuple[int, int], person_id: int, week: int, tasks: int, page: int = 0) -> list[int]:
    """Return the positions of the tasks on a person's menu: all of them, or sixteen keyed looks at a long list.

    `page` 1 is the second menu, which the unplaced are shown where stations pass people on.
    """
    if tasks <= MENU:
        return list(range(tasks))
    seen: list[int] = []
    for call in range(CALLS):
        for word in draw(key, Stream.MENU, person_id, week, page * CALLS + call):
            task = int(word.item()) * tasks >> 32
            if task not in seen:
                seen.append(task)
    return seen


def insured(key: tuple[int, int], person_id: int, cover: int) -> bool:
    """Return whether a person is insured where a share `cover` (16 bit) of volunteers is: a fact, kept over weeks."""
    return int(draw(key, Stream.INSURED, person_id)[0].item()) >> 16 < cover


def open_to(board: Board, people: People, person: int, task: int, trained: bool, covered: bool) -> bool:
    """Return whether a person may take a task: certificate, skill with a valid credential, insurance."""
    tasks = board.tasks
    skill = int(tasks.skill[task])
    if skill and (skill != int(people.skill[person]) or int(people.credential[person]) != VALID):
        return False
    if board.now.cover_asked and int(tasks.risk[task]) == HIGH and not covered:
        return False
    return trained or not tasks.gated[task]


def preferences(
    key: tuple[int, int], board: Board, people: People, person: int, week: int, trained: bool, left: Int, page: int = 0,
) -> list[int]:
    """Return the tasks that a person may take, best first (equal scores: as they stand on the menu)."""
    tasks, sources, sites, params, now = board.tasks, board.sources, board.sites, board.params, board.now
    who = int(people.ids[person])
    covered = insured(key, who, int(now.cover))
    menu = [k for k in menu_of(key, who, week, tasks.source.size, page)
            if open_to(board, people, person, k, trained, covered)]
    source = tasks.source[menu]
    noise = gumbel_units(draw(key, Stream.CHOICE, people.ids[person], week, sources.ids[source])[0])
    away = distance(people.x[person], people.y[person], sites.x[board.layout, source], sites.y[board.layout, source])
    away = np.where(tasks.online[menu] == 1, 0, away)
    full = (tasks.seats[menu] - left[menu]) * 1024 // tasks.seats[menu]
    score = (
        (params.fit + now.fitness) * (sources.field[source] == people.field[person])
        - (params.distance + now.nearness) * away // 100
        + (params.quality * (board.bodies.quality[sources.organisation[source]] - 32768) >> 16)
        - np.where(tasks.risk[menu] == HIGH, params.risk_fear - params.cover_pull * covered, 0)
        - (now.equity * full >> 10) + (params.menu_scale * noise >> 10)
    )
    return [menu[k] for k in np.argsort(-score, kind="stable")]
