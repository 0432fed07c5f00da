"""Cards for making organisations and sources of need, as the kernels read them; the plain form reads the same cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16, tables, threshold32, units
from vsim.run.making_cards import normal, upper_edges
from vsim.world.communities import Communities
from vsim.world.organisations import (
    GOVERNANCE,
    LEGAL_FORMS,
    REGISTERED,
    TEAMS,
    Organisations,
    Sources,
    cash_by_form,
    numbers_of,
)
from vsim.world.people import FIELDS
from vsim.world.places import District
from vsim.world.sources import (
    BEGINS,
    CONCENTRATED,
    DAILY,
    IN_ORDER,
    LATENT_SOURCES,
    MENU,
    SERVED_BY,
    SIZES,
    SKILL_OF,
    rates_of,
)
from vsim.world.stations import Stations, opened

Int = NDArray[np.int64]
WORDS = 4                     # of one draw


class HostCards(NamedTuple):
    """Scales of organisations: logarithms in 1/1024, shares in 1/65536."""

    size_sd: int
    latent_size: int
    latent_sd: int
    quality_mean: int
    quality_sd: int
    square: int               # of the leaders of the median organisation
    federated: int            # 32 bit
    tenths: int               # of a paid post for each leader
    hosted: int
    governance_mean: int
    slope: int
    governance_registered: int
    items: int                # of governance
    calls: int                # draws that decide them


class Forms(NamedTuple):
    """What follows from legal form, arrays of shape (8,), and the edges of forms and platforms among words."""

    unregistered: int
    form: Int                 # by the number of the share
    edges: Int
    platforms: Int
    registered: Int
    team: Int
    cash: Int


class NeedCards(NamedTuple):
    """Chances of sources of need, 32 bit."""

    own_field: int
    paired: int
    risk_high: int
    risk_emergency: int
    risk_middle: int
    skilled: int


class FieldTables(NamedTuple):
    """What follows from the field of III.1 and the service area."""

    order: Int                # fields by area
    begins: Int
    sizes: Int
    skill: Int
    served: Int
    once: Int                 # mode by the number of the share
    modes: Int                # edges
    emergency: int            # the service area


class Area(NamedTuple):
    """Where communities are, arrays of shape (c,)."""

    quarter: Int
    x: Int
    y: Int
    width: Int
    height: Int


class Spots(NamedTuple):
    """Where stations are, arrays of shape (s,)."""

    quarter: Int
    x: Int
    y: Int


def settle_hosts(value: Mapping[str, float]) -> tuple[HostCards, Forms]:
    """Return scales and forms of organisations from the values of the cards."""
    names = [name for name in LEGAL_FORMS if name != "unregistered"]
    unregistered = LEGAL_FORMS.index("unregistered")
    every = range(len(LEGAL_FORMS))
    cards = HostCards(
        size_sd=units(value["organisations.size_log_sd"]), latent_size=units(value["organisations.latent_size"]),
        latent_sd=units(value["organisations.latent_log_sd"]),
        quality_mean=share16(value["organisations.quality_mean"]),
        quality_sd=share16(value["organisations.quality_sd"]),
        square=share16(value["organisations.leaders_median"]) ** 2 >> 16,
        federated=threshold32(value["organisations.federated"]),
        tenths=10 * share16(value["organisations.coordinators"]), hosted=share16(value["organisations.hosted"]),
        governance_mean=share16(value["organisations.governance_mean"]),
        slope=share16(value["organisations.governance_slope"]),
        governance_registered=share16(value["organisations.governance_registered"]), items=len(GOVERNANCE),
        calls=-(-len(GOVERNANCE) // WORDS),
    )
    return cards, Forms(
        unregistered=unregistered, form=np.array([unregistered, *(LEGAL_FORMS.index(name) for name in names)]),
        edges=upper_edges([value[f"organisations.form_{name}"] for name in names]),
        platforms=upper_edges([value["organisations.platform_b"], value["organisations.platform_c"]]),
        registered=np.array([int(form in REGISTERED) for form in every]),
        team=np.array([int(form in TEAMS) for form in every]), cash=cash_by_form(value),
    )


def settle_needs(value: Mapping[str, float]) -> tuple[NeedCards, FieldTables]:
    """Return chances and tables of sources of need from the values of the cards."""
    cards = NeedCards(
        own_field=threshold32(0.5), paired=threshold32(value["sources.paired"]),
        risk_high=threshold32(value["sources.risk_high"]),
        risk_emergency=threshold32(value["sources.risk_high_emergency"]),
        risk_middle=threshold32(value["sources.risk_middle"]), skilled=threshold32(value["sources.skilled_share"]),
    )
    return cards, FieldTables(
        order=IN_ORDER, begins=BEGINS, sizes=SIZES, skill=SKILL_OF, served=SERVED_BY,
        once=np.array([DAILY, CONCENTRATED, MENU]),
        modes=upper_edges([value["sources.concentrated"], value["sources.menu"]]), emergency=FIELDS.index("emergency"),
    )


def make_needs(
    made: Any, key: tuple[np.uint64, np.uint64], district: District, communities: Communities, stations: Stations,
    value: Mapping[str, float], hosts: tuple[HostCards, Forms], needs: tuple[NeedCards, FieldTables],
) -> tuple[Organisations, Sources]:
    """Return organisations and sources of need of a district; `made` is the module of compiled kernels."""
    alive, to_come = numbers_of(district, value)
    rates, places = rates_of(district, value), opened(stations)
    organisations = Organisations(*np.empty((len(Organisations._fields), alive + to_come), dtype=np.int64))
    count = rates.many + rates.few + LATENT_SOURCES * to_come
    sources = Sources(np.empty(count, dtype=np.uint32), *np.empty((len(Sources._fields) - 1, count), dtype=np.int64))
    made.make_organisations(*key, np.int64(district.index * 65536), np.int64(alive), *hosts, places,
                            tables().exponential, normal(), organisations)
    area = Area(communities.quarter, communities.x, communities.y, communities.width, communities.height)
    made.make_sources(*key, np.int64(district.first_id * 8), np.int64(alive), rates, *needs, area,
                      Spots(stations.quarter, stations.x, stations.y), places, organisations, sources)
    return organisations, sources
