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
    place, wishes = matching.place, choice.wishes

    def listening(ordered, want, prefer, tasks, further, second=False):
        seen.update(ordered=ordered, prefer=prefer, tasks=tasks, further=further)
        return place(ordered, want, prefer, tasks, further, second)

    def noting(*given):
        found = wishes(*given)
        seen.setdefault("wishes", found)                 # those of the first page
        return found

    with mock.patch.object(matching, "place", listening), mock.patch.object(choice, "wishes", noting):
        advance(unit, settled, nation.key, before, week + 1, "oracle")
    ordered, tasks, tries, wish = seen["ordered"], seen["tasks"], seen["further"] + 1, seen["wishes"]
    menu, score = np.full((2, ordered.size, 16), -1, dtype=np.int64)
    for row, person in enumerate(ordered.tolist()):
        liked = seen["prefer"](person, tasks.seats, 0)
        place_of = {task: column for column, task in enumerate(wish.tasks[row].tolist()) if task >= 0}
        menu[row, : len(liked)] = liked
        score[row, : len(liked)] = wish.score[row, [place_of[task] for task in liked]]
    given = dict(place(ordered, lambda i: 1, seen["prefer"], tasks, seen["further"]).placements)
    return {
        "menu": menu, "score": score, "seats": tasks.seats.copy(), "tries": tries, "week": week,
        "residents": int(unit.people.ids.size), "placed": np.array([given.get(i, -1) for i in ordered.tolist()]),
    }


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
