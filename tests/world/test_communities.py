"""Communities: parts of a quarter that tile it, each with its mix; households side by side on the ring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.world.worlds import KEY, crowd, land, share_is, town, value_of
from vsim.world.communities import areas, communities_of, community_at, community_codes, inside_of


@examples(max_examples=60)
@given(st.integers(50, 30_000), st.integers(1, 32))
def test_areas_tile_the_quarters_of_a_district(side: int, per: int) -> None:
    x, y, width, height = areas(side, per)
    half = side // 2
    assert x.size == 4 * per
    assert (width * height).sum() == 4 * half * half
    for quarter in range(4):
        inside = slice(quarter * per, (quarter + 1) * per)
        west, south = x[inside] - width[inside] // 2, y[inside] - height[inside] // 2
        assert west.min() == quarter % 2 * half
        assert south.min() == quarter // 2 * half
        assert (west + width[inside]).max() == (quarter % 2 + 1) * half
        assert (south + height[inside]).max() == (quarter // 2 + 1) * half


@pytest.mark.parametrize("per", [1, 2, 3, 4, 6, 32])
def test_every_place_lies_in_the_community_it_was_put_in(per: int) -> None:
    communities = town(places__communities_per_zone=per)[1]
    which = np.arange(4000, dtype=np.int64) % (4 * per)
    words = np.random.default_rng(1).integers(0, 2**32, (2, 4000))
    x, y = inside_of(communities, which, (words[0], words[1]))
    west, south = communities.x - communities.width // 2, communities.y - communities.height // 2
    assert ((x >= west[which]) & (x < (west + communities.width)[which])).all()
    assert ((y >= south[which]) & (y < (south + communities.height)[which])).all()
    edge = (x == west[which]) | (y == south[which])       # a border belongs to either side
    found = community_at(communities, x, y)
    assert (found[~edge] == which[~edge]).mean() > 0.97


def test_communities_are_contiguous_on_the_ring_and_lie_in_their_quarter() -> None:
    people, communities = crowd(), town()[1]
    assert (np.diff(people.community.astype(int)) >= 0).all()
    assert np.array_equal(np.bincount(people.community), communities.residents)
    assert np.array_equal(people.quarter, communities.quarter[people.community])
    assert np.ptp(communities.residents) <= 1
    assert np.bincount(communities.quarter).tolist() == [2, 2, 2, 2]


def test_households_are_runs_on_the_ring_inside_one_community() -> None:
    people, communities = crowd(), town()[1]
    steps = np.diff(people.household)
    assert people.household[0] == 0
    assert set(steps.tolist()) == {0, 1}
    assert not (np.diff(people.community.astype(int))[steps == 0]).any()
    assert communities.households.sum() == people.household[-1] + 1
    sizes = np.bincount(people.household)
    mean = value_of()["communities.household_size"]
    assert sizes.mean() == pytest.approx(mean, rel=0.03)
    share_is(sizes == 1, 1 / mean)


def test_leanings_cancel_inside_a_district_but_for_its_own() -> None:
    value = value_of()
    for district in land(40_000, 4):
        communities = communities_of(KEY, district, value)
        for i, name in enumerate(("older", "education", "student", "party")):
            lean = getattr(communities, name)
            mean = (lean * communities.residents).sum() / communities.residents.sum()
            assert mean == pytest.approx(value[f"communities.apart_{name}"] * district.tilts[i], abs=3), name
            assert lean.std() > 3000


def test_no_spread_leaves_communities_alike() -> None:
    names = ("older", "education", "student", "party")
    flat = {f"communities__{kind}_{name}": 0.0 for kind in ("spread", "apart") for name in names}
    communities = town(**flat)[1]
    assert not any(getattr(communities, name).any() for name in names)


def test_the_mix_of_a_community_is_in_its_people() -> None:
    people, communities = crowd(80_000), town(80_000)[1]
    counts = communities.residents
    for name, hits in (("older", people.age >= 60), ("party", (people.traits & 4) > 0),
                       ("education", (people.traits & 8) > 0)):
        shares = np.bincount(people.community, hits, 8) / counts
        assert np.corrcoef(shares, getattr(communities, name))[0, 1] > 0.8, name


def test_new_housing_has_its_share_and_need_is_an_order() -> None:
    value = value_of(places__communities_per_zone=32)
    found = [communities_of(KEY, district, value) for district in land(60_000, 60)]
    share_is(np.concatenate([c.new_housing for c in found]), value["communities.new_housing"])
    assert sorted(found[0].need) == [(2 * i + 1) * 32768 // 128 for i in range(128)]
    assert np.mean([np.corrcoef(c.need, c.older)[0, 1] for c in found]) > 0.1


def test_a_community_is_the_same_when_its_district_is_made_alone() -> None:
    districts, value = land(40_000, 4), value_of()
    one, again = (communities_of(KEY, replace(districts[2]), value) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    other = communities_of(KEY, districts[3], value)
    assert not np.array_equal(one.older, other.older)


def test_codes_are_those_of_the_district_with_a_number() -> None:
    district, communities, _ = town()
    assert community_codes(district, communities)[::7] == ["D01-C01", "D01-C08"]
