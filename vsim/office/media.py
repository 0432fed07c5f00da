"""The media: spending and views, exposure to campaigns, stories, and what residents recall (clauses VI.1.a, VI.2.a, b).

The survey of recall counts false memories too. Stories that are not near to their readers are of those with most hours
on record, so a set of stories shows winners; near ones are of anybody who served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vsim.observe.registers import RECORDED
from vsim.office.desk import Desk, Papers
from vsim.office.waves import district_keys, grid_of, recent, saturated, stock_of
from vsim.rng import Stream
from vsim.spec.units import FEN, HOUR, MONTH, YEAR

if TYPE_CHECKING:
    import pandas as pd

MONTHS = YEAR // MONTH        # short months of a year
VIEWS, ORDINARY = range(2)    # draws of a person
RECALL, NEAR = 1 << 10, 1 << 20                                # first of many draws of a district
KINDS = (("adverts", "media.advert_half_life"), ("places", "media.place_half_life"))


def work(desk: Desk) -> Papers:
    """Return tables exposure_log, media_spending, recall_survey and stories, and the lines of money."""
    spending, stories = _spending(desk), _stories(desk)
    papers = Papers({"exposure_log": _exposure(desk), "media_spending": spending, "recall_survey": _recall(desk),
                     "stories": stories})
    papers.pay("media", "district", "media", spending["district"], spending["week"], spending["fen"] / FEN)
    papers.pay("stories", "district", "media", stories["district"], stories["week"],
               desk.force.value("role_models", "cost_per_story", stories["district"], stories["week"]))
    return papers


def _exposure(desk: Desk) -> pd.DataFrame:
    """Return the exposure to the values campaign by week and district, while any of it is left."""
    grid = grid_of(desk)
    exposure = np.round(stock_of(desk, "culture", "intensity", "culture.half_life", grid), 3)
    rows = grid.assign(
        intensity=desk.force.value("culture", "intensity", grid["district"], grid["week"]),
        to_join=desk.force.value("culture", "to_join", grid["district"], grid["week"]), exposure=exposure)
    return rows[exposure > 0].drop(columns="key").reset_index(drop=True)


def _spending(desk: Desk) -> pd.DataFrame:
    """Return yuan and views by week, district and kind, while a place or an advertisement is still seen."""
    import pandas as pd

    grid = grid_of(desk)
    residents = desk.raw["districts"].set_index("district")["residents"].reindex(grid["district"]).to_numpy()
    parts = []
    for kind, half_life in KINDS:
        yuan = desk.force.value("media", kind, grid["district"], grid["week"]) * residents / YEAR
        stock = stock_of(desk, "media", kind, half_life, grid)
        seen = (yuan * desk.value["media_desk.views_per_yuan"] if kind == "adverts"
                else stock * residents * desk.value["media_desk.passers_per_yuan"])
        rows = grid.drop(columns="key").assign(
            kind=kind, fen=np.rint(FEN * yuan).astype(np.int64), views=np.rint(seen).astype(np.int64))
        parts.append(rows[(rows["fen"] > 0) | (rows["views"] > 0)])
    return pd.concat(parts, ignore_index=True).sort_values(
        ["week", "district", "kind"], kind="stable").reset_index(drop=True)


def _recall(desk: Desk) -> pd.DataFrame:
    """Return the waves of the survey of recall: how many were asked, and how many say that they saw a message."""
    size = round(desk.value["media_desk.recall_sample"])
    grid = grid_of(desk, round(desk.value["media_desk.recall_weeks"]), last=True)
    stock = sum(stock_of(desk, "media", kind, half_life, grid) for kind, half_life in KINDS)
    seen = desk.value["media_desk.recall_seen"] * saturated(np.asarray(stock), desk.value["media.half_stock"])
    chance = 1.0 - (1.0 - desk.value["media_desk.recall_base"]) * (1.0 - seen)
    key, week = grid["key"].to_numpy()[:, None], grid["week"].to_numpy()[:, None]
    luck = desk.uniform(Stream.MEDIA, key, week, RECALL + np.arange(size)[None, :])
    return grid.drop(columns="key").assign(
        asked=size, recalled=(luck < chance[:, None]).sum(axis=1).astype(np.int64), true_seen=seen)


def _stories(desk: Desk) -> pd.DataFrame:
    """Return the stories of each month of four weeks: nobody's is told twice."""
    import pandas as pd

    placements = desk.raw["placements"]
    entered = placements[placements["flags"] & RECORDED > 0]
    keys, home = district_keys(desk), desk.raw["people"].set_index("person")["district"]
    told: set[int] = set()
    rows = []
    for week in range(MONTH - 1, desk.weeks, MONTH):
        hours = recent(entered, week).groupby("person")["entered"].sum() / HOUR
        ranked = hours.to_frame("hours").assign(district=home.reindex(hours.index), luck=desk.uniform(
            Stream.MEDIA, hours.index.to_numpy(), week, ORDINARY)).reset_index()
        for district, group in ranked.groupby("district"):
            count, near = _asked_for(desk, str(district), int(keys[district]), week)
            best = group.sort_values(["hours", "luck"], ascending=[False, True], kind="stable")
            anybody = group.sort_values("luck", kind="stable")
            for place in range(count):
                left = anybody if near[place] else best
                left = left[~left["person"].isin(told)].head(1)
                told |= set(left["person"].tolist())
                rows.append(left.assign(week=week, near=bool(near[place])))
    names = ["week", "district", "person", "near", "hours"]
    out = (pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=names))[names].rename(
        columns={"hours": "hours_told"})
    out = out.astype({"week": np.int64, "person": np.int64, "near": np.bool_, "hours_told": np.float64})
    luck = desk.uniform(Stream.MEDIA, out["person"].to_numpy(), out["week"].to_numpy(), VIEWS)
    views = desk.value["media_desk.views_per_story"] * (1 + desk.value["media_desk.views_near"] * out["near"])
    return out.assign(views=np.rint(views * 2 * luck).astype(np.int64))


def _asked_for(desk: Desk, district: str, key: int, week: int) -> tuple[int, np.ndarray]:
    """Return how many stories a month tells, and which of them are to be near."""
    yearly = float(desk.force.value("role_models", "yearly", district, week, desk.value["media_desk.stories"]))
    share = float(desk.force.value("role_models", "nearness", district, week, desk.value["media_desk.usual_nearness"]))
    month = week // MONTH
    count = int((month + 1) * yearly // MONTHS - month * yearly // MONTHS)
    return count, desk.uniform(Stream.MEDIA, key, week, NEAR + np.arange(count)) < share
