"""The office of hosts: their meetings, plans and transfers, recruits, posts, open days and grants (clause V.2).

Months are four weeks; a row of a month stands at its last week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vsim.office.desk import Desk, Papers
from vsim.office.sites import first_served, months_of, sites_of, spread
from vsim.spec.units import FEN, MONTH, WEEK
from vsim.world.ledgers import SECOND, SHOWED
from vsim.world.sources import SERVICE_FIELDS

QUARTER = 3 * MONTH           # weeks: three short months


def work(desk: Desk) -> Papers:
    """Return the tables of hosts, and the money for meetings and new services."""
    papers = Papers()
    sites = sites_of(desk)
    log, plans = _plans(desk)
    grants = _innovation(desk)
    papers.tables |= {
        "coordination_log": log, "joint_plans": plans, "transfers": _transfers(desk),
        "station_recruits": _recruits(desk, sites), "station_posts": _posts(desk),
        "open_days": _open_days(desk, sites), "innovation_log": grants,
    }
    yuan = desk.force.value("coordination", "cost_per_meeting", log["district"], log["week"])
    papers.pay("stations", "district", "suppliers", log["district"], log["week"], yuan)
    papers.pay("innovation", "district", "stations", grants["district"], grants["week"], grants["grant_fen"] / FEN)
    return papers


def _plans(desk: Desk) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return meetings of hosts, and the joint plan of each quarter: the field with most seats left empty before it."""
    grid = pd.MultiIndex.from_product([desk.raw["districts"]["district"], range(desk.weeks)],
                                      names=["district", "week"]).to_frame(index=False)
    level = desk.force.value("coordination", "level", grid["district"], grid["week"])
    number = desk.force.value("coordination", "meetings", grid["district"], grid["week"])
    met = np.floor((grid["week"] % MONTH + 1) * number / MONTH) - np.floor(grid["week"] % MONTH * number / MONTH)
    tasks = desk.raw["tasks"]
    hosts = desk.raw["organisations"].groupby("district").size().reindex(grid["district"]).to_numpy()
    log = grid.assign(hosts=np.rint(level * hosts).astype(np.int64))[(met > 0).to_numpy()].reset_index(drop=True)
    bound = desk.force.value("coordination", "joint_plan", grid["district"], grid["week"]) >= 1
    plans = grid[bound & ((grid["week"] + 1) % QUARTER == 0)].reset_index(drop=True)
    empty = tasks.assign(empty=tasks["seats"] - tasks["filled"])
    fields = []
    for district, week in zip(plans["district"], plans["week"], strict=True):
        past = empty[(empty["district"] == district) & (empty["week"] <= week) & (empty["week"] > week - QUARTER)]
        sums = past.groupby("field25")["empty"].sum()
        fields.append(SERVICE_FIELDS[int(sums.idxmax())] if len(sums) else SERVICE_FIELDS[0])
    return log, plans.assign(priority=pd.Series(fields, dtype=object))


def _transfers(desk: Desk) -> pd.DataFrame:
    """Return who was passed on, and the station that took them."""
    placed = desk.raw["placements"]
    rows = placed[(placed["week"] >= 0) & (placed["flags"] & SECOND > 0)].reset_index(drop=True)
    tasks = desk.raw["tasks"].set_index("task").reindex(rows["task"])
    return rows[["week", "person", "task"]].assign(
        district=tasks["district"].reset_index(drop=True), station=tasks["station"].to_numpy(),
        came=rows["flags"].to_numpy() & SHOWED > 0)


def _recruits(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return who signed up in the run, the open station nearest to home, and the week of the first entered service."""
    people = desk.raw["people"]
    new = people[people["registered"] & (people["since"] >= 0)].reset_index(drop=True)
    first = first_served(desk).groupby("person")["week"].min().reindex(new["person"]).to_numpy(dtype=float)
    station = np.zeros(len(new), dtype=np.int64)
    for district, here in sites[sites["plan"] == 0].groupby("district"):
        mine = np.flatnonzero(new["district"] == district)
        away = np.abs(new["x"].to_numpy()[mine, None] - here["x"].to_numpy()) + np.abs(
            new["y"].to_numpy()[mine, None] - here["y"].to_numpy())
        station[mine] = here["station"].to_numpy()[away.argmin(axis=1)] if mine.size else station[mine]
    since = new["since"].to_numpy(dtype=np.int64)
    first = np.where(first < since, np.nan, first)
    trained = desk.raw["courses"].groupby("person")["week"].min().reindex(new["person"]).to_numpy(dtype=float)
    return new[["person", "district"]].assign(
        station=station, signed_week=since, induction_week=np.where(trained < since, np.nan, trained),
        first_week=first, days=(np.where(np.isnan(first), desk.weeks, first) - since) * WEEK, censored=np.isnan(first))


def _posts(desk: Desk) -> pd.DataFrame:
    """Return the posts of stations by week, and how many residents they could reach."""
    grid = pd.MultiIndex.from_product([desk.raw["districts"]["district"], range(desk.weeks)],
                                      names=["district", "week"]).to_frame(index=False)
    posts = desk.force.value("publicity", "posts", grid["district"], grid["week"], desk.value["stations.posts"])
    story = desk.force.value("publicity", "story", grid["district"], grid["week"], desk.value["stations.story"])
    population = desk.raw["districts"].set_index("district")["population"].reindex(grid["district"]).to_numpy()
    grid = grid.assign(posts=np.floor((grid["week"] + 1) * posts) - np.floor(grid["week"] * posts), story_quality=story)
    grid["reach"] = np.rint(population * desk.value["stations.reach"] * story * grid["posts"] / (1 + grid["posts"]))
    return grid[grid["posts"] > 0].astype({"posts": np.int64, "reach": np.int64}).reset_index(drop=True)


def _open_days(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which a station was open in each month, and how evenly its district's tasks fell on weeks."""
    rows = spread(sites[sites["opens"] >= 0], months_of(desk))
    rows = rows[rows["week"] >= rows["opens"]].reset_index(drop=True)
    usual = np.minimum(np.ceil(rows["hours"] / desk.value["stations.day_hours"]), WEEK) * MONTH
    least = desk.force.value("regular_service", "min_open_days", rows["district"], rows["week"])
    tasks = desk.raw["tasks"]
    tasks = tasks[(tasks["week"] >= 0) & (tasks["week"] <= rows["week"].max())]
    count = tasks.groupby(["district", "week"]).size().rename("n").reset_index()
    month = count.assign(week=count["week"] // MONTH * MONTH + MONTH - 1, square=count["n"] ** 2)
    sums = month.groupby(["district", "week"])[["n", "square"]].sum()
    sums = sums["n"] ** 2 / (MONTH * sums["square"])
    even = sums.reindex(pd.MultiIndex.from_frame(rows[["district", "week"]])).fillna(0.0).to_numpy()
    days = np.maximum(usual, least).astype(np.int64)
    return rows[["week", "district", "station"]].assign(
        days=days, regularity=even, true_added=days - usual.to_numpy(dtype=np.int64))


def _innovation(desk: Desk) -> pd.DataFrame:
    """Return grants for new services: each quarter to the stations whose services fit local needs best."""
    tasks = desk.raw["tasks"]
    tasks = tasks[tasks["week"] >= 0]
    tasks = tasks.assign(week=tasks["week"] // QUARTER * QUARTER + QUARTER - 1)
    tasks = tasks[tasks["week"] < desk.weeks]
    of_field = tasks.groupby(["district", "week", "field25"])["needed"].sum()
    share = of_field / of_field.groupby(level=["district", "week"]).transform("sum")
    keys = pd.MultiIndex.from_frame(tasks[["district", "week", "field25"]])
    fit = tasks.assign(local_fit=share.reindex(keys).to_numpy()).groupby(["week", "district", "station"])["local_fit"]
    rows = fit.mean().reset_index().sort_values(["week", "district", "local_fit", "station"],
                                                ascending=[True, True, False, True]).reset_index(drop=True)
    grants = desk.force.value("quality_funding", "grants", rows["district"], rows["week"])
    yuan = desk.force.value("quality_funding", "innovation_grant", rows["district"], rows["week"])
    kept = rows.groupby(["week", "district"]).cumcount() < grants
    return rows.assign(grant_fen=np.rint(yuan * FEN).astype(np.int64))[kept].reset_index(drop=True)
