"""The office of stations: what is known of sites, their openings, visitors, visits and audits (clauses V.1, V.2).

Months are four weeks; a row of a month stands at its last week.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers
from vsim.office.sites import first_served, months_of, sites_of, spread
from vsim.rng import Stream
from vsim.spec.units import PER_THOUSAND, WEEK
from vsim.world.sources import SERVICE_FIELDS
from vsim.world.stations import COMPLEX, HAVES, HOUSING, MOBILE, PLANS, PUBLIC, VENUE

RAISED = (5, 4, 2, 3, 0, 1)   # order in which a station gets what it lacks: cheapest first, positions in HAVES
WALK_IN, ABOUT = range(2)        # numbers of draws
TINY = 1e-9                   # in place of nothing below a fraction


def work(desk: Desk) -> Papers:
    """Return the tables of stations, and the money for opening them."""
    papers = Papers()
    sites = sites_of(desk)
    tables = papers.tables
    tables["developments"] = _developments(desk, sites)
    tables["walk_in_requests"] = _walk_ins(desk, sites)
    tables["venues"] = _venues(desk, sites)
    tables["mobile_visits"] = _visits(desk, sites)
    tables["station_audit"] = _audits(desk, sites)
    tables["site_weeks"], tables["openings"] = _weeks_open(desk, sites)
    tables["upgrades"] = _upgrades(tables["station_audit"])
    for plan, lever, name in ((COMPLEX, "station_network", "opening_cost"), (HOUSING, "new_housing", "fitting_cost")):
        new = sites[(sites["plan"] == plan) & (sites["opens"] >= 0)]
        yuan = desk.force.value(lever, name, new["district"], new["opens"])
        papers.pay("stations", "district", "suppliers", new["district"], new["opens"], yuan)
    visits = tables["mobile_visits"]
    yuan = desk.force.value("mobile_stations", "cost_per_visit", visits["district"], visits["week"])
    papers.pay("stations", "district", "suppliers", visits["district"], visits["week"], yuan)
    return papers


def _developments(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return new housing: households, space due and delivered, at the end of the run."""
    new = sites[sites["plan"] == HOUSING].reset_index(drop=True)
    people = desk.raw["people"]
    homes = people.groupby(["district", "community"])["household"].nunique().rename("households").reset_index()
    new = new.merge(homes, how="left", on=["district", "community"])
    ratio = desk.value["places.population_per_resident"]
    households = np.rint(new["households"].fillna(0) * ratio).astype(np.int64)
    last = np.full(len(new), desk.weeks - 1)
    asked = desk.force.value("new_housing", "m2_per_1000", new["district"], np.where(new["opens"] >= 0, new["opens"],
                                                                                    last))
    due = households * asked / PER_THOUSAND
    return new[["district", "station"]].assign(
        households=households, m2_due=due, m2_delivered=np.where(new["opens"] >= 0, due, 0.0),
        delivered_week=new["opens"].where(new["opens"] >= 0).astype(float))


def _walk_ins(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return who walked in at public places in staffed hours, and what they asked for."""
    rows = spread(sites[(sites["plan"] == PUBLIC) & (sites["opens"] >= 0)], np.arange(desk.weeks))
    rows = rows[rows["week"] >= rows["opens"]].reset_index(drop=True)
    hours = desk.force.value("public_places", "staffing_hours", rows["district"], rows["week"])
    mean = hours * desk.value["stations.walk_ins_hour"]
    count = np.floor(mean + desk.uniform(Stream.STATION, rows["station"], rows["week"], WALK_IN)).astype(np.int64)
    rows = rows.loc[np.repeat(rows.index.to_numpy(), count), ["week", "district", "station", "kind"]]
    rows = rows.reset_index(drop=True)
    number = rows.groupby(["station", "week"]).cumcount() if len(rows) else pd.Series([], dtype=np.int64)
    word = desk.uniform(Stream.STATION, rows["station"], rows["week"], 64 + 2 * number.to_numpy(dtype=np.int64))
    usual = desk.value["stations.walk_in_usual"]
    kinds = len(SERVICE_FIELDS)
    own = rows["station"].to_numpy(dtype=np.int64) % kinds
    need = np.where(word < usual, own, np.floor((word - usual) / max(1 - usual, TINY) * kinds).astype(np.int64))
    return rows.assign(request_number=number, need_type=np.array(SERVICE_FIELDS)[np.clip(need, 0, kinds - 1)])


def _venues(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the list of venues month by month; part of it is added during the run, so cover may fall."""
    venues = sites[sites["plan"] == VENUE]
    listed = desk.uniform(Stream.STATION, venues["station"], 0, ABOUT)
    late = desk.value["stations.venue_new"]
    venues = venues.assign(listed=np.where(listed < late, np.floor(listed / max(late, TINY) * desk.weeks), 0))
    served = first_served(desk).groupby("station")["week"].agg(list)
    rows = spread(venues, months_of(desk))
    rows = rows[rows["week"] >= rows["listed"]].reset_index(drop=True)
    there = (rows["opens"] >= 0) & (rows["opens"] <= rows["week"])
    need = desk.force.value("venues", "guide_hours", rows["district"], rows["week"])
    lag = np.ceil(need / desk.value["stations.guide_week"]).astype(np.int64)
    first = {station: np.array(sorted(weeks)) for station, weeks in served.items()}
    guides = [int((first[s] + wait <= w).sum()) if s in first else 0
              for s, w, wait in zip(rows["station"].tolist(), rows["week"].tolist(), lag.tolist(), strict=True)]
    return rows[["week", "district", "station", "kind"]].assign(
        has_station=there, guides=guides, true_new_guides=_risen(rows["station"], guides))


def _risen(station: pd.Series, count: list[int]) -> NDArray[np.int64]:
    """Return by how much a count rose since the month before, at each station."""
    rise = pd.Series(count, index=station.index, dtype=np.int64).groupby(station).diff()
    risen = rise.fillna(pd.Series(count, index=station.index)).clip(lower=0)
    return np.asarray(risen, dtype=np.int64)


def _visits(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the visits of the vehicle to its stops, and the tasks there that found anybody, by day."""
    rows = spread(sites[(sites["plan"] == MOBILE) & (sites["opens"] >= 0)], np.arange(desk.weeks))
    visits = desk.force.value("mobile_stations", "visits", rows["district"], rows["week"])
    count = (np.floor((rows["week"] + 1) * visits) - np.floor(rows["week"] * visits)).astype(np.int64)
    rows = rows.assign(visits=np.where(rows["week"] >= rows["opens"], count, 0))
    rows = rows.loc[np.repeat(rows.index.to_numpy(), rows["visits"])].reset_index(drop=True)
    turn = rows.groupby(["station", "week"]).cumcount() if len(rows) else pd.Series([], dtype=np.int64)
    rows = rows.assign(turn=turn, day=turn * WEEK // np.maximum(rows["visits"], 1), route=rows["district"])
    tasks = desk.raw["tasks"]
    met = tasks[tasks["filled"] > 0].groupby(["station", "week"]).size().rename("all").reset_index()
    total = rows[["station", "week"]].merge(met, how="left", on=["station", "week"])["all"].fillna(0).to_numpy(np.int64)
    served = total // np.maximum(rows["visits"], 1) + (turn < total % np.maximum(rows["visits"], 1))
    return rows[["week", "district", "day", "route", "station"]].assign(served=served.astype(np.int64))


def _audits(desk: Desk, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the audits of open stations: the haves shown, raised to the number required, and services since long."""
    rows = spread(sites[sites["opens"] >= 0], np.arange(desk.weeks))
    usual = desk.value["stations.audit_weeks"]
    every = desk.force.value("station_standard", "audit_interval", rows["district"], rows["week"], usual)
    due = (rows["week"] >= rows["opens"]) & ((rows["week"] + 1) % every.astype(np.int64) == 0)
    rows = rows[due].reset_index(drop=True)
    need = desk.force.value("station_standard", "required", rows["district"], rows["week"])
    shown = (rows["haves"].to_numpy()[:, None] >> np.arange(len(HAVES)) & 1).astype(bool)
    true = shown.sum(axis=1)
    for place in RAISED:
        shown[:, place] |= shown.sum(axis=1) < need
    tasks = desk.raw["tasks"]
    met = tasks[(tasks["filled"] > 0) & (tasks["week"] >= 0)]
    grid = np.zeros((len(sites), desk.weeks + 1), dtype=np.int64)
    np.add.at(grid, (met["station"].to_numpy(), met["week"].to_numpy() + 1), 1)
    so_far = np.cumsum(grid, axis=1)
    end = rows["week"].to_numpy() + 1
    begin = np.maximum(end - int(usual), 0)
    station = rows["station"].to_numpy()
    return rows[["week", "district", "station"]].assign(
        **{name: shown[:, place] for place, name in enumerate(HAVES)}, haves=shown.sum(axis=1),
        services=so_far[station, end] - so_far[station, begin], true_haves=true)


def _weeks_open(desk: Desk, sites: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row for each week in which a planned site was open, and the first of each site."""
    rows = spread(sites[(sites["plan"] > 0) & (sites["opens"] >= 0)], np.arange(desk.weeks))
    rows = rows[rows["week"] >= rows["opens"]]
    rows = rows[["week", "district", "station"]].assign(plan=np.array(PLANS)[rows["plan"]]).reset_index(drop=True)
    return rows, rows.drop_duplicates("station").reset_index(drop=True)


def _upgrades(audits: pd.DataFrame) -> pd.DataFrame:
    """Return the first audit at which each station showed more than it had by itself, and how much more."""
    added = audits["haves"] - audits["true_haves"]
    rows = audits[["week", "district", "station"]].assign(added=added)[added > 0]
    return rows.drop_duplicates("station").reset_index(drop=True)
