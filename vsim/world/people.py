"""People: who a resident is, created once from keys and never changed by a policy.

Residents of a district stand in a ring by where they live (quarter by quarter), so that the next on the ring is a
neighbour. Everything here is integer: tastes in 1/1024 logit, places in 10 m.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.exact import normal16, share16, threshold32, units
from vsim.rng import Stream, draw
from vsim.world.places import QUARTERS, District

FEMALE, STUDENT, PARTY, DEGREE = 1, 2, 4, 8
FIELDS = ("older_people", "children", "environment", "health", "culture", "civility", "emergency", "outreach")
AGE_GROUPS = ((14, 17), (18, 34), (35, 59), (60, 90))
CELLS = 16                    # sex x four age groups x Party membership: the cells of weekly aggregates

Int = NDArray[np.int64]


class People(NamedTuple):
    """Residents of one district; every array has shape (n,)."""

    ids: NDArray[np.uint32]   # unique in the region
    age: NDArray[np.uint8]    # years at the first week
    traits: NDArray[np.uint8]       # bits FEMALE, STUDENT, PARTY, DEGREE
    cell: NDArray[np.uint8]   # sex + 2 * age group + 8 * Party member
    quarter: NDArray[np.uint8]
    field: NDArray[np.uint8]  # preferred service field, index into FIELDS
    x: NDArray[np.int32]      # 10 m
    y: NDArray[np.int32]
    taste: NDArray[np.int32]  # 1/1024 logit, traits included
    trait: NDArray[np.int32]  # 1/1024 logit, the part that comes from sex, student, Party, degree
    intrinsic: NDArray[np.int32]    # rank of taste, 0 to 256
    keen: NDArray[np.int32]   # standardised taste, 1/1024
    frailty: NDArray[np.int32]      # 1/1024 log hazard, mean-one multiplier
    reliability: NDArray[np.int32]  # 1/1024 logit
    steered: NDArray[np.uint8]      # 1 when a threshold can move this person


def _below(words: NDArray[np.uint32], probability: float) -> NDArray[np.bool_]:
    return words.astype(np.int64) < threshold32(probability)


def ages(words: NDArray[np.uint32], value: Mapping[str, float]) -> Int:
    """Return ages in years, shape (n,), from the age profile of the cards."""
    shares = [value["people.age_14_17"], value["people.age_18_34"], value["people.age_35_59"]]
    if sum(shares) > 1:
        raise UsageError(f"people.age_14_17, age_18_34 and age_35_59 sum to {sum(shares):g}; allowed 1 at most. "
                         "Lower one of them.")
    edges = np.array([0, *np.cumsum([threshold32(s) for s in shares]), 1 << 32], dtype=np.int64)
    word = words.astype(np.int64)
    group = np.clip(np.searchsorted(edges, word, side="right") - 1, 0, 3)
    low = np.array([g[0] for g in AGE_GROUPS])[group]
    span = np.array([g[1] - g[0] + 1 for g in AGE_GROUPS])[group]
    inside = word - edges[group]
    return low + inside * span // np.maximum(edges[group + 1] - edges[group], 1)


def people_of(key: tuple[int, int], district: District, value: Mapping[str, float]) -> People:
    """Return the residents of a district.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    value : mapping of card key to number (cards `people.*`, `participation.*`, `retention.*`, `service.*`, `stars.*`)
    """
    n = district.residents
    ids = (district.first_id + np.arange(n)).astype(np.uint32)
    who = draw(key, Stream.PERSON, ids)
    more = draw(key, Stream.PERSON, ids, 0, 1)
    age = ages(who[0], value)
    female = _below(who[1], value["people.share_women"])
    school = np.where(age < 18, value["people.student_14_17"], np.where(age < 25, value["people.student_18_24"], 0.0))
    student = who[2].astype(np.int64) < np.round(school * 2.0**32).astype(np.int64)
    degree = (age >= 22) & np.where(
        age < 45, _below(who[3], value["people.degree_young"]), _below(who[3], value["people.degree_old"])
    )
    party = (age >= 18) & _below(more[0], value["people.party_member"])
    group = np.searchsorted([18, 35, 60], age, side="right")
    trait = (
        female * units(value["participation.women"]) + degree * units(value["participation.degree"])
        + party * units(value["participation.party_member"]) + student * units(value["participation.student"])
    )
    taste = draw(key, Stream.TASTE, ids)
    z = normal16(taste[0])
    spread = units(value["participation.taste_sd"]) * z >> 16
    sd = units(value["retention.exit_frailty"])
    quarter = np.arange(n) * QUARTERS // max(n, 1)
    home = draw(key, Stream.HOME, ids)
    half = district.side // 2
    return People(
        ids=ids, age=age.astype(np.uint8),
        traits=(female * FEMALE + student * STUDENT + party * PARTY + degree * DEGREE).astype(np.uint8),
        cell=(female + 2 * group + 8 * party).astype(np.uint8),
        quarter=quarter.astype(np.uint8), field=(more[1] >> np.uint32(29)).astype(np.uint8),
        x=((quarter % 2) * half + (home[0].astype(np.int64) * half >> 32)).astype(np.int32),
        y=((quarter // 2) * half + (home[1].astype(np.int64) * half >> 32)).astype(np.int32),
        taste=(units(value["participation.taste_mean"]) + spread + trait).astype(np.int32),
        trait=trait.astype(np.int32), intrinsic=(taste[0] >> np.uint32(24)).astype(np.int32),
        keen=(z >> 6).astype(np.int32),
        frailty=((sd * normal16(taste[1]) >> 16) - (sd * sd >> 11)).astype(np.int32),
        reliability=(units(value["service.show_reliability"]) * normal16(taste[2]) >> 16).astype(np.int32),
        steered=((taste[3] >> np.uint32(16)).astype(np.int64) < share16(value["stars.steered"])).astype(np.uint8),
    )
