"""Q5: what service does to those who serve, with stations that are opened by lot as the instrument.

The model has no well-being; the nearest is a person's satisfaction with service. Stations find needs, so there is more
to do in a district that wins the lottery; that alone moves nobody's satisfaction. Answers to feedback, which come with
the station, do: they lift the experience of every hour and break the exclusion. The truth is what stations everywhere
do to satisfaction over what they do to hours, in twin worlds of the same luck, where stations bring tasks only.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.evaluate.instruments import iv
from vsim.run.designs.kinds import Design, Drawn, Entrant, person_hours, run, small, true, under
from vsim.run.designs.rollout import hash_of
from vsim.run.designs.star_cutoff import STEADY
from vsim.run.run import Run
from vsim.spec.estimate import Estimate
from vsim.spec.policy import Policy
from vsim.world.state import FULL

RESIDENTS, DISTRICTS, WEEKS = 2000, 32, 8
LEVER, OTHER = "public_places", "rating"
STATIONS: dict[str, float | list[float]] = {"open_share": 1.0, "by_need": 0.0}
POINTS = 100                  # points of satisfaction from worst to best
UNIT = "points of satisfaction per h"
WORLD = {"demand.tasks": 200.0, "demand.people_median": 3.0, "demand.discovered": 1.0, "demand.discovered_far": 0.0,
         "demand.catchment": 0.4, "stations.plan_public_place": 16, "participation.ask": 0.0,
         "registration.base": -10.0, "registration.history_lapsed": 0.0, "retention.exit_base": -10.0,
         "retention.experience_base": 0.6, "retention.satisfaction_rate": 0.1, "rating.answer_felt": 0.1}


def satisfaction(made: Run) -> np.ndarray:
    """Return the satisfaction of every resident at the end, 0 to 100."""
    return np.concatenate([end.state.satisfaction for end in made.ends]) * (POINTS / FULL)


def means(made: Run) -> pd.DataFrame:
    """Return mean satisfaction and hours of the residents of each district."""
    code = np.concatenate([np.full(unit.people.ids.size, unit.district.code) for unit in made.city])
    table = pd.DataFrame({"district": code, "satisfaction": satisfaction(made), "hours": person_hours(made)})
    return table.groupby("district").mean()


def drawn(seed: int, holds: bool) -> Drawn:
    """Return districts, half of them with stations by lot."""
    base = small(RESIDENTS, DISTRICTS, WEEKS, {**STEADY, **WORLD}, 0)
    won = sorted(base.districts, key=lambda code: hash_of(seed, code))[: DISTRICTS // 2]
    here = [Policy(lever=LEVER, districts=won, values=STATIONS)]
    if not holds:
        here.append(Policy(lever=OTHER, districts=won, values={"closing": 1.0}))
    made, none, everywhere = (means(run(under(base, *policies), seed)) for policies in (
        here, (), (Policy(lever=LEVER, values=STATIONS),)))
    gained = (everywhere - none).mean()
    return Drawn(made.assign(station=made.index.isin(won).astype(int)).reset_index(),
                 true(gained["satisfaction"] / gained["hours"], "late", UNIT, DISTRICTS))


def by_lottery(frame: pd.DataFrame) -> Estimate:
    """Return the effect of an hour by the lottery of stations."""
    return iv(frame, outcome="satisfaction", treatment="hours", instruments="station", measured_in=UNIT).effect


def least_squares(frame: pd.DataFrame) -> Estimate:
    """Return the slope of satisfaction on hours."""
    return iv(frame, outcome="satisfaction", treatment="hours", instruments="hours", measured_in=UNIT).effect


STATION_LOTTERY = Design(
    "station_lottery", "Q5", "What does an hour of service do to satisfaction? Stations are opened by lot",
    "a station brings tasks and nothing else", "stations also answer feedback, which lifts every experience", +1,
    drawn, (Entrant("instrumental variable", by_lottery), Entrant("slope on hours", least_squares, named=False)))
