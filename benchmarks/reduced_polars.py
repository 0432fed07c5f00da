"""The reduced model in Polars: one frame of all volunteers, a week is a few `with_columns`; draws come from NumPy.

Nothing is done to slow it: narrow types, NumPy's fastest generator, one pass for the decision and one for what
follows from it, and the aggregates of a week by one `group_by` over those who served.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from benchmarks import reduced as model


def simulate(n: int, seed: int, weeks: int = model.WEEKS, share: float = model.SHARE) -> model.Outcome:
    """Run the reduced model in Polars."""
    rng = np.random.Generator(np.random.SFC64(seed))
    district = model.district_of(n)
    base = rng.random(n, dtype=np.float32) * np.float32(model.MOTIVE) + np.float32(model.INTERCEPTS[share])
    base += np.array(model.district_effects(), dtype=np.float32)[district]
    f32 = pl.Float32
    frame = pl.DataFrame({"district": district, "base": base}).with_columns(
        habit=pl.lit(0.0, f32), fatigue=pl.lit(0.0, f32), hours=pl.lit(0, pl.UInt16), points=pl.lit(0, pl.UInt32),
        star=pl.lit(0, pl.UInt8), last=pl.lit(-1, pl.Int16), active=pl.lit(True),
    )
    services_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    hours_out = np.zeros((model.DISTRICTS, weeks), dtype=np.int64)
    c, lit = pl.col, lambda value: pl.lit(value, f32)
    served = c("served")
    for week in range(weeks):
        minus_u = -(c("base") + lit(model.HABIT) * c("habit") - lit(model.FATIGUE) * c("fatigue")
                    + lit(model.season(week)))
        frame = frame.with_columns(draw=pl.Series(rng.random(n, dtype=np.float32))).with_columns(
            served=(c("draw") * (1 + minus_u.exp()) < 1) & c("active")
        )
        yes = np.flatnonzero(frame["served"].to_numpy())
        given = np.zeros(n, dtype=np.uint8)
        given[yes] = rng.integers(1, model.MOST_HOURS + 1, yes.size)
        total = c("hours") + c("given")
        frame = frame.with_columns(given=pl.Series(given)).with_columns(
            points=c("points") + c("given") * (model.POINTS_BASE + model.POINTS_STAR * c("star").cast(pl.UInt32)),
            hours=total,
            star=pl.sum_horizontal([(total >= hours).cast(pl.UInt8) for hours in model.STAR_HOURS]).cast(pl.UInt8),
            habit=pl.when(served).then(c("habit") + lit(model.HABIT_GAIN) * (1 - c("habit")))
            .otherwise(c("habit") * lit(model.HABIT_DECAY)),
            fatigue=pl.when(served).then(c("fatigue") + lit(model.FATIGUE_GAIN) * (1 - c("fatigue")))
            .otherwise(c("fatigue") * lit(model.FATIGUE_DECAY)),
            last=pl.when(served).then(pl.lit(week, pl.Int16)).otherwise(c("last")),
        )
        if week + 1 >= model.IDLE_WEEKS:
            stays = np.ones(n, dtype=bool)
            idle = np.flatnonzero((frame["active"] & (week - frame["last"] >= model.IDLE_WEEKS)).to_numpy())
            stays[idle[rng.random(idle.size) < model.LEAVE]] = False
            frame = frame.with_columns(active=c("active") & pl.Series(stays))
        who = frame.filter(served)
        rows = who.group_by("district").agg(n=pl.len(), hours=c("given").cast(pl.Int64).sum())
        services_out[rows["district"].to_numpy(), week] = rows["n"].to_numpy()
        hours_out[rows["district"].to_numpy(), week] = rows["hours"].to_numpy()
    left = np.bincount(district[frame["active"].to_numpy()], minlength=model.DISTRICTS)
    total_points = int(frame["points"].sum())
    return model.Outcome(services_out, hours_out, left, total_points, int(frame.estimated_size()), 0.0)
