"""Work and skill: who works and for whom, who has served in the forces, who can do what, and who has papers for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vsim.exact import exp32, normal16, threshold32, units
from vsim.rng import Stream, draw
from vsim.world.drawing import Draw
from vsim.world.places import District

SKILLS = (
    "none", "culture_arts", "science_technology", "public_safety", "emergency", "disability_support", "health", "law",
    "sports", "ecology",
)
CREDENTIALS = ("none", "valid", "expired", "pending")
EMPLOYER = 4                  # number of the draws of employers among those of places
MOST_EMPLOYERS = 255
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]


class Work(NamedTuple):
    """What the residents of a district do and can do; arrays of shape (n,)."""

    worker: Bool
    new_employment: Bool      # in new forms of employment, such as delivery by platform
    employer: Int             # 0 none, else the number of the employer in the district
    veteran: Bool
    skill: Int                # index into SKILLS
    credential: Int           # index into CREDENTIALS


def work_of(
    key: tuple[int, int], district: District, age: Int, female: Bool, student: Bool, value: Mapping[str, float]
) -> Work:
    """Return work and skills of the residents of a district.

    Parameters
    ----------
    key : Philox key of the world
    district : District
    age, female, student : arrays of shape (n,)
    value : mapping of card key to number (cards `work.*`)
    """
    ids = district.first_id + np.arange(district.residents)
    words = [word.astype(np.int64) for word in draw(key, Stream.PERSON, ids, 0, 2)]
    more = [word.astype(np.int64) for word in draw(key, Stream.PERSON, ids, 0, 3)]
    adult = age >= 18
    chance = np.where(age < 60, threshold32(value["work.worker_18_59"]), threshold32(value["work.worker_60"]))
    worker = adult & ~student & (words[0] < chance)
    modern = worker & (age < 60) & (words[1] < threshold32(value["work.new_employment"]))
    served = np.where(female, threshold32(value["work.veteran_women"]), threshold32(value["work.veteran_men"]))
    skill = np.where(adult, by_share(words[3], [value[f"work.skill_{name}"] for name in SKILLS[1:]]), 0)
    papers = by_share(more[1], [value[f"work.credential_{name}"] for name in CREDENTIALS[1:]])
    return Work(
        worker=worker, new_employment=modern,
        employer=np.where(worker & ~modern, employers_of(key, district, more[0], value), 0),
        veteran=adult & (words[2] < served), skill=skill, credential=np.where(skill > 0, papers, 0),
    )


def by_share(words: Int, shares: list[float]) -> Int:
    """Return for each 32-bit word the number (from 1) of the share that it falls into, or 0 for the rest."""
    edges = np.cumsum([threshold32(share) for share in shares])
    index = np.searchsorted(edges, words, side="right") + 1
    return np.where(index > len(shares), 0, index).astype(np.int64)


def in_proportion(words: Int, weights: Int) -> Int:
    """Return for each 32-bit word the position that it picks in proportion to the weights, whose sum is below 2**46."""
    totals = np.cumsum(weights)
    total = int(totals[-1])
    target = ((words >> 16) * total + ((words & 0xFFFF) * total >> 16)) >> 16      # words * total >> 32, in 63 bits
    return np.asarray(np.searchsorted(totals, target, side="right"), dtype=np.int64)


def employers_of(key: tuple[int, int], district: District, words: Int, value: Mapping[str, float]) -> Int:
    """Return the employer of each worker, 1 on, in proportion to sizes that are lognormal with a long tail."""
    return in_proportion(words, employer_weights(key, district, value)) + 1


def employer_weights(
    key: tuple[int, int], district: District, value: Mapping[str, float], draw: Draw = draw
) -> Int:
    """Return the sizes of the employers of a district, shape (k,), 1024 at the median."""
    count = min(MOST_EMPLOYERS, max(1, round(district.residents * value["work.employers_per_thousand"] / 1000)))
    size = draw(key, Stream.PLACE, district.index, EMPLOYER, np.arange(count))[0]
    return np.maximum(exp32(units(value["work.employer_log_sd"]) * normal16(size) >> 16) >> 22, 1)
