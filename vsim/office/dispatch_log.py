"""The log of dispatch: each task from request to end, with offers, refusals, travel and the time limit (clause V.3.a4).

Offers go out one after the other; under the lever an offer lapses when its part of the time limit is over. Whether
anybody came is what the weeks say; the log says how long it took.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.exact import exp32
from vsim.office.desk import WORD, Desk, Papers
from vsim.office.placed import km_of, places_of
from vsim.rng import Stream
from vsim.spec.units import MINUTES

URGENT = 3                    # urgency from which the shorter limit holds
DAY_MINUTES = 1440            # of a day
OFFERS = 0                    # number of the draw of offers; those of answers follow


def work(desk: Desk) -> Papers:
    """Return table dispatch_log: one row a task that was posted."""
    tasks = desk.raw["tasks"]
    tasks = tasks[tasks["week"] >= 0].drop_duplicates(["source", "week"]).reset_index(drop=True)
    source, week, code = (tasks[name].to_numpy() for name in ("source", "week", "district"))
    requests = desk.raw["requests"].set_index("request_id")["urgency"]
    number = [f"N{s}-{w}" for s, w in zip(source.tolist(), week.tolist(), strict=True)]
    urgency = requests.reindex(number).to_numpy(dtype=np.int64)
    limit = MINUTES * np.where(
        urgency >= URGENT,
        desk.force.value("dispatch", "urgent_hours", code, week, desk.value["dispatch_log.office_urgent"]),
        desk.force.value("dispatch", "usual_hours", code, week, desk.value["dispatch_log.office_usual"]))
    again = desk.force.value("dispatch", "redispatch", code, week, desk.value["dispatch_log.office_redispatch"])
    most = 1 + again.astype(np.int64)
    met = tasks["filled"].to_numpy() > 0
    refuses = 1.0 - desk.value["dispatch_log.accepts"]
    word = desk.uniform(Stream.DISPATCH, source, week, OFFERS)
    wanted = np.ones(len(tasks), dtype=np.int64)
    for place in range(1, int(most.max(initial=1)) + 1):
        wanted += word < refuses ** place
    offers = np.where(met, np.minimum(wanted, most), most)
    waited = _waited(desk, source, week, offers, np.where(desk.force.on("dispatch", code, week), limit / most, np.inf))
    km, inside = _nearness(desk, tasks["task"].to_numpy(), code, week)
    travel = np.rint(km * desk.value["dispatch_log.km_minutes"])
    arrived = np.maximum(tasks["lead"].to_numpy() * DAY_MINUTES, waited + np.nan_to_num(travel))
    length = np.rint(MINUTES * (exp32(tasks["hours_log"].to_numpy()) / WORD))
    came = tasks["true_staffed"].to_numpy() > 0
    return Papers({"dispatch_log": tasks[["week", "district", "task"]].assign(
        request_id=number, urgency=urgency, offers=offers, refusals=np.where(met, offers - 1, offers),
        by_coordinator=met & (wanted > most), assigned_minutes=np.where(met, waited, np.nan),
        in_time=met & (waited <= limit), travel_minutes=np.where(met, travel, np.nan), within_radius=inside,
        arrived_minutes=np.where(came, arrived, np.nan), done_minutes=np.where(came, arrived + length, np.nan),
        outcome=np.select([came, met], ["done", "nobody_came"], "unassigned"))})


def _waited(
    desk: Desk, source: NDArray[np.int64], week: NDArray[np.int64], offers: NDArray[np.int64],
    lapse: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the minutes until the last offer was answered, each answer after an exponential time, lapsed or not."""
    total = np.zeros(source.size)
    for place in range(int(offers.max(initial=0))):
        word = desk.uniform(Stream.DISPATCH, source, week, place + 1)
        answer = -desk.value["dispatch_log.answer_minutes"] * np.log(1.0 - word)
        total += np.where(place < offers, np.minimum(answer, lapse), 0.0)
    return np.rint(total)


def _nearness(
    desk: Desk, task: NDArray[np.int64], code: NDArray[np.object_], week: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the mean kilometres of those who took each task, and whether they live within the radius."""
    places = places_of(desk)
    mean = pd.Series(km_of(desk, places), index=places["task"]).groupby(level=0).mean()
    km = np.array(mean.reindex(task), dtype=np.float64)
    radius = desk.force.value("dispatch", "radius_km", code, week, desk.value["dispatch_log.office_radius"])
    return km, np.nan_to_num(km, nan=np.inf) <= radius
