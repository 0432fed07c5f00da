"""What the answer costs: yuan beyond the base, for an extra hour of true service, and when it is worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.evaluate.cost_effectiveness import Plane, acceptability, icer
from vsim.run.question_told import HOUR, KEY, Float, Told, named
from vsim.run.run import COLUMNS
from vsim.run.study import interval

if TYPE_CHECKING:
    import pandas as pd

FEN = 100                     # of a yuan
WORTHS = (0, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)      # yuan for an hour
UNIT = "yuan for an extra true hour"


def costs(told: Told) -> pd.DataFrame:
    """Return yuan and true hours beyond the base over the whole run, and what an extra hour costs.

    Where the extra hours may be none, an hour has no price: value, low and high are missing then.
    """
    import pandas as pd

    on = priced(told)
    rows = []
    for name, unit, draws in (("yuan", "yuan in the run", on.cost[1]),
                              ("hours", "true hours in the run", on.effect[1])):
        value, se, low, high = interval(draws, told.question.level)
        rows.append({"what": name, "value": value, "se": se, "low": low, "high": high, "unit": unit, "n": draws.size})
    ratio = icer(on, "pilot", level=told.question.level)
    known = np.isfinite(ratio.low) and ratio.effect > 0
    price = (ratio.value, ratio.low, ratio.high) if known else (np.nan, np.nan, np.nan)
    rows.append({"what": "price", "value": price[0], "se": np.nan, "low": price[1], "high": price[2], "unit": UNIT,
                 "n": on.draws})
    frame = pd.DataFrame(rows)
    return named(frame, frame["what"], told.both)


def acceptable(told: Told) -> pd.DataFrame:
    """Return for each worth of an hour the share of lucks in which the pilot is worth its cost."""
    import pandas as pd

    on = priced(told)
    if not on.cost[1].any():
        return pd.DataFrame({KEY: []})
    found = acceptability(on, np.array(WORTHS, dtype=np.float64))
    frame = pd.DataFrame({"worth": found["value"], "share": found["pilot"], "unit": "share of lucks", "n": on.draws})
    return named(frame, [f"{worth:g}" for worth in WORTHS], told.both)


def priced(told: Told) -> Plane:
    """Return base and pilot with yuan and true hours beyond the base, luck by luck."""
    yuan = (told.kept_sum(told.pilot, "fen") - told.kept_sum(told.base, "fen")) / FEN
    hours = told.study.people[..., COLUMNS.index("hours")].sum(axis=(2, 3)) * HOUR
    extra: Float = hours[1] - hours[0]
    nought = np.zeros_like(extra)
    return Plane(("base", "pilot"), np.stack([nought, yuan]), np.stack([nought, extra]), "true hours")
