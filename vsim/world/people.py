"""People: who a resident is, created once from keys and never changed by a policy.

Residents of a district stand in a ring by where they live (quarter by quarter, community by community, household by
household), so that the next on the ring is a neighbour. Everything here is integer: tastes in 1/1024 logit, places
in 10 m.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.exact import normal16, share16, threshold32, units
from vsim.rng import Stream, draw
from vsim.spec.groups import bit
from vsim.world.communities import Communities, community_of_homes, household_starts, inside_of
from vsim.world.places import District
from vsim.world.work import Work, work_of

FEMALE, STUDENT, PARTY, DEGREE = 1, 2, 4, 8
FIELDS = ("older_people", "children", "environment", "health", "culture", "civility", "emergency", "outreach")
AGE_GROUPS = ((14, 17), (18, 34), (35, 59), (60, 90))
PUPILS, YOUNG, MIDDLE, OLD = range(4)      # the age groups
ADULT, GRADUATE, STUDENT_AGE, MATURE = 18, 22, 25, 45       # years: of age; degrees from; students below; older cohorts
EDUCATION = ("lower_secondary", "upper_secondary", "degree", "postgraduate")
LOWER, UPPER, COLLEGE, POSTGRADUATE = range(4)              # indices into EDUCATION
CELLS = 16                    # sex x four age groups x Party membership: the cells of weekly aggregates

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]


class People(NamedTuple):
    """Residents of one district; every array has shape (n,)."""

    ids: NDArray[np.uint32]   # unique in the region
    age: NDArray[np.uint8]    # years at the first week
    traits: NDArray[np.uint8]       # bits FEMALE, STUDENT, PARTY, DEGREE
    cell: NDArray[np.uint8]   # sex + 2 * age group + 8 * Party member
    quarter: NDArray[np.uint8]
    field: NDArray[np.uint8]  # preferred service field, index into FIELDS
    x: NDArray[np.int16]      # 10 m
    y: NDArray[np.int16]
    taste: NDArray[np.int32]  # 1/1024 logit, traits included
    trait: NDArray[np.int32]  # 1/1024 logit, the part that comes from sex, age, student, Party, degree, children
    intrinsic: NDArray[np.int16]    # rank of taste, 0 to 256
    keen: NDArray[np.int16]   # standardised taste, 1/1024
    frailty: NDArray[np.int32]      # 1/1024 log hazard, mean-one multiplier
    reliability: NDArray[np.int32]  # 1/1024 logit
    steered: NDArray[np.uint8]      # 1 when a threshold can move this person
    community: NDArray[np.uint8]    # position among the communities of the district
    education: NDArray[np.uint8]    # index into EDUCATION
    groups: NDArray[np.uint16]      # bits of vsim.spec.groups
    skill: NDArray[np.uint8]  # 0 none, else 1 to 9, index into work.SKILLS
    credential: NDArray[np.uint8]   # 0 none, 1 valid, 2 expired, 3 pending
    household: NDArray[np.int32]    # number of the household along the ring
    employer: NDArray[np.uint8]     # 0 none, else the number of the employer in the district


def _below(words: NDArray[np.uint32], probability: float) -> Bool:
    return np.asarray(words.astype(np.int64) < threshold32(probability), dtype=np.bool_)


def _leaning(words: NDArray[np.uint32], probability: float, lean: Int) -> Bool:
    """Return who falls below a probability that leans by `lean` (1/65536 of it, 0 none)."""
    chance = threshold32(probability) * (65536 + lean) >> 16
    return np.asarray(words.astype(np.int64) < chance, dtype=np.bool_)


def age_edges(value: Mapping[str, float], lean: Int) -> Int:
    """Return the 32-bit edges of the four age groups under each leaning, shape (k, 5).

    A leaning adds to the oldest group what it takes from the two youngest, so leanings with mean zero leave the mean
    share of every group as it is on its card.
    """
    shares = [value["people.age_14_17"], value["people.age_18_34"], value["people.age_35_59"]]
    if sum(shares) > 1:
        raise UsageError(f"people.age_14_17, age_18_34 and age_35_59 sum to {sum(shares):g}; allowed 1 at most. "
                         "Lower one of them.")
    edges = np.array([0, *np.cumsum([threshold32(s) for s in shares]), 1 << 32], dtype=np.int64)
    young, old = int(edges[2]), int(edges[4] - edges[3])
    moved = np.clip(np.minimum(young, old) * lean >> 16, -old, young)
    out = np.tile(edges, (lean.size, 1))
    if young:
        out[:, 1] -= (moved >> 16) * edges[1] // max(young >> 16, 1)
    out[:, 2] -= moved
    out[:, 3] -= moved
    out[:, 1] = np.minimum(out[:, 1], out[:, 2])
    return out


def ages(words: NDArray[np.uint32], value: Mapping[str, float], lean: Int | None = None) -> Int:
    """Return ages in years, shape (n,), from the age profile of the cards and a leaning for each person."""
    leans, which = np.unique(np.zeros(1, dtype=np.int64) if lean is None else lean, return_inverse=True)
    edges = age_edges(value, leans)[which if lean is not None else np.zeros(words.size, dtype=np.int64)]
    word = words.astype(np.int64)
    group = np.clip((word[:, None] >= edges).sum(axis=1) - 1, 0, 3)
    low = np.array([g[0] for g in AGE_GROUPS])[group]
    span = np.array([g[1] - g[0] + 1 for g in AGE_GROUPS])[group]
    here = np.arange(word.size)
    start, end = edges[here, group], edges[here, group + 1]
    return np.asarray(low + (word - start) * span // np.maximum(end - start, 1), dtype=np.int64)


def people_of(
    key: tuple[int, int], district: District, communities: Communities, value: Mapping[str, float]
) -> People:
    """Return the residents of a district.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    communities : Communities of the district
    value : mapping of card key to number (cards `people.*`, `work.*`, `participation.*`, `retention.*`, `service.*`,
        `stars.*`)
    """
    n = district.residents
    ids = (district.first_id + np.arange(n)).astype(np.uint32)
    who = draw(key, Stream.PERSON, ids)
    more = draw(key, Stream.PERSON, ids, 0, 1)
    home = draw(key, Stream.HOME, ids)
    where = community_of_homes(n, communities.x.size)
    age = ages(who[0], value, communities.older[where])
    female = _below(who[1], value["people.share_women"])
    student = ((age < 18) & _below(who[2], value["people.student_14_17"])) | (
        (age >= 18) & (age < 25) & _leaning(who[2], value["people.student_18_24"], communities.student[where])
    )
    starts = household_starts(key, district, where, value)
    first = np.maximum.accumulate(np.where(starts, np.arange(n), 0))
    model = np.where(_below(home[2], value["communities.household_alike"]), first, np.arange(n))
    lean, school = communities.education[where], who[3][model]
    degree = (age >= 22) & np.where(
        age < 45, _leaning(school, value["people.degree_young"], lean),
        _leaning(school, value["people.degree_old"], lean),
    )
    party = (age >= 18) & _leaning(more[0], value["people.party_member"], communities.party[where])
    parent = _below(more[2], value["people.parent_18_34"]) & (age >= 18) & (age < 35) | (
        _below(more[2], value["people.parent_35_59"]) & (age >= 35) & (age < 60)
    )
    group = np.searchsorted([18, 35, 60], age, side="right")
    work = work_of(key, district, age, female, student, value)
    trait = traits_of(group, female, degree, party, student, parent, value)
    taste = draw(key, Stream.TASTE, ids)
    z = normal16(taste[0])
    sd = units(value["retention.exit_frailty"])
    x, y = inside_of(communities, where, (home[0].astype(np.int64), home[1].astype(np.int64)))
    return People(
        ids=ids, age=age.astype(np.uint8),
        traits=(female * FEMALE + student * STUDENT + party * PARTY + degree * DEGREE).astype(np.uint8),
        cell=(female + 2 * group + 8 * party).astype(np.uint8),
        quarter=communities.quarter[where].astype(np.uint8), field=(more[1] >> np.uint32(29)).astype(np.uint8),
        x=x.astype(np.int16), y=y.astype(np.int16),
        taste=(units(value["participation.taste_mean"]) + trait
               + (units(value["participation.taste_sd"]) * z >> 16)).astype(np.int32),
        trait=trait.astype(np.int32), intrinsic=(taste[0] >> np.uint32(24)).astype(np.int16),
        keen=(z >> 6).astype(np.int16),
        frailty=((sd * normal16(taste[1]) >> 16) - (sd * sd >> 11)).astype(np.int32),
        reliability=(units(value["service.show_reliability"]) * normal16(taste[2]) >> 16).astype(np.int32),
        steered=((taste[3] >> np.uint32(16)).astype(np.int64) < share16(value["stars.steered"])).astype(np.uint8),
        community=where.astype(np.uint8), education=schooling(age, degree, more[3][model], value).astype(np.uint8),
        groups=groups_of(group, female, student, party, degree, parent, communities.new_housing[where] == 1, work),
        skill=work.skill.astype(np.uint8), credential=work.credential.astype(np.uint8),
        household=(np.cumsum(starts) - 1).astype(np.int32),
        employer=work.employer.astype(np.uint8),
    )


def traits_of(
    group: Int, female: Bool, degree: Bool, party: Bool, student: Bool, parent: Bool, value: Mapping[str, float]
) -> Int:
    """Return the part of taste that comes from who a person is, shape (n,), 1/1024 logit."""
    by_age = np.array([0, *(units(value[f"people.taste_age_{name}"]) for name in ("18_34", "35_59", "60"))])
    return np.asarray(
        female * units(value["participation.women"]) + degree * units(value["participation.degree"])
        + party * units(value["participation.party_member"]) + student * units(value["participation.student"])
        + parent * units(value["people.parent_taste"]) + by_age[group], dtype=np.int64,
    )


def schooling(age: Int, degree: Bool, words: NDArray[np.uint32], value: Mapping[str, float]) -> Int:
    """Return the highest school finished, shape (n,), index into EDUCATION."""
    without = (_below(words, value["people.upper_secondary"]) & (age >= 18)).astype(np.int64)
    return np.where(degree, 2 + _below(words, value["people.postgraduate"]), without)


def groups_of(
    group: Int, female: Bool, student: Bool, party: Bool, degree: Bool, parent: Bool, new_housing: Bool, work: Work
) -> NDArray[np.uint16]:
    """Return the groups of each resident as bits, shape (n,)."""
    member = {
        "women": female, "men": ~female, "age_14_17": group == 0, "age_18_34": group == 1, "age_35_59": group == 2,
        "age_60": group == 3, "students": student, "workers": work.worker, "new_employment": work.new_employment,
        "party_members": party, "veterans": work.veteran, "degree": degree, "skilled": work.skill > 0,
        "credentialed": work.credential == 1, "new_housing": new_housing, "parents": parent,
    }
    out = np.zeros(group.size, dtype=np.uint16)
    for name, belongs in member.items():
        out |= np.where(belongs, bit(name), 0).astype(np.uint16)
    return out
