"""The reduced model in NumPy as its user would write it: float32 arrays and NumPy's fastest generator."""

from __future__ import annotations

import numpy as np

from benchmarks import reduced as model


def simulate(n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE) -> model.Outcome:
    """Run the reduced model."""
    rng = np.random.Generator(np.random.SFC64(seed))
    district = model.district_of(n)
    base = rng.random(n, dtype=np.float32) * np.float32(model.MOTIVE) + np.float32(model.INTERCEPTS[share])
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
