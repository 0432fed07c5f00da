"""Demand: needs arise from keyed sources, some are discovered, and each of those is posted as a task with seats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, normal16
from vsim.rng import Stream, draw
from vsim.world.organisations import Sources
from vsim.world.settings import Lookups, Params
from vsim.world.tasks import PARTS, Tasks

Int = NDArray[np.int64]

def post_tasks(
    sources: Sources, params: Params, lookups: Lookups, season: int, gated: int, key: tuple[int, int], week: int
) -> tuple[Tasks, int]:
    """Return the tasks of the week and the number of needs that arose, discovered or not.

    Parameters
    ----------
    sources : Sources
    params, lookups : Params, Lookups
    season : int
        Season and shocks of demand, log, 1/1024.
    gated : int
        Share of tasks that ask for a certificate, 16 bit.
    key : Philox key of the run
    week : int
    """
    word = draw(key, Stream.DEMAND, sources.ids, week)
    chance = (sources.rate >> 8) * (exp32(season) >> 8) >> 16        # 24 by 36 bits: no overflow at any season
    arisen = word[0].astype(np.int64) < chance
    posted = np.flatnonzero(arisen & ((word[1].astype(np.int64) >> 16) < params.discovered))
    w0, w1, w2, w3 = (w.astype(np.int64) for w in draw(key, Stream.SHIFT, sources.ids[posted], week))
    weekday = (w1 & 0xFFFF) < params.weekday
    day = np.where(weekday, (w1 >> 16) * 5 >> 16, 5 + ((w1 >> 16) * 2 >> 16))
    tasks = Tasks(
        source=posted, seats=lookups.people[w0 >> 20], slot=day * PARTS + ((w3 >> 16) * PARTS >> 16),
        hours_log=params.hours_log + (params.hours_task * normal16(w2) >> 16),
        gated=((w3 & 0xFFFF) < gated).astype(np.int64), lead=(w0 & 0xFFFF) * params.lead_days >> 16,
    )
    return tasks, int(arisen.sum())
