"""A forecast is least squares on the numbers before; its interval holds what comes as often as it says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.evaluate.worlds import luck, months
from vsim.errors import DataError, UsageError
from vsim.evaluate import forecast

SERIES = {"outcome": "hours", "time": "month"}


def of(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"month": np.arange(values.size), "hours": values})


@pytest.mark.parametrize("lags", [1, 2, 3])
def test_the_forecast_is_that_of_the_normal_equations(lags: int) -> None:
    values = months()["hours"].to_numpy()
    rows = np.array([[1.0, *values[k : k + lags]] for k in range(values.size - lags)])
    wanted = values[lags:]
    inverse = np.linalg.inv(rows.T @ rows)
    beta = inverse @ rows.T @ wanted
    last = np.array([1.0, *values[-lags:]])
    left = wanted - rows @ beta
    spread = left @ left / (wanted.size - lags - 1)
    said = forecast(of(values), **SERIES, lags=lags)
    assert said.value == pytest.approx(last @ beta)
    assert said.se == pytest.approx(np.sqrt(spread * (1 + last @ inverse @ last)))
    assert said.n == values.size - lags


@pytest.mark.slow
def test_the_interval_holds_the_next_number_and_that_of_the_mean_does_not() -> None:
    chance, held = luck(3), {"value": 0, "mean": 0}
    for _ in range(120):
        values = [0.0]
        for _ in range(40):
            values.append(0.5 * values[-1] + chance.normal())
        for interval in held:
            said = forecast(of(np.array(values[:-1])), **SERIES, interval=interval)
            held[interval] += said.low <= values[-1] <= said.high
    assert held["value"] >= 0.9 * 120
    assert held["mean"] < 0.6 * 120


def test_a_wider_level_and_a_longer_past_do_what_they_should() -> None:
    frame = months()
    narrow, wide = (forecast(frame, **SERIES, level=level) for level in (0.8, 0.99))
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    moved = forecast(frame.assign(hours=frame["hours"] + 1000), **SERIES)
    assert moved.value == pytest.approx(forecast(frame, **SERIES).value + 1000)


def test_gaps_repeats_and_short_series_are_refused() -> None:
    frame = months()
    with pytest.raises(DataError, match="in equal steps"):
        forecast(frame.drop(index=7), **SERIES)
    with pytest.raises(DataError, match="in equal steps"):
        forecast(pd.concat([frame, frame.iloc[:1]]), **SERIES)
    with pytest.raises(DataError, match="has 7 periods; needed 8 or more"):
        forecast(frame.head(7), **SERIES)
    with pytest.raises(UsageError, match="lags is 0"):
        forecast(frame, **SERIES, lags=0)
    with pytest.raises(UsageError, match="Did you mean 'value'"):
        forecast(frame, **SERIES, interval="vale")
