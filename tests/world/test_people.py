"""People: shares as on the cards, within sampling error, and a person who is the same under every policy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.engine_worlds import world_of, z_score
from vsim.exact import share16
from vsim.rng import stream_key
from vsim.spec.cards import values
from vsim.world.city import districts_of
from vsim.world.people import (
    AGE_GROUPS,
    CELLS,
    DEGREE,
    FEMALE,
    FIELDS,
    PARTY,
    STUDENT,
    People,
    ages,
    people_of,
)

VALUE = values()
KEY = stream_key(1)
WORLD = world_of(20_000, 1, 0.5)


@cache
def many() -> People:
    return people_of(KEY, districts_of(WORLD, VALUE)[0], VALUE)


def has(trait: int) -> np.ndarray:
    return (many().traits & trait) > 0


def share_is(hits: np.ndarray, stated: float) -> None:
    n = hits.size
    assert abs(z_score(hits.sum(), n * stated, n * stated * (1 - stated))) < 4


def test_ids_are_dense_and_a_person_is_the_same_in_a_smaller_crowd() -> None:
    people = many()
    assert np.array_equal(people.ids, np.arange(people.ids.size))
    district = districts_of(WORLD, VALUE)[0]
    from dataclasses import replace

    few = people_of(KEY, replace(district, residents=100), VALUE)
    for name in ("ids", "age", "traits", "cell", "field", "taste", "frailty", "reliability", "steered", "intrinsic"):
        assert np.array_equal(getattr(few, name), getattr(people, name)[:100]), name


def test_age_groups_have_their_shares_and_ages_are_even_inside() -> None:
    age = many().age
    shares = (0.06, 0.27, 0.45, 0.22)
    for (low, high), stated in zip(AGE_GROUPS, shares, strict=True):
        inside = (age >= low) & (age <= high)
        share_is(inside, stated)
        assert age[inside].mean() == pytest.approx((low + high) / 2, abs=0.5)
    assert (age.min(), age.max()) == (14, 90)


def test_sex_party_degree_and_school_have_their_shares_at_their_ages() -> None:
    age = many().age
    share_is(has(FEMALE), VALUE["people.share_women"])
    adult = age >= 18
    assert not has(PARTY)[~adult].any()
    share_is(has(PARTY)[adult], VALUE["people.party_member"])
    assert not has(DEGREE)[age < 22].any()
    share_is(has(DEGREE)[(age >= 22) & (age < 45)], VALUE["people.degree_young"])
    share_is(has(DEGREE)[age >= 45], VALUE["people.degree_old"])
    share_is(has(STUDENT)[age < 18], VALUE["people.student_14_17"])
    share_is(has(STUDENT)[(age >= 18) & (age < 25)], VALUE["people.student_18_24"])
    assert not has(STUDENT)[age >= 25].any()


def test_the_cell_tells_sex_age_group_and_party() -> None:
    people = many()
    group = np.digitize(people.age, [18, 35, 60])
    assert np.array_equal(people.cell, has(FEMALE) + 2 * group + 8 * has(PARTY))
    assert people.cell.max() < CELLS


def test_taste_is_normal_around_its_mean_and_the_traits() -> None:
    people = many()
    own = (people.taste - people.trait) / 1024 - VALUE["participation.taste_mean"]
    assert own.mean() == pytest.approx(0, abs=4 * 1.2 / people.ids.size**0.5)
    assert own.std() == pytest.approx(VALUE["participation.taste_sd"], rel=0.03)
    stated = (has(FEMALE) * VALUE["participation.women"] + has(DEGREE) * VALUE["participation.degree"]
              + has(PARTY) * VALUE["participation.party_member"] + has(STUDENT) * VALUE["participation.student"])
    assert people.trait / 1024 == pytest.approx(stated, abs=3e-3)


def test_the_rank_of_taste_and_the_standardised_taste_agree_with_taste() -> None:
    people = many()
    own = people.taste - people.trait
    assert people.keen.mean() == pytest.approx(0, abs=40)
    assert people.keen.std() == pytest.approx(1024, rel=0.03)
    order = np.lexsort((people.intrinsic, people.keen, own))
    assert (np.diff(people.keen[order]) >= 0).all()
    assert (np.diff(people.intrinsic[order]) >= 0).all()
    assert people.intrinsic.min() >= 0
    assert people.intrinsic.max() <= 256
    share_is(people.intrinsic < 64, 0.25)


def test_frailty_reliability_fields_and_steering_have_their_distributions() -> None:
    people = many()
    assert (np.exp(people.frailty / 1024)).mean() == pytest.approx(1, abs=0.05)
    assert people.frailty.std() / 1024 == pytest.approx(VALUE["retention.exit_frailty"], rel=0.03)
    assert people.reliability.std() / 1024 == pytest.approx(VALUE["service.show_reliability"], rel=0.03)
    for field in range(len(FIELDS)):
        share_is(people.field == field, 1 / 8)
    share_is(people.steered == 1, share16(VALUE["stars.steered"]) / 65536)


def test_people_live_in_their_quarter_and_neighbours_stand_side_by_side() -> None:
    people, district = many(), districts_of(WORLD, VALUE)[0]
    half = district.side // 2
    assert np.array_equal(people.x >= half, people.quarter % 2 == 1)
    assert np.array_equal(people.y >= half, people.quarter // 2 == 1)
    assert people.x.min() >= 0
    assert people.y.max() < district.side
    assert (np.diff(people.quarter.astype(int)) >= 0).all()
    assert np.ptp(np.bincount(people.quarter)) <= 1


def test_traits_of_a_person_are_independent_draws() -> None:
    people = many()
    columns = [has(FEMALE), people.field == 3, people.steered, people.keen, people.frailty, people.reliability,
               people.x % 100]
    found = np.corrcoef(np.array(columns, dtype=float)) - np.eye(len(columns))
    assert np.abs(found).max() < 4.5 / people.ids.size**0.5


def test_ages_follow_a_profile_with_an_empty_group() -> None:
    words = np.random.default_rng(1).integers(0, 2**32, 5000, dtype=np.uint32)
    age = ages(words, {**VALUE, "people.age_14_17": 0.0, "people.age_18_34": 1.0, "people.age_35_59": 0.0})
    assert (age.min(), age.max()) == (18, 34)
