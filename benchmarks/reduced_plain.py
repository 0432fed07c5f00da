"""The reduced model in integers, in plain NumPy, week by week: the oracle that the compiled forms must equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks import reduced as model
from benchmarks import reduced_tables as integer
from vsim import exact
from vsim.rng import Stream, draw, leading_bytes, stream_key

Int = NDArray[np.int64]


def simulate(
    n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE, seats: Int | None = None
) -> model.Outcome:
    """Run the integer form with vsim's keyed draws; `seats`, (DISTRICTS, weeks), may be short.

    Where more would serve than there are seats, those with the smallest priority serve, ties by number.
    """
    table, key, ids = integer.tables(share), stream_key(seed), np.arange(n)
    district = ids * model.DISTRICTS // n
    taste = draw(key, Stream.TASTE, ids)
    motive = taste[0].astype(np.int64) >> 16
    coefficient = exact.units(model.MOTIVE)
    base = table.district[district] + ((coefficient * motive + 32768) >> 16)
    habit, fatigue, hours, points, star = (np.zeros(n, dtype=np.int64) for _ in range(5))
    last = np.full(n, -1, dtype=np.int64)
    until = last + leaving_week(taste[1], table)
    lead = leading_bytes(key, Stream.TAKE_PART, ids, 0)
    habit_gain, fatigue_gain = exact.share16(model.HABIT_GAIN), exact.share16(model.FATIGUE_GAIN)
    services_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    half = 1 << (integer.TERM_BITS - 1)
    for week in range(weeks):
        age = week - 1 - last
        pull, push = table.ageing[age] & 0xFFFF, table.ageing[age] >> 16
        logit = base + table.week[week] + ((habit * pull - fatigue * push + half) >> integer.TERM_BITS)
        chance = table.logistic[logit + exact.LOGISTIC_ZERO].astype(np.int64)
        tail = draw(key, Stream.TAKE_PART_TAIL, ids, week)[0].astype(np.int64) >> 8
        uniform = (lead[week].astype(np.int64) << 24) | tail
        yes = np.flatnonzero((uniform < chance) & (until >= week))
        words = draw(key, Stream.SERVICE, yes, week)
        if seats is not None:
            got = seated(district[yes], words[2], seats[:, week])
            yes, words = yes[got], tuple(word[got] for word in words)
        given = (words[0] >> 29).astype(np.int64) + 1
        points[yes] += given * (model.POINTS_BASE + model.POINTS_STAR * star[yes])
        hours[yes] += given
        star[yes] = np.searchsorted(table.stars, hours[yes], side="right")
        now_habit = (habit[yes] * table.habit_power[age[yes]] + 32768) >> 16
        now_fatigue = (fatigue[yes] * table.fatigue_power[age[yes]] + 32768) >> 16
        habit[yes] = now_habit + (((65535 - now_habit) * habit_gain + 32768) >> 16)
        fatigue[yes] = now_fatigue + (((65535 - now_fatigue) * fatigue_gain + 32768) >> 16)
        last[yes] = week
        until[yes] = week + leaving_week(words[1], table)
        np.add.at(services_out[:, week], district[yes], 1)
        np.add.at(hours_out[:, week], district[yes], given)
    left = np.bincount(district[until >= weeks], minlength=model.DISTRICTS)
    return model.Outcome(services_out, hours_out, left, int(points.sum()), 0, 0.0)


def seated(district: Int, priority: NDArray[np.uint32], seats: Int) -> NDArray[np.bool_]:
    """Return who of the intents gets a seat."""
    order = np.lexsort((np.arange(district.size), priority, district))
    start = np.searchsorted(district[order], np.arange(model.DISTRICTS))
    rank = np.empty(district.size, dtype=np.int64)
    rank[order] = np.arange(district.size) - start[district[order]]
    return rank < seats[district]


def leaving_week(words: NDArray[np.uint32], table: integer.Tables) -> Int:
    """Return the weeks from a service to the last week in which one could still serve, if idle till then."""
    return model.IDLE_WEEKS + (words[:, None] < table.stay[None, :]).sum(axis=1)
