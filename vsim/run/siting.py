"""Siting: which stations serve which needs, for every set of stations that is open at some time of a run.

A need is served at the station that stood for it before the run, or at a nearer one that a policy has opened. Needs
within reach of an open station are found more often than others, and more often where the station shows the six haves.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from vsim.exact import ONE16, share16
from vsim.world.bodies import Sites
from vsim.world.city import Unit
from vsim.world.places import distance
from vsim.world.weekly import PLANS, Weekly

Int = NDArray[np.int64]
HAVES = 6
FAR = 1 << 40                 # 10 m: farther than any place
COLUMNS = (*PLANS, "haves", "by_need")
SIX = (1 << HAVES) - 1


def layouts(unit: Unit, weekly: Weekly, value: Mapping[str, float], place: int | None = None) -> tuple[Sites, Int]:
    """Return the sites of a district for each layout of its stations, and the layout of each week, shape (t,).

    Parameters
    ----------
    unit : Unit
    weekly : Weekly
        Tables of the run; only the shares of planned sites, the haves and the order of opening are read.
    value : mapping of card key to number (cards `demand.*`)
    place : int, optional
        Row of the district in the tables; its number in the region by default.
    """
    row_of = unit.district.index if place is None else place
    columns = np.stack([getattr(weekly, name)[row_of] for name in COLUMNS], axis=1)
    if (columns == columns[:1]).all():                       # as a rule: no policy opens stations
        states, row = columns[:1], np.zeros(len(columns), dtype=np.int64)
    else:
        states, row = np.unique(columns, axis=0, return_inverse=True)
    found = [_sites(unit, state, value) for state in states]
    return Sites(*(np.stack(column) for column in zip(*found, strict=True))), row.reshape(-1).astype(np.int64)


def station_state(weekly: Weekly, index: int, pos: int) -> Int:
    """Return what the stations of a district follow from in one week: shares of plans, haves, order of opening."""
    return np.array([getattr(weekly, name)[index, pos] for name in COLUMNS], dtype=np.int64)


def open_stations(unit: Unit, state: Int) -> NDArray[np.bool_]:
    """Return which stations of a district are open, shape (s,), under shares of planned sites by plan, 16 bit."""
    stations = unit.stations
    shares = np.concatenate(([ONE16], state[: len(PLANS)]))
    order = stations.need_order if state[-1] else stations.order
    return (stations.planned == 0) | (order < shares[stations.planned])


def _nearest(unit: Unit, which: Int) -> tuple[Int, Int]:
    """Return the nearest of some stations for each source, and how far it is, 10 m; FAR where none takes its field."""
    sources, stations = unit.sources, unit.stations
    away = distance(sources.need_x[:, None], sources.need_y[:, None], stations.x[which], stations.y[which])
    theme = stations.theme[which]
    if (theme >= 0).any():
        away[(theme >= 0) & (theme != sources.field[:, None])] = FAR
    first = np.argmin(away, axis=1)
    return which[first], away[np.arange(first.size), first]


def _sites(unit: Unit, state: Int, value: Mapping[str, float]) -> tuple[Int, ...]:
    sources, stations = unit.sources, unit.stations
    usable = open_stations(unit, state)
    before, added = np.flatnonzero(usable & (stations.planned == 0)), np.flatnonzero(usable & (stations.planned > 0))
    _, reached = _nearest(unit, before)
    own, station = sources.station, sources.station
    if added.size:                                                                           # opened by policy
        new, away = _nearest(unit, added)
        moved = away < distance(sources.need_x, sources.need_y, stations.x[own], stations.y[own])
        station, reached = np.where(moved, new, own), np.minimum(reached, away)
    near = reached <= round(100 * value["demand.catchment"])
    shown = np.maximum(np.array([int(bits & SIX).bit_count() for bits in stations.haves.tolist()]), state[-2])
    loss = share16(value["demand.haves_loss"]) * (HAVES - shown[station]) // HAVES
    found = np.where(near, share16(value["demand.discovered"]), share16(value["demand.discovered_far"]))
    return (
        station.astype(np.int64), stations.x[station].astype(np.int64), stations.y[station].astype(np.int64),
        stations.quarter[station].astype(np.int64), found * (ONE16 - loss) >> 16,
    )
