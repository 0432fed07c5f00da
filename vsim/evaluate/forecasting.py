"""Forecasts: the next number of a series with its interval, if the time to come is like the time that was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.errors import DataError, UsageError
from vsim.evaluate.answers import answer
from vsim.evaluate.frames import level_of, library, picked, prepared
from vsim.spec.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

LIKE = ("the next number follows from the last ones as it did before", "nothing new begins")
INTERVALS = {"value": "obs_ci", "mean": "mean_ci"}
SPARE = 5                     # rows beyond the coefficients, so that the spread of what is left can be told


def forecast(
    frame: pd.DataFrame, *, outcome: str, time: str, lags: int = 1, interval: str = "value", measured_in: str = "",
    level: float = 0.95,
) -> Estimate:
    """Return a forecast of the number that follows a series: an autoregression by least squares (`statsmodels`).

    Parameters
    ----------
    frame : DataFrame
        One row for each period.
    outcome, time : str
        Columns: the number, and the period as a number; periods are one step apart and none is left out.
    lags : int
        How many of the last numbers the next one follows from, 1 or more.
    interval : {"value", "mean"}
        Of the number that will come, or of its expectation; the latter is narrower and no interval for what comes.

    Raises
    ------
    DataError
        When periods repeat or have gaps, or there are too few of them.
    """
    import statsmodels.api as sm

    who = "forecast"
    level_of(who, level)
    picked(who, "interval", interval, INTERVALS)
    if lags < 1:
        raise UsageError(f"{who}: lags is {lags}; allowed 1 or more.")
    table = prepared(who, frame, {"time": (time, "number"), "outcome": (outcome, "number")})
    steps = np.diff(table["time"].to_numpy())
    if len(table) < 2 * lags + 1 + SPARE:
        raise DataError(f"{who}: the series has {len(table)} periods; needed {2 * lags + 1 + SPARE} or more for {lags} "
                        "of the last numbers.")
    if not np.allclose(steps, steps[0]) or steps[0] <= 0:
        raise DataError(f"{who}: column '{time}' does not go from period to period in equal steps; allowed one row for "
                        "each period, none left out. Add up the rows of a period first.")
    series = table["outcome"].to_numpy()
    rows = np.lib.stride_tricks.sliding_window_view(series, lags)
    past = sm.add_constant(rows[:-1], has_constant="add")
    with library(who):
        fit = sm.OLS(series[lags:], past).fit()
        told = fit.get_prediction(np.concatenate([[1.0], rows[-1]])[None, :])
        ends = told.summary_frame(alpha=1 - level).iloc[0]
    se = told.se_mean[0] if interval == "mean" else told.se_obs[0]
    kind = INTERVALS[interval]
    return answer(ends["mean"], se, level=level, n=series.size - lags, estimand="forecast",
                  method=f"autoregression on {lags}, interval of the {interval}", library="statsmodels",
                  unit=measured_in, assumptions=LIKE, low=ends[f"{kind}_lower"], high=ends[f"{kind}_upper"])
