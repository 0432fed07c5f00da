"""The reduced model in NumPy: a fast float32 contender, and the integer form that the kernels must equal."""

from __future__ import annotations

import numpy as np

from benchmarks import reduced as model
from vsim import exact
from vsim.rng import Stream, draw, leading_bytes, stream_key


def simulate(n: int, seed: int, weeks: int = model.WEEKS) -> model.Outcome:
    """Run the reduced model as a NumPy user would: float32 arrays, NumPy's fastest generator."""
    rng = np.random.Generator(np.random.SFC64(seed))
    district = (np.arange(n) * model.DISTRICTS // n).astype(np.int16)
    base = rng.random(n, dtype=np.float32) * np.float32(model.MOTIVE) + np.float32(model.INTERCEPT)
    base += np.array(model.district_effects(), dtype=np.float32)[district]
    habit, fatigue = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    hours, points = np.zeros(n, dtype=np.uint16), np.zeros(n, dtype=np.uint32)
    star, active = np.zeros(n, dtype=np.uint8), np.ones(n, dtype=bool)
    last = np.full(n, -1, dtype=np.int16)
    edges = np.array(model.STAR_HOURS)
    services_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    for week in range(weeks):
        u = base + np.float32(model.HABIT) * habit
        u -= np.float32(model.FATIGUE) * fatigue
        u += np.float32(model.season(week))
        np.negative(u, out=u)
        np.exp(u, out=u)
        u += 1
        yes = np.flatnonzero((rng.random(n, dtype=np.float32) * u < 1) & active)
        given = rng.integers(1, model.MOST_HOURS + 1, yes.size)
        worth = model.POINTS_BASE + model.POINTS_STAR * star[yes].astype(np.int64)
        points[yes] += (given * worth).astype(np.uint32)
        hours[yes] += given.astype(np.uint16)
        star[yes] = np.searchsorted(edges, hours[yes], side="right")
        new_habit = habit[yes] + np.float32(model.HABIT_GAIN) * (1 - habit[yes])
        new_fatigue = fatigue[yes] + np.float32(model.FATIGUE_GAIN) * (1 - fatigue[yes])
        habit *= np.float32(model.HABIT_DECAY)
        fatigue *= np.float32(model.FATIGUE_DECAY)
        habit[yes], fatigue[yes], last[yes] = new_habit, new_fatigue, week
        if week + 1 >= model.IDLE_WEEKS:
            idle = np.flatnonzero(active & (week - last >= model.IDLE_WEEKS))
            active[idle[rng.random(idle.size) < model.LEAVE]] = False
        services_out[:, week] = np.bincount(district[yes], minlength=model.DISTRICTS)
        hours_out[:, week] = np.bincount(district[yes], weights=given, minlength=model.DISTRICTS)
    left = np.bincount(district[active], minlength=model.DISTRICTS)
    size = sum(a.nbytes for a in (base, habit, fatigue, hours, points, star, active, last, district))
    return model.Outcome(services_out, hours_out, left, int(points.sum()), size, 0.0)


def simulate_exact(n: int, seed: int, weeks: int = model.WEEKS) -> model.Outcome:
    """Run the integer form with vsim's keyed draws: the plain oracle of `reduced_vsim`."""
    table, key, ids = model.tables(), stream_key(seed), np.arange(n)
    district = ids * model.DISTRICTS // n
    taste = draw(key, Stream.TASTE, ids)
    motive = taste[0].astype(np.int64) >> 16
    coefficient = exact.units(model.MOTIVE)
    base = table.district[district] + ((coefficient * motive + 32768) >> 16)
    habit, fatigue, hours, points, star = (np.zeros(n, dtype=np.int64) for _ in range(5))
    last = np.full(n, -1, dtype=np.int64)
    until = last + leaving_week(taste[1])
    lead = leading_bytes(key, Stream.TAKE_PART, ids, 0)
    habit_gain, fatigue_gain = exact.share16(model.HABIT_GAIN), exact.share16(model.FATIGUE_GAIN)
    services_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    for week in range(weeks):
        age = week - 1 - last
        pull, push = table.ageing[age] & 0xFFFF, table.ageing[age] >> 16
        half = 1 << (model.TERM_BITS - 1)
        logit = base + table.week[week] + ((habit * pull - fatigue * push + half) >> model.TERM_BITS)
        chance = table.logistic[logit + exact.LOGISTIC_ZERO].astype(np.int64)
        tail = draw(key, Stream.TAKE_PART_TAIL, ids, week)[0].astype(np.int64) >> 8
        uniform = (lead[week].astype(np.int64) << 24) | tail
        yes = np.flatnonzero((uniform < chance) & (until >= week))
        words = draw(key, Stream.SERVICE, yes, week)
        given = (words[0] >> 29).astype(np.int64) + 1
        points[yes] += given * (model.POINTS_BASE + model.POINTS_STAR * star[yes])
        hours[yes] += given
        star[yes] = np.searchsorted(table.stars, hours[yes], side="right")
        now_habit = (habit[yes] * table.habit_power[age[yes]] + 32768) >> 16
        now_fatigue = (fatigue[yes] * table.fatigue_power[age[yes]] + 32768) >> 16
        habit[yes] = now_habit + (((65535 - now_habit) * habit_gain + 32768) >> 16)
        fatigue[yes] = now_fatigue + (((65535 - now_fatigue) * fatigue_gain + 32768) >> 16)
        last[yes] = week
        until[yes] = week + leaving_week(words[1])
        np.add.at(services_out[:, week], district[yes], 1)
        np.add.at(hours_out[:, week], district[yes], given)
    left = np.bincount(district[until >= weeks], minlength=model.DISTRICTS)
    return model.Outcome(services_out, hours_out, left, int(points.sum()), 0, 0.0)


def leaving_week(words: np.ndarray) -> np.ndarray:
    """Return the weeks from a service to the last week in which one could still serve, if idle till then."""
    stays = model.tables().stay
    return model.IDLE_WEEKS + (words[:, None] < stays[None, :]).sum(axis=1)
