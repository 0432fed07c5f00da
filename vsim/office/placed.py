"""What the offices of the platform share: places taken by volunteers, with their task, and the way to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk
from vsim.world.places import distance

KM = 100                      # units of 10 m in a kilometre
COLUMNS = ["task", "district", "organisation", "station", "source", "field25", "online", "lead"]


def places_of(desk: Desk) -> pd.DataFrame:
    """Return the places taken in the run, with columns of their task, by week, person and source."""
    placed = desk.raw["placements"]
    rows = placed.loc[placed["week"] >= 0, ["week", "person", "task", "flags"]]
    rows = rows.merge(desk.raw["tasks"][COLUMNS], on="task")
    return rows.sort_values(["week", "person", "source"], kind="stable").reset_index(drop=True)


def km_of(desk: Desk, places: pd.DataFrame) -> NDArray[np.float64]:
    """Return the kilometres from home to the station of each place, 0 online."""
    people, stations = desk.raw["people"].set_index("person"), desk.raw["stations"]
    home = people[["x", "y"]].reindex(places["person"])
    site = stations[["x", "y"]].to_numpy()[places["station"].to_numpy()]
    away = distance(home["x"].to_numpy(), home["y"].to_numpy(), site[:, 0], site[:, 1])
    return np.asarray(np.where(places["online"].to_numpy() == 1, 0, away) / KM, dtype=np.float64)


def request_ids(places: pd.DataFrame) -> list[str]:
    """Return the number of the request behind each place."""
    return [f"N{s}-{w}" for s, w in zip(places["source"].tolist(), places["week"].tolist(), strict=True)]
