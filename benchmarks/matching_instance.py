"""A real week's matching as numbers: who wants to serve, which tasks each may take, at which score, and the seats.

A county of the nation is run to a week, compiled; the plain form then runs that week, and what it hands to
`vsim.process.matching.place` is written down. Everybody wants one task here, so that an optimum can be computed: who
wants more, or two at one time, is no assignment problem any more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

WEEK = 10                     # an ordinary week
COUNTY = 0


def instance(week: int = WEEK, residents: int | None = None) -> dict[str, Any]:
    """Return the instance: persons in the order of their priority, their menus, best first, with scores, and seats.

    Keys: `menu` and `score` int64 (persons, 16), -1 where the menu is shorter; `seats` (tasks,); `tries`; `placed`
    (persons,): the task that vsim's plain matching gives each, or -1.
    """
    import vsim
    from vsim.process import choice, matching
    from vsim.run.district import advance, begin
    from vsim.run.nation import nation_of

    scenario = vsim.scenario("nation")
    if residents is not None:
        world = scenario.world.model_copy(update={"residents": residents, "districts": 1, "prefectures": 1})
        scenario = scenario.model_copy(update={"world": world})
    nation = nation_of(scenario)
    unit, settled = nation.settled(nation.districts[COUNTY])
    before = advance(unit, settled, nation.key, begin(unit, settled), week)
    seen: dict[str, Any] = {}
    place, preferences = matching.place, choice.preferences

    def listening(ordered, want, prefer, tasks, further, second=False):
        seen.update(ordered=ordered, prefer=prefer, tasks=tasks, further=further)
        return place(ordered, want, prefer, tasks, further, second)

    def noting(key, board, people, *rest):
        seen.update(key=key, board=board, people=people)
        return preferences(key, board, people, *rest)

    with mock.patch.object(matching, "place", listening), mock.patch.object(choice, "preferences", noting):
        advance(unit, settled, nation.key, before, week + 1, "oracle")
    ordered, tasks, tries = seen["ordered"], seen["tasks"], seen["further"] + 1
    menu, score = np.full((2, ordered.size, 16), -1, dtype=np.int64)
    for row, person in enumerate(ordered.tolist()):
        liked = seen["prefer"](person, tasks.seats, 0)
        menu[row, : len(liked)] = liked
        score[row, : len(liked)] = scores(seen["key"], seen["board"], seen["people"], person, week, liked)
    if (np.diff(np.where(menu >= 0, score, -(1 << 40)), axis=1) > 0).any():
        raise SystemExit("benchmarks.matching: the scores do not give the order of vsim.process.choice.preferences")
    given = dict(place(ordered, lambda i: 1, seen["prefer"], tasks, seen["further"]).placements)
    return {
        "menu": menu, "score": score, "seats": tasks.seats.copy(), "tries": tries, "week": week,
        "residents": int(unit.people.ids.size), "placed": np.array([given.get(i, -1) for i in ordered.tolist()]),
    }


def scores(key: tuple[int, int], board: Any, people: Any, person: int, week: int, menu: list[int]) -> np.ndarray:
    """Return what `vsim.process.choice.preferences` sorts by, 1/1024 logit, with no seat taken yet."""
    from vsim.exact import gumbel_units
    from vsim.process.choice import HIGH, insured
    from vsim.rng import Stream, draw
    from vsim.world.places import distance

    tasks, sources, sites, params, now = board.tasks, board.sources, board.sites, board.params, board.now
    covered = insured(key, int(people.ids[person]), int(now.cover))
    source = tasks.source[menu]
    noise = gumbel_units(draw(key, Stream.CHOICE, people.ids[person], week, sources.ids[source])[0])
    away = distance(people.x[person], people.y[person], sites.x[board.layout, source], sites.y[board.layout, source])
    away = np.where(tasks.online[menu] == 1, 0, away)
    return (
        (params.fit + now.fitness) * (sources.field[source] == people.field[person])
        - (params.distance + now.nearness) * away // 100
        + (params.quality * (board.bodies.quality[sources.organisation[source]] - 32768) >> 16)
        - np.where(tasks.risk[menu] == HIGH, params.risk_fear - params.cover_pull * covered, 0)
        + (params.menu_scale * noise >> 10)
    )


def benefits(found: dict[str, Any]) -> np.ndarray:
    """Return what a seat is worth over none, int64 (persons, 16): the score above the least one, and one logit."""
    there = found["menu"] >= 0
    return np.where(there, found["score"] - found["score"][there].min() + 1024, 0)


def read(path: Path) -> dict[str, Any]:
    """Return an instance from a file."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def value_of(found: dict[str, Any], placed: np.ndarray) -> tuple[int, int]:
    """Return seats taken and the sum of benefits of a placement; refuse one that breaks a rule."""
    rows = np.flatnonzero(placed >= 0)
    hit = found["menu"][rows] == placed[rows, None]
    taken = np.bincount(placed[rows], minlength=found["seats"].size)
    if (hit.sum(axis=1) != 1).any() or (taken > found["seats"]).any():
        raise SystemExit("benchmarks.matching: a placement takes what is not on the menu, or more seats than there are")
    return int(rows.size), int(benefits(found)[rows][hit].sum())
