"""Organisations and the sources of need: who posts tasks, where, in which field, how often.

A source of need is a group of people served: it may give rise to one task a week. Sources are far more than
the tasks of a week, so the number of tasks is close to Poisson, and a source keeps its identity under every policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, normal16, share16, threshold32, units
from vsim.rng import Stream, draw
from vsim.world.places import District, Stations

SOURCES_PER_TASK = 8          # single sources for each expected task: the week's count is close to Poisson
Int = NDArray[np.int64]


class Organisations(NamedTuple):
    """Organisations of one district; arrays of shape (k,)."""

    weight: Int               # relative size
    quality: Int              # 0 to 65536
    field: Int                # main service field


class Sources(NamedTuple):
    """Sources of need of one district; arrays of shape (j,)."""

    ids: NDArray[np.uint32]   # unique in the region
    station: Int              # position among the stations of the district
    organisation: Int         # position among the organisations of the district
    field: Int
    quarter: Int
    x: Int                    # of the station, 10 m
    y: Int
    rate: Int                 # 32-bit threshold of a weekly task before season
    recurring: Int            # 0 or 1
    quality: Int              # of the organisation


def organisations_of(key: tuple[int, int], district: District, value: Mapping[str, float]) -> Organisations:
    """Return the organisations of a district: sizes lognormal with a long tail, quality about its mean."""
    count = max(2, round(district.residents * value["organisations.per_thousand"] / 1000))
    entity = district.index * 65536 + np.arange(count)
    words = draw(key, Stream.ORGANISATION, entity)
    logs = units(value["organisations.size_log_sd"]) * normal16(words[0]) >> 16
    quality = share16(value["organisations.quality_mean"]) + (
        share16(value["organisations.quality_sd"]) * normal16(words[1]) >> 16
    )
    return Organisations(
        weight=np.maximum(exp32(logs) >> 22, 1), quality=np.clip(quality, 0, 65536),
        field=(words[2] >> np.uint32(29)).astype(np.int64),
    )


def sources_of(
    key: tuple[int, int], district: District, stations: Stations, organisations: Organisations,
    value: Mapping[str, float],
) -> Sources:
    """Return the sources of need of a district, sized so that `demand.tasks` arise in an ordinary week."""
    expected = district.residents * value["demand.tasks"] / 1000
    regular = value["demand.recurring_share"] * expected / value["demand.recurring_rate"]
    many = round(regular)
    single = expected - many * value["demand.recurring_rate"]
    few = max(SOURCES_PER_TASK, round(max(single, 0.0) * SOURCES_PER_TASK))
    count = many + few
    ids = (np.uint64(district.first_id) * np.uint64(8) + np.arange(count, dtype=np.uint64)).astype(np.uint32)
    words = draw(key, Stream.ORGANISATION, ids, 1)
    station = np.arange(count, dtype=np.int64) % stations.x.size
    totals = np.cumsum(organisations.weight)
    organisation = np.searchsorted(totals, words[0].astype(np.int64) * int(totals[-1]) >> 32, side="right")
    own_field = words[1].astype(np.int64) < threshold32(0.5)
    field = np.where(own_field, organisations.field[organisation], (words[2] >> np.uint32(29)).astype(np.int64))
    recurring = (np.arange(count) < many).astype(np.int64)
    rate = np.where(recurring == 1, threshold32(value["demand.recurring_rate"]), threshold32(max(single, 0.0) / few))
    return Sources(
        ids=ids, station=station, organisation=organisation.astype(np.int64), field=field,
        quarter=stations.quarter[station], x=stations.x[station], y=stations.y[station], rate=rate,
        recurring=recurring, quality=organisations.quality[organisation],
    )
