"""Cards for making people: chances as 32-bit thresholds, and tables by kind of resident, as the kernels read them.

The plain form reads the same cards in `vsim.world.people`, `vsim.world.work` and `vsim.world.state`; a test holds
every resident equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import share16, tables, threshold32, units
from vsim.spec.groups import bit
from vsim.world.communities import Communities, first_homes
from vsim.world.people import AGE_GROUPS, DEGREE, FEMALE, PARTY, STUDENT, People, age_edges, traits_of
from vsim.world.work import CREDENTIALS, SKILLS

Int = NDArray[np.int64]
KINDS = 128                   # age group, sex, student, Party, degree, children: two bits and five of one
CELLS = 4096                  # of the table that finds an employer: by the twelve leading bits of a word


class Cards(NamedTuple):
    """Chances (32 bit) and scales (1/1024) that are the same for every resident."""

    women: int
    pupils: int
    parent_young: int
    parent_old: int
    opens: int                # a new household
    alike: int
    upper: int
    postgraduate: int
    worker: int
    worker_old: int
    modern: int
    veteran_women: int
    veteran_men: int
    taste_mean: int
    taste_sd: int
    frailty: int
    frailty_mean: int
    reliability: int
    steered: int              # 16 bit
    activation: int
    lapsed: int
    history_weeks: int


class Profile(NamedTuple):
    """The age groups, arrays of shape (4,)."""

    low: Int
    span: Int


class Places(NamedTuple):
    """What leans with a community, arrays of shape (c,) but for two."""

    begin: Int                # (c + 1,) first home on the ring
    edges: Int                # (c, 5) of the age groups, 32 bit
    students: Int             # 32 bit
    young: Int
    old: Int
    members: Int
    quarter: Int
    new_housing: Int
    west: Int                 # 10 m
    south: Int
    width: Int
    height: Int


class Shares(NamedTuple):
    """Upper edges of shares among 32-bit words."""

    skill: Int                # (9,)
    credential: Int           # (3,)
    employer: Int             # (k,)
    guide: NDArray[np.uint8]  # (4096,) employer of the first word with these leading bits


class Kinds(NamedTuple):
    """What follows from the kind of a resident, arrays of shape (128,)."""

    trait: NDArray[np.int32]
    join_trait: NDArray[np.int32]
    traits: NDArray[np.uint8]
    cell: NDArray[np.uint8]
    groups: NDArray[np.uint16]
    leaning: Int              # to be on the register before the run, 1/1024


PROFILE = Profile(
    np.array([first for first, _ in AGE_GROUPS], dtype=np.int64),
    np.array([last - first + 1 for first, last in AGE_GROUPS], dtype=np.int64),
)
PERSON = {
    "ids": np.uint32, "age": np.uint8, "traits": np.uint8, "cell": np.uint8, "quarter": np.uint8, "field": np.uint8,
    "x": np.int16, "y": np.int16, "taste": np.int32, "trait": np.int32, "intrinsic": np.int16, "keen": np.int16,
    "frailty": np.int32, "reliability": np.int32, "steered": np.uint8, "community": np.uint8, "education": np.uint8,
    "groups": np.uint16, "skill": np.uint8, "credential": np.uint8, "household": np.int32, "employer": np.uint8,
}


def settle_cards(value: Mapping[str, float]) -> Cards:
    """Return the chances and scales of residents from the values of the cards."""
    sd = units(value["retention.exit_frailty"])
    return Cards(
        women=threshold32(value["people.share_women"]), pupils=threshold32(value["people.student_14_17"]),
        parent_young=threshold32(value["people.parent_18_34"]), parent_old=threshold32(value["people.parent_35_59"]),
        opens=threshold32(1 / value["communities.household_size"]),
        alike=threshold32(value["communities.household_alike"]), upper=threshold32(value["people.upper_secondary"]),
        postgraduate=threshold32(value["people.postgraduate"]), worker=threshold32(value["work.worker_18_59"]),
        worker_old=threshold32(value["work.worker_60"]), modern=threshold32(value["work.new_employment"]),
        veteran_women=threshold32(value["work.veteran_women"]), veteran_men=threshold32(value["work.veteran_men"]),
        taste_mean=units(value["participation.taste_mean"]), taste_sd=units(value["participation.taste_sd"]),
        frailty=sd, frailty_mean=sd * sd >> 11, reliability=units(value["service.show_reliability"]),
        steered=share16(value["stars.steered"]), activation=threshold32(value["registration.activation"]),
        lapsed=threshold32(value["registration.history_lapsed"]),
        history_weeks=int(value["registration.history_weeks"]),
    )


def settle_kinds(value: Mapping[str, float]) -> Kinds:
    """Return what follows from the kind of a resident."""
    kind = np.arange(KINDS, dtype=np.int64)
    group = kind & 3
    female, student, party, degree, parent = ((kind >> place & 1) == 1 for place in range(2, 7))
    trait = traits_of(group, female, degree, party, student, parent, value)
    member = {
        "women": female, "men": ~female, "age_14_17": group == 0, "age_18_34": group == 1, "age_35_59": group == 2,
        "age_60": group == 3, "students": student, "party_members": party, "degree": degree, "parents": parent,
    }
    groups = sum((np.where(belongs, bit(name), 0) for name, belongs in member.items()), np.zeros_like(kind))
    return Kinds(
        trait=trait.astype(np.int32),
        join_trait=(trait * units(value["registration.trait_weight"]) // 1024).astype(np.int32),
        traits=(female * FEMALE + student * STUDENT + party * PARTY + degree * DEGREE).astype(np.uint8),
        cell=(female + 2 * group + 8 * party).astype(np.uint8), groups=groups.astype(np.uint16),
        leaning=trait * share16(value["registration.trait_weight"]) >> 16,
    )


def settle_places(residents: int, communities: Communities, value: Mapping[str, float]) -> Places:
    """Return what leans with each community."""
    def leaning(card: str, lean: Int) -> Int:
        return threshold32(value[card]) * (65536 + lean) >> 16

    return Places(
        begin=first_homes(residents, communities.x.size), edges=age_edges(value, communities.older),
        students=leaning("people.student_18_24", communities.student),
        young=leaning("people.degree_young", communities.education),
        old=leaning("people.degree_old", communities.education),
        members=leaning("people.party_member", communities.party), quarter=communities.quarter,
        new_housing=communities.new_housing, west=communities.x - communities.width // 2,
        south=communities.y - communities.height // 2, width=communities.width, height=communities.height,
    )


def settle_shares(weights: Int, skill: Int, credential: Int) -> Shares:
    """Return the edges of skills, credentials and employers among words; those of the former two are given.

    `weights` are those of the employers, shape (k,), k at most 255. A word picks the first employer whose total is
    above `word * all >> 32`, which is to say: whose edge, `total * 2**32 / all` rounded up, is above the word.
    """
    totals = np.cumsum(weights)
    edges = -(-(totals << 32) // totals[-1])                  # weights are below 2**22, their sum below 2**30
    first = np.bincount(-(-edges // (1 << 20)), minlength=CELLS + 1)[:CELLS]
    return Shares(skill=skill, credential=credential, employer=edges, guide=np.cumsum(first).astype(np.uint8))


def settle_skills(value: Mapping[str, float]) -> tuple[Int, Int]:
    """Return the edges of skills and of credentials among words."""
    return (upper_edges([value[f"work.skill_{name}"] for name in SKILLS[1:]]),
            upper_edges([value[f"work.credential_{name}"] for name in CREDENTIALS[1:]]))


def upper_edges(shares: list[float]) -> Int:
    """Return the upper edges of shares among 32-bit words, as `work.by_share` has them."""
    return np.cumsum([threshold32(share) for share in shares], dtype=np.int64)


@cache
def normal() -> NDArray[np.int32]:
    """Return the table of the standard normal in half the room, shape (4096,), 16 bit."""
    return tables().normal.astype(np.int32)


def empty_people(residents: int) -> People:
    """Return room for the residents of a district."""
    return People(**{name: np.empty(residents, dtype=kind) for name, kind in PERSON.items()})
