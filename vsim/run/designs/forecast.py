"""Q20: the hours of the next month, from the months before; a policy that begins in that month is a change of regime.

The question is not what a policy does but what will come. The truth is therefore the number that came, in the same run:
a forecast must hold it as often as its interval says, luck of the month included. A month is four weeks.
"""

from __future__ import annotations

import pandas as pd

from vsim.evaluate.forecasting import forecast
from vsim.run.designs.kinds import HOURS, QUARTERS, Design, Drawn, Entrant, run, small, true, under
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.metrics import MONTH

RESIDENTS, DISTRICTS, MONTHS = 800, 1, 36
SETTLED = 52                  # weeks of run-up, after which the register is level
LEVER = "service_learning"
EVEN = {                      # no seasons, and a register and organisations that stay as they are
    "demand.winter_dip": 0.0, "demand.peak_march": 0.0, "demand.peak_december": 0.0, "participation.peak_march": 0.0,
    "participation.summer": 0.0, "participation.ask": 0.0, "registration.history_lapsed": 0.0,
    "registration.base": -12.0, "retention.exit_base": -10.0, "lifecycle.close": -7.0, "lifecycle.start": 0.0,
    "lifecycle.register": 0.0, "lifecycle.noise": 0.0, "lifecycle.overload": 0.0,
}
ROOM = {"demand.tasks": 40.0, "demand.people_median": 20.0, "choice.extra_mean": 0.0, "service_learning.told": 0.3}


def drawn(seed: int, holds: bool) -> Drawn:
    """Return the hours of all months but the last, which is the truth; in it a policy begins or nothing does."""
    last = (MONTHS - 1) * MONTH
    scenario = small(RESIDENTS, DISTRICTS, MONTHS * MONTH, {**EVEN, **ROOM}, SETTLED)
    if not holds:
        scenario = under(scenario, Policy(lever=LEVER, start_week=last))
    weekly = run(scenario, seed).weekly("all")
    hours = weekly.groupby(weekly["week"] // MONTH)["hours"].sum() / QUARTERS
    frame = pd.DataFrame({"month": hours.index[:-1], "hours": hours.to_numpy()[:-1]})
    return Drawn(frame, true(hours.iloc[-1], "forecast", HOURS, 1))


def by_autoregression(frame: pd.DataFrame) -> Estimate:
    """Return the forecast from the month before, with the interval of what will come."""
    return forecast(frame, outcome="hours", time="month", measured_in=HOURS)


def by_expectation(frame: pd.DataFrame) -> Estimate:
    """Return the same forecast with the interval of its expectation, which is often taken for the other."""
    return forecast(frame, outcome="hours", time="month", interval="mean", measured_in=HOURS)


FORECAST = Design(
    "forecast", "Q20", "How many hours will be served in the next month?",
    "the next month is like those before it", "a policy begins in the month that is forecast", -1, drawn,
    (Entrant("autoregression", by_autoregression), Entrant("interval of the expectation", by_expectation, False)))
