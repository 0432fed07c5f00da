"""Choice: which tasks of the menu a person prefers - field, distance, organiser, risk, seats left and taste noise."""

from __future__ import annotations

from typing import NamedTuple

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
Yes = NDArray[np.bool_]
KEEN_THIRD = 441              # 0.43 standard deviations: the outer thirds of taste
CALLS = MENU // 4             # draws of four words for one menu
HIGH = 2                      # a task of high risk
VALID = 1                     # a credential that holds


class Wishes(NamedTuple):
    """What persons think of the tasks on their menus; arrays of shape (q, m) in the order of the menu."""

    tasks: Int                # positions of the tasks, -1 where one stands a second time
    may: Yes                  # whether the person may take it
    score: Int                # 1/1024 logit, but for the seats left
    ranked: list[list[int]]   # tasks that each may take, best first, but for the seats left


def wanted(people: People, lookups: Lookups, person: int, word: int) -> int:
    """Return how many tasks a person wants this week: one and a negative binomial number of further ones."""
    keen = int(people.keen[person])
    third = 0 if keen < -KEEN_THIRD else 2 if keen > KEEN_THIRD else 1
    return 1 + int(lookups.extra[third, word >> 20])


def menus_of(key: tuple[int, int], ids: NDArray[np.uint32], week: int, tasks: int, page: int = 0) -> Int:
    """Return the positions of the tasks on menus, shape (q, m): all of them, or sixteen keyed looks at a long list.

    A task that was looked at before stands as -1. `page` 1 is the second menu, which the unplaced are shown where
    stations pass people on.
    """
    if tasks <= MENU:
        return np.tile(np.arange(tasks), (ids.size, 1))
    words = draw(key, Stream.MENU, ids[:, None], week, page * CALLS + np.arange(CALLS))
    looks = np.stack(words, axis=-1).reshape(ids.size, MENU).astype(np.int64) * tasks >> 32
    before = np.tril(looks[:, :, None] == looks[:, None, :], -1).any(axis=2)
    return np.where(before, -1, looks)


def insured(key: tuple[int, int], ids: NDArray[np.uint32], cover: int) -> Yes:
    """Return who is insured where a share `cover` (16 bit) of volunteers is: a fact, kept over weeks."""
    return draw(key, Stream.INSURED, ids)[0] >> 16 < cover


def open_to(board: Board, people: People, person: Int, task: Int, trained: Yes, covered: Yes) -> Yes:
    """Return whether persons may take tasks, element by element: certificate, skill with a credential, insurance."""
    tasks = board.tasks
    skill = tasks.skill[task]
    able = (skill == 0) | ((skill == people.skill[person]) & (people.credential[person] == VALID))
    safe = covered | (board.now.cover_asked == 0) | (tasks.risk[task] != HIGH)
    return np.asarray(able & safe & (trained | (tasks.gated[task] == 0)))


def wishes(
    key: tuple[int, int], board: Board, people: People, person: Int, week: int, trained: Yes, page: int = 0
) -> Wishes:
    """Return what q persons think of the tasks on their menus; `trained` says whose certificate holds, shape (q,)."""
    tasks, sources, sites, params, now = board.tasks, board.sources, board.sites, board.params, board.now
    ids, who = people.ids[person], person[:, None]
    covered = insured(key, ids, int(now.cover))[:, None]
    menu = menus_of(key, ids, week, tasks.source.size, page)
    source = tasks.source[menu]
    noise = gumbel_units(draw(key, Stream.CHOICE, ids[:, None], week, sources.ids[source])[0])
    away = distance(people.x[who], people.y[who], sites.x[board.layout, source], sites.y[board.layout, source])
    away = np.where(tasks.online[menu] == 1, 0, away)
    score = (
        (params.fit + now.fitness) * (sources.field[source] == people.field[who])
        - (params.distance + now.nearness) * away // 100
        + (params.quality * (board.bodies.quality[sources.organisation[source]] - 32768) >> 16)
        - np.where(tasks.risk[menu] == HIGH, params.risk_fear - params.cover_pull * covered, 0)
        + (params.menu_scale * noise >> 10)
    )
    may = (menu >= 0) & open_to(board, people, who, menu, trained[:, None], covered)
    return Wishes(menu, may, score, _ranked(menu, may, score))


def preferences(wish: Wishes, row: int, board: Board, left: Int) -> list[int]:
    """Return the tasks that the person of a row may take, best first (equal scores: as they stand on the menu)."""
    if not board.now.equity:
        return wish.ranked[row]
    may = wish.may[row]
    tasks, score = wish.tasks[row, may], wish.score[row, may]
    seats = board.tasks.seats[tasks]
    score = score - (board.now.equity * ((seats - left[tasks]) * 1024 // seats) >> 10)
    order: list[int] = tasks[np.argsort(-score, kind="stable")].tolist()
    return order


def _ranked(menu: Int, may: Yes, score: Int) -> list[list[int]]:
    """Return the tasks that each person may take, best first, whatever seats are left."""
    closed = np.iinfo(np.int64).max
    order = np.argsort(np.where(may, -score, closed), axis=1, kind="stable")
    rows = np.take_along_axis(menu, order, axis=1).tolist()
    return [row[:number] for row, number in zip(rows, may.sum(axis=1).tolist(), strict=True)]
