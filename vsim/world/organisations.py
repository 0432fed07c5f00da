"""Organisations: who posts tasks, how large and how good they are, in which legal form and with what means.

Those that exist before the run come first in the arrays; behind them stand latent ones, small teams that a policy
may bring into being. The sources of need that they serve are made in `vsim.world.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, normal16, share16, threshold32, units
from vsim.rng import Stream, draw
from vsim.world.places import District
from vsim.world.stations import Stations, opened
from vsim.world.work import by_share

LEGAL_FORMS = (
    "association", "institution", "foundation", "filed", "unregistered", "party_or_state_unit", "school", "firm",
)
REGISTERED = (0, 1, 2)        # forms entered in the register of civil affairs
TEAMS = (3, 4)                # forms without paid staff
GOVERNANCE = (
    "charter", "board", "members_meeting", "finance_rule", "volunteer_rule", "agreement", "complaint_channel",
    "disclosure", "insurance", "audit",
)
LATENT, MEANS = 3, 4          # numbers of the draws of latent organisations and of form, governance and means
MEDIAN = 1024                 # weight of the median organisation
Int = NDArray[np.int64]


class Organisations(NamedTuple):
    """Organisations of one district, latent ones last; arrays of shape (k,)."""

    weight: Int               # relative size, 1024 at the median
    quality: Int              # 0 to 65536
    field: Int                # main service field
    form: Int                 # index into LEGAL_FORMS
    governance: Int           # bits of GOVERNANCE, charter lowest
    federated: Int            # 0 or 1: member of the federation of the district
    platform: Int             # 0 to 2: the platform on which it posts
    leaders: Int              # team leaders
    coordinators: Int         # paid, 1/10 full-time equivalent
    cash: Int                 # fen
    latent: Int               # 1 not founded before the run
    host: Int                 # position of the station that hosts it, or -1


class Sources(NamedTuple):
    """Sources of need of one district, those of latent organisations last; arrays of shape (j,)."""

    ids: NDArray[np.uint32]   # unique in the region
    station: Int              # position among the stations of the district, open before the run
    organisation: Int         # position among the organisations of the district
    field: Int                # service area of field25
    quarter: Int              # of the station
    x: Int                    # of the station, 10 m
    y: Int
    rate: Int                 # 32-bit threshold of a weekly task before season
    recurring: Int            # 0 or 1
    quality: Int              # of the organisation
    need_x: Int               # where the people served live, 10 m
    need_y: Int
    field25: Int              # index into vsim.world.sources.SERVICE_FIELDS
    mode: Int                 # 0 concentrated, 1 daily, 2 paired, 3 menu
    risk: Int                 # 0 low, 1 middle, 2 high
    skill: Int                # 0 none, else the skill group needed, index into vsim.world.work.SKILLS
    beneficiary: Int          # index into vsim.world.sources.BENEFICIARIES


def organisations_of(
    key: tuple[int, int], district: District, stations: Stations, value: Mapping[str, float]
) -> Organisations:
    """Return the organisations of a district: sizes lognormal with a long tail, quality about its mean.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    stations : Stations of the district, those open before the run being hosts
    value : mapping of card key to number (cards `organisations.*`)
    """
    alive, to_come = numbers_of(district, value)
    entity = district.index * 65536 + np.concatenate([np.arange(alive), np.arange(to_come)])
    latent = np.repeat([0, 1], [alive, to_come])
    words = draw(key, Stream.ORGANISATION, entity, latent * LATENT)
    logs = np.where(
        latent == 0, units(value["organisations.size_log_sd"]) * normal16(words[0]) >> 16,
        units(value["organisations.latent_size"]) + (units(value["organisations.latent_log_sd"]) * normal16(words[0])
                                                     >> 16),
    )
    quality = share16(value["organisations.quality_mean"]) + (
        share16(value["organisations.quality_sd"]) * normal16(words[1]) >> 16
    )
    quality = np.clip(quality, 0, 65536)
    means = [w.astype(np.int64) for w in draw(key, Stream.ORGANISATION, entity, MEANS + latent)]
    form = _forms(means[0], latent, value)
    weight = np.maximum(exp32(logs) >> 22, 1)
    leaders = _leaders(weight, value)
    return Organisations(
        weight=weight, quality=quality, field=(words[2] >> np.uint32(29)).astype(np.int64), form=form,
        governance=_governance(key, entity, latent, quality, form, value),
        federated=(means[1] < threshold32(value["organisations.federated"])).astype(np.int64) * (1 - latent),
        platform=by_share(means[2], [value["organisations.platform_b"], value["organisations.platform_c"]]),
        leaders=leaders, coordinators=_coordinators(leaders, form, value), cash=_cash(leaders, form, value),
        latent=latent, host=_hosts(means[3], stations, value),
    )


def numbers_of(district: District, value: Mapping[str, float]) -> tuple[int, int]:
    """Return the organisations that exist before the run, and the latent ones."""
    alive = max(2, round(district.residents * value["organisations.per_thousand"] / 1000))
    return alive, round(district.residents * value["organisations.latent_per_thousand"] / 1000)


def _forms(words: Int, latent: Int, value: Mapping[str, float]) -> Int:
    """Return the legal form of each, shape (k,); what is to come begins unregistered."""
    other = [name for name in LEGAL_FORMS if name != "unregistered"]
    share = by_share(words, [value[f"organisations.form_{name}"] for name in other])
    index = np.array([LEGAL_FORMS.index(name) for name in ("unregistered", *other)])
    return np.where(latent == 1, LEGAL_FORMS.index("unregistered"), index[share])


def _governance(
    key: tuple[int, int], entity: Int, latent: Int, quality: Int, form: Int, value: Mapping[str, float]
) -> Int:
    """Return which items of governance each has, shape (k,), ten bits; the chance of each rises with quality."""
    above = quality - share16(value["organisations.quality_mean"])
    slope = share16(value["organisations.governance_slope"])
    chance = (
        share16(value["organisations.governance_mean"]) + (slope * above >> 16)
        + np.isin(form, REGISTERED) * share16(value["organisations.governance_registered"])
    )
    out = np.zeros(entity.size, dtype=np.int64)
    for call in range(3):
        words = draw(key, Stream.ORGANISATION, entity, MEANS + latent, 1 + call)
        for place, word in enumerate(words):
            item = 4 * call + place
            if item < len(GOVERNANCE):
                out |= ((word >> np.uint32(16)).astype(np.int64) < chance).astype(np.int64) << item
    return out


def _leaders(weight: Int, value: Mapping[str, float]) -> Int:
    """Return team leaders, shape (k,): as on the card at the median, growing with the square root of size."""
    square = share16(value["organisations.leaders_median"]) ** 2 >> 16
    return np.maximum(1, np.floor(np.sqrt((square * weight >> 16) // MEDIAN)).astype(np.int64))


def _coordinators(leaders: Int, form: Int, value: Mapping[str, float]) -> Int:
    """Return paid coordinators in tenths of a post, shape (k,); teams have none."""
    tenths = leaders * share16(value["organisations.coordinators"]) * 10 >> 16
    return np.where(np.isin(form, TEAMS), 0, tenths)


def _cash(leaders: Int, form: Int, value: Mapping[str, float]) -> Int:
    """Return cash at the start, fen, shape (k,): so much for each leader by form."""
    return leaders * cash_by_form(value)[form]


def cash_by_form(value: Mapping[str, float]) -> Int:
    """Return cash for each leader, fen, shape (8,), by legal form."""
    yuan = np.array([
        value["organisations.cash_registered"], value["organisations.cash_registered"],
        value["organisations.cash_foundation"], value["organisations.cash_team"], value["organisations.cash_team"],
        value["organisations.cash_unit"], value["organisations.cash_unit"], value["organisations.cash_unit"],
    ])
    return np.round(yuan * 100).astype(np.int64)


def _hosts(words: Int, stations: Stations, value: Mapping[str, float]) -> Int:
    """Return the open station that hosts each organisation, or -1, shape (k,)."""
    places = opened(stations)
    return np.where(
        (words >> 16) < share16(value["organisations.hosted"]), places[(words & 0xFFFF) * places.size >> 16], -1
    )
