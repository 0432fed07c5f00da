"""Sources of need: whose need, where, in which field, how often, and what serving it asks for.

A source of need is a group of people served: it may give rise to one task a week. Sources are far more than
the tasks of a week, so the number of tasks is close to Poisson, and a source keeps its identity under every policy.
The fields are the 25 of section III.1 of the policy text, gathered into the eight service areas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import threshold32
from vsim.rng import Stream, draw
from vsim.world.communities import Communities, inside_of
from vsim.world.organisations import Organisations, Sources
from vsim.world.people import FIELDS
from vsim.world.places import District
from vsim.world.stations import Stations, opened
from vsim.world.work import SKILLS, by_share, in_proportion

LATENT_SOURCES = 4            # of each latent organisation
NEED, KIND = 1, 2             # items of the draws of a source: where the need is, of what kind
MODES = ("concentrated", "daily", "paired", "menu")
CONCENTRATED, DAILY, PAIRED, MENU = range(4)
RISKS = ("low", "middle", "high")
BENEFICIARIES = (
    "public", "older_people", "children", "left_behind_children", "people_with_disabilities", "people_in_hardship",
    "patients", "visitors",
)
# field of III.1: service area, skill that it may ask for, those whom it serves
_FIELDS = {
    "theory_and_policy": ("outreach", "culture_arts", "public"),
    "rural_revitalisation": ("outreach", "science_technology", "public"),
    "border_development": ("outreach", "science_technology", "public"),
    "environment": ("environment", "ecology", "public"),
    "healthy_china": ("health", "health", "public"),
    "hardship_relief": ("older_people", "law", "people_in_hardship"),
    "disability_support": ("older_people", "disability_support", "people_with_disabilities"),
    "care_of_old_and_young": ("older_people", "health", "older_people"),
    "disaster_aid": ("emergency", "emergency", "people_in_hardship"),
    "health_care": ("health", "health", "patients"),
    "education_support": ("children", "science_technology", "left_behind_children"),
    "culture_for_the_people": ("culture", "culture_arts", "public"),
    "neighbourhood_care": ("older_people", "health", "older_people"),
    "mediation": ("civility", "law", "public"),
    "legal_literacy": ("outreach", "law", "public"),
    "homeless_help": ("emergency", "health", "people_in_hardship"),
    "psychological_support": ("health", "health", "patients"),
    "public_safety": ("emergency", "public_safety", "public"),
    "science_outreach": ("outreach", "science_technology", "children"),
    "arts": ("culture", "culture_arts", "public"),
    "civility": ("civility", "public_safety", "public"),
    "heritage": ("culture", "culture_arts", "visitors"),
    "sport_and_fitness": ("culture", "sports", "public"),
    "nature_education": ("environment", "ecology", "children"),
    "major_events": ("civility", "public_safety", "visitors"),
}
SERVICE_FIELDS = tuple(_FIELDS)
Int = NDArray[np.int64]
AREA_OF = np.array([FIELDS.index(area) for area, _, _ in _FIELDS.values()], dtype=np.int64)
SKILL_OF = np.array([SKILLS.index(skill) for _, skill, _ in _FIELDS.values()], dtype=np.int64)
IN_ORDER = np.argsort(AREA_OF, kind="stable").astype(np.int64)        # fields by service area
SIZES = np.bincount(AREA_OF, minlength=len(FIELDS)).astype(np.int64)
BEGINS = np.cumsum(SIZES) - SIZES
SERVED_BY = np.array([BENEFICIARIES.index(who) for _, _, who in _FIELDS.values()], dtype=np.int64)


def sources_of(
    key: tuple[int, int], district: District, communities: Communities, stations: Stations,
    organisations: Organisations, value: Mapping[str, float],
) -> Sources:
    """Return the sources of need of a district, sized so that `demand.tasks` arise in an ordinary week.

    Those are served by the organisations that exist before the run; latent ones have few sources of their own at the
    end of the arrays, with tasks in proportion to their size, one a week from each source at most.

    Parameters
    ----------
    key : Philox key of the world
    district, communities, stations, organisations : what the world has made of the district so far
    value : mapping of card key to number (cards `demand.*`, `sources.*`)
    """
    alive = np.flatnonzero(organisations.latent == 0)
    rate, recurring = _rates(district, value)
    ordinary = rate.size
    latent = np.repeat(np.flatnonzero(organisations.latent == 1), LATENT_SOURCES)
    count = ordinary + latent.size
    ids = (np.uint64(district.first_id) * np.uint64(8) + np.arange(count, dtype=np.uint64)).astype(np.uint32)
    words = draw(key, Stream.ORGANISATION, ids, 1)
    where = [w.astype(np.int64) for w in draw(key, Stream.ORGANISATION, ids, 1, NEED)]
    kind = [w.astype(np.int64) for w in draw(key, Stream.ORGANISATION, ids, 1, KIND)]
    places = opened(stations)
    found = in_proportion(words[0].astype(np.int64), organisations.weight[alive])
    organisation = np.concatenate([alive[found[:ordinary]], latent]).astype(np.int64)
    host = organisations.host[organisation]
    station = places[np.arange(count, dtype=np.int64) % places.size]
    station = np.where((np.arange(count) >= ordinary) & (host >= 0), host, station)
    small = int(rate.sum()) // int(organisations.weight[alive].sum()) * organisations.weight[latent] // LATENT_SOURCES
    own_field = words[1].astype(np.int64) < threshold32(0.5)
    area = np.where(own_field, organisations.field[organisation], (words[2] >> np.uint32(29)).astype(np.int64))
    field25 = _field_in(area, words[3].astype(np.int64))
    per = communities.x.size // int(communities.quarter.max() + 1)
    community = stations.quarter[station] * per + (where[2] * per >> 32)
    need_x, need_y = inside_of(communities, community, (where[0], where[1]))
    steady = np.concatenate([recurring, np.zeros(latent.size, dtype=np.int64)])
    return Sources(
        ids=ids, station=station, organisation=organisation, field=area, quarter=stations.quarter[station],
        x=stations.x[station], y=stations.y[station], rate=np.concatenate([rate, np.minimum(small, 1 << 32)]),
        recurring=steady, quality=organisations.quality[organisation], need_x=need_x, need_y=need_y, field25=field25,
        mode=_mode(steady, kind[0], value), risk=_risk(area, kind[1], value),
        skill=np.where(kind[2] < threshold32(value["sources.skilled_share"]), SKILL_OF[field25], 0),
        beneficiary=SERVED_BY[field25],
    )


class Rates(NamedTuple):
    """How many ordinary sources a district has, and their weekly thresholds (32 bit)."""

    many: int                 # recurring ones
    few: int                  # others
    steady: int
    single: int


def rates_of(district: District, value: Mapping[str, float]) -> Rates:
    """Return the numbers and the weekly thresholds of the ordinary sources of a district."""
    expected = district.residents * value["demand.tasks"] / 1000
    many = round(value["demand.recurring_share"] * expected / value["demand.recurring_rate"])
    single = max(expected - many * value["demand.recurring_rate"], 0.0)
    few = max(round(value["sources.per_task"]), round(single * value["sources.per_task"]))
    return Rates(many, few, threshold32(value["demand.recurring_rate"]), threshold32(single / few))


def _rates(district: District, value: Mapping[str, float]) -> tuple[Int, Int]:
    """Return the weekly threshold (32 bit) of each ordinary source and whether it recurs, recurring ones first."""
    many, few, steady, single = rates_of(district, value)
    recurring = (np.arange(many + few) < many).astype(np.int64)
    return np.where(recurring == 1, steady, single).astype(np.int64), recurring


def _field_in(area: Int, words: Int) -> Int:
    """Return one of the fields of each service area, each as likely as the others, shape (j,)."""
    return np.asarray(IN_ORDER[BEGINS[area] + (words * SIZES[area] >> 32)], dtype=np.int64)


def _mode(recurring: Int, words: Int, value: Mapping[str, float]) -> Int:
    """Return the mode of delivery: what recurs is paired or daily, what does not concentrated, on a menu or daily."""
    share = by_share(words, [value["sources.concentrated"], value["sources.menu"]])
    once = np.array([DAILY, CONCENTRATED, MENU])[share]
    steady = np.where(words < threshold32(value["sources.paired"]), PAIRED, DAILY)
    return np.where(recurring == 1, steady, once)


def _risk(area: Int, words: Int, value: Mapping[str, float]) -> Int:
    """Return the tier of risk of each source, higher in emergency service, shape (j,)."""
    emergency = area == FIELDS.index("emergency")
    high = np.where(
        emergency, threshold32(value["sources.risk_high_emergency"]), threshold32(value["sources.risk_high"])
    )
    middle = high + threshold32(value["sources.risk_middle"])
    return np.where(words < high, 2, np.where(words < middle, 1, 0)).astype(np.int64)
