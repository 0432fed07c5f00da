"""People: shares as on the cards, within sampling error, and a person who is the same under every policy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import KEY, crowd, land, share_is, town, value_of
from vsim.exact import share16
from vsim.spec.groups import GROUPS, bit
from vsim.world.communities import communities_of
from vsim.world.people import (
    AGE_GROUPS,
    CELLS,
    DEGREE,
    FEMALE,
    FIELDS,
    PARTY,
    STUDENT,
    age_edges,
    ages,
    people_of,
)

VALUE = value_of()


def has(trait: int) -> np.ndarray:
    return (crowd().traits & trait) > 0


def belongs(name: str) -> np.ndarray:
    return (crowd().groups & bit(name)) > 0


def test_ids_are_dense_and_what_belongs_to_a_person_is_the_same_in_a_smaller_crowd() -> None:
    people = crowd()
    assert np.array_equal(people.ids, np.arange(people.ids.size))
    district = replace(land(20_000)[0], residents=100)
    few = people_of(KEY, district, communities_of(KEY, district, VALUE), VALUE)
    for name in ("ids", "field", "keen", "frailty", "reliability", "steered", "intrinsic"):
        assert np.array_equal(getattr(few, name), getattr(people, name)[:100]), name
    assert np.array_equal(few.traits & FEMALE, people.traits[:100] & FEMALE)


def test_the_shares_of_a_region_are_those_of_the_cards_however_its_parts_lean() -> None:
    people = [people_of(KEY, d, communities_of(KEY, d, VALUE), VALUE) for d in land(120_000, 60)]
    age = np.concatenate([p.age for p in people])
    traits = np.concatenate([p.traits for p in people])
    for (low, high), stated in zip(AGE_GROUPS, (0.06, 0.27, 0.45, 0.22), strict=True):
        share_is((age >= low) & (age <= high), stated)
    share_is((traits & PARTY > 0)[age >= 18], VALUE["people.party_member"])
    share_is((traits & DEGREE > 0)[age >= 45], VALUE["people.degree_old"])
    share_is((traits & STUDENT > 0)[(age >= 18) & (age < 25)], VALUE["people.student_18_24"])


def test_age_groups_have_their_shares_and_ages_are_even_inside() -> None:
    age = crowd().age
    shares = (0.06, 0.27, 0.45, 0.22)
    for (low, high), stated in zip(AGE_GROUPS, shares, strict=True):
        inside = (age >= low) & (age <= high)
        share_is(inside, stated)
        assert age[inside].mean() == pytest.approx((low + high) / 2, abs=0.5)
    assert (age.min(), age.max()) == (14, 90)


def test_sex_party_degree_and_school_have_their_shares_at_their_ages() -> None:
    age = crowd().age
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
    people = crowd()
    group = np.digitize(people.age, [18, 35, 60])
    assert np.array_equal(people.cell, has(FEMALE) + 2 * group + 8 * has(PARTY))
    assert people.cell.max() < CELLS


def test_taste_is_normal_around_its_mean_and_the_traits() -> None:
    people = crowd()
    own = (people.taste - people.trait) / 1024 - VALUE["participation.taste_mean"]
    assert own.mean() == pytest.approx(0, abs=4 * 1.2 / people.ids.size**0.5)
    assert own.std() == pytest.approx(VALUE["participation.taste_sd"], rel=0.03)
    stated = (has(FEMALE) * VALUE["participation.women"] + has(DEGREE) * VALUE["participation.degree"]
              + has(PARTY) * VALUE["participation.party_member"] + has(STUDENT) * VALUE["participation.student"])
    assert people.trait / 1024 == pytest.approx(stated, abs=3e-3)


def test_the_rank_of_taste_and_the_standardised_taste_agree_with_taste() -> None:
    people = crowd()
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
    people = crowd()
    assert (np.exp(people.frailty / 1024)).mean() == pytest.approx(1, abs=0.05)
    assert people.frailty.std() / 1024 == pytest.approx(VALUE["retention.exit_frailty"], rel=0.03)
    assert people.reliability.std() / 1024 == pytest.approx(VALUE["service.show_reliability"], rel=0.03)
    for field in range(len(FIELDS)):
        share_is(people.field == field, 1 / 8)
    share_is(people.steered == 1, share16(VALUE["stars.steered"]) / 65536)


def test_people_live_in_their_quarter_and_neighbours_stand_side_by_side() -> None:
    people, (district, communities, _) = crowd(), town()
    half = district.side // 2
    assert np.array_equal(people.x >= half, people.quarter % 2 == 1)
    assert np.array_equal(people.y >= half, people.quarter // 2 == 1)
    assert people.x.min() >= 0
    assert people.y.max() < district.side
    assert (np.diff(people.quarter.astype(int)) >= 0).all()
    west = communities.x - communities.width // 2
    assert (people.x >= west[people.community]).all()
    assert (people.x < (west + communities.width)[people.community]).all()
    assert np.ptp(np.bincount(people.quarter)) <= 2


def test_traits_of_a_person_are_independent_draws() -> None:
    people = crowd()
    columns = [has(FEMALE), people.field == 3, people.steered, people.keen, people.frailty, people.reliability,
               people.y % 100, belongs("workers"), people.credential == 1]
    found = np.corrcoef(np.array(columns, dtype=float)) - np.eye(len(columns))
    assert np.abs(found).max() < 4.5 / people.ids.size**0.5


def test_ages_follow_a_profile_with_an_empty_group() -> None:
    words = np.random.default_rng(1).integers(0, 2**32, 5000, dtype=np.uint32)
    age = ages(words, {**VALUE, "people.age_14_17": 0.0, "people.age_18_34": 1.0, "people.age_35_59": 0.0})
    assert (age.min(), age.max()) == (18, 34)


@examples(max_examples=100)
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(-200_000, 200_000))
def test_a_leaning_moves_age_groups_without_leaving_the_range(parts: list[float], lean: int) -> None:
    total = sum(parts) or 1.0
    names = ("age_14_17", "age_18_34", "age_35_59")
    value = {f"people.{name}": part / total * 0.999 for name, part in zip(names, parts, strict=False)}
    edges = age_edges(value, np.array([lean, 0, -lean]))
    assert (np.diff(edges, axis=1) >= 0).all()
    assert (edges[:, 0] == 0).all()
    assert (edges[:, 4] == 1 << 32).all()
    if abs(lean) <= 65536:
        assert np.abs(edges[0] + edges[2] - 2 * edges[1]).max() <= 1 << 18, "leanings either way cancel"


def test_groups_say_what_the_other_columns_say() -> None:
    people = crowd()
    age, traits = people.age, people.traits
    said = {
        "women": traits & FEMALE > 0, "men": traits & FEMALE == 0, "age_14_17": age < 18,
        "age_18_34": (age >= 18) & (age < 35), "age_35_59": (age >= 35) & (age < 60), "age_60": age >= 60,
        "students": traits & STUDENT > 0, "party_members": traits & PARTY > 0, "degree": traits & DEGREE > 0,
        "skilled": people.skill > 0, "credentialed": people.credential == 1,
        "new_housing": town()[1].new_housing[people.community] == 1,
    }
    for name, members in said.items():
        assert np.array_equal(belongs(name), members), name
    assert not (belongs("workers") & belongs("students")).any()
    assert not (belongs("new_employment") & ~belongs("workers")).any()
    assert ((people.employer > 0) == (belongs("workers") & ~belongs("new_employment"))).all()
    assert {name for name in GROUPS if not belongs(name).any()} <= {"new_housing"}


def test_parents_school_and_degrees_have_their_shares() -> None:
    people, age = crowd(), crowd().age
    share_is(belongs("parents")[(age >= 18) & (age < 35)], VALUE["people.parent_18_34"])
    share_is(belongs("parents")[(age >= 35) & (age < 60)], VALUE["people.parent_35_59"])
    assert not belongs("parents")[(age < 18) | (age >= 60)].any()
    assert np.array_equal(people.education >= 2, has(DEGREE))
    share_is((people.education == 3)[has(DEGREE)], VALUE["people.postgraduate"])
    share_is((people.education == 1)[~has(DEGREE) & (age >= 18)], VALUE["people.upper_secondary"])


def test_tastes_of_age_and_of_parents_are_added_where_a_scenario_sets_them() -> None:
    plain, set_ = crowd(), crowd(people__parent_taste=0.45, people__taste_age_35_59=0.5, people__taste_age_60=-0.25)
    added = (set_.trait - plain.trait) / 1024
    middle, old = belongs("age_35_59"), belongs("age_60")
    assert added == pytest.approx(0.45 * belongs("parents") + 0.5 * middle - 0.25 * old, abs=2e-3)
    assert np.array_equal(set_.taste - plain.taste, set_.trait - plain.trait)
    assert np.array_equal(set_.groups, plain.groups)


def test_a_resident_takes_about_forty_five_bytes() -> None:
    assert sum(array.itemsize for array in crowd()) <= 46
    wide = crowd(500, places__district_side=60.0)
    assert wide.x.min() >= 0
    assert wide.x.max() > 5000
