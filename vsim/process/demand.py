"""Demand: needs arise from keyed sources, some are found, and organisations post what they can run as tasks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import either16, exp32, normal16
from vsim.rng import Stream, draw
from vsim.world.bodies import GROWING, MATURE, Bodies, Sites, can_run
from vsim.world.organisations import Organisations, Sources
from vsim.world.settings import Lookups, Params
from vsim.world.tasks import PARTS, Tasks
from vsim.world.weekly import Weekly

Int = NDArray[np.int64]


class Posted(NamedTuple):
    """Tasks of a week, and how many needs arose, stayed hidden, could not be run, were posted twice."""

    tasks: Tasks
    arisen: int
    hidden: int
    beyond: int
    twice: int


def room(organisations: Organisations, bodies: Bodies, params: Params, capacity: int, week: int) -> Int:
    """Return how many tasks each organisation can run this week, shape (k,): one, and more with more leaders."""
    works = ((bodies.stage == GROWING) | (bodies.stage == MATURE)) & (bodies.suspended <= week)
    return np.where(works, can_run(organisations.leaders, params.org_run, capacity), 0)


def post_tasks(
    sources: Sources, sites: Sites, organisations: Organisations, bodies: Bodies, params: Params, lookups: Lookups,
    now: Weekly, key: tuple[int, int], week: int,
) -> Posted:
    """Return the tasks of the week; the organisations' counts of tasks run and turned away move.

    A need of a source is found with the share of its place (`sites.found`), or by what policy adds. Organisations run
    the needs found in the order of the sources, as far as their leaders reach.
    """
    word = draw(key, Stream.DEMAND, sources.ids, week)
    chance = (sources.rate >> 8) * (exp32(now.demand) >> 8) >> 16      # 24 by 36 bits: no overflow at any season
    arisen = word[0].astype(np.int64) < chance
    known = either16(sites.found[int(now.layout)], now.found)
    found = arisen & ((word[1].astype(np.int64) >> 16) < known)
    left = room(organisations, bodies, params, int(now.capacity), week)
    posted = []
    for j in np.flatnonzero(found).tolist():
        organisation = sources.organisation[j]
        if left[organisation] == 0:
            bodies.turned[organisation] += 1
            continue
        left[organisation] -= 1
        bodies.ran[organisation] += 1
        posted.append(j)
    source = np.array(posted, dtype=np.int64)
    w0, w1, w2, w3 = (w.astype(np.int64) for w in draw(key, Stream.SHIFT, sources.ids[source], week))
    v0, v1, _, _ = (w.astype(np.int64) for w in draw(key, Stream.TASK, sources.ids[source], week))
    weekday = (w1 & 0xFFFF) < params.weekday
    day = np.where(weekday, (w1 >> 16) * 5 >> 16, 5 + ((w1 >> 16) * 2 >> 16))
    needed = lookups.people[w0 >> 20]
    twice = ((v1 >> 16) < (params.twice * now.twice >> 10)).astype(np.int64)
    tasks = Tasks(
        source=source, seats=np.maximum((needed * now.overbook + 1023 >> 10) * (1 + twice), 1),
        slot=day * PARTS + ((w3 >> 16) * PARTS >> 16),
        hours_log=params.hours_log + (params.hours_task * normal16(w2) >> 16),
        gated=((w3 & 0xFFFF) < now.gated).astype(np.int64), lead=(w0 & 0xFFFF) * params.lead_days >> 16,
        needed=needed, online=((v0 >> 16) < now.online).astype(np.int64), skill=sources.skill[source],
        risk=sources.risk[source],
    )
    total, seen = int(arisen.sum()), int(found.sum())
    return Posted(tasks, total, total - seen, seen - source.size, int(twice.sum()))
