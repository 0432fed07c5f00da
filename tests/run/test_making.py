"""A district made by kernels is the district of the plain world, array by array, whatever its size and cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.world.worlds import land, value_of, world_of
from vsim import rng
from vsim.exact import logistic32, share16, tables, threshold32
from vsim.kernels.build import kernels
from vsim.rng import Stream, stream_key
from vsim.run.making import LARGE, draw, make_city, make_unit, reading_of
from vsim.run.making_cards import Shares, settle_kinds, settle_places, settle_shares, settle_skills, upper_edges
from vsim.run.reach import reach_of
from vsim.run.settle import fixed_of
from vsim.spec.cards import load_cards, values
from vsim.spec.groups import bit
from vsim.spec.scenario import load_scenario
from vsim.spec.world_spec import WorldSpec
from vsim.world.city import Unit, districts_of, unit_of
from vsim.world.communities import communities_of, community_of_homes
from vsim.world.people import AGE_GROUPS, ages
from vsim.world.places import District
from vsim.world.state import registration_base
from vsim.world.work import by_share, in_proportion

SIZES = (0, 1, 2, 3, 7, 8, 50, 511, 512, 513, 1000, 4097)
PRESETS = ("nation", "cn_registry", "hillcounty", "campus", "uk_cls")
ROOMS = ("people", "work", "communities", "participation", "registration", "retention", "service", "stars",
         "organisations", "stations", "sources", "demand", "places")
KEY = stream_key(1)


def parts(thing: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        for field in thing._fields:
            yield from parts(getattr(thing, field), f"{name}.{field}")
    else:
        yield name, thing


def differences(one: Unit, other: Unit) -> list[str]:
    found = []
    for (name, a), (_, b) in zip(parts(one), parts(other), strict=True):
        if not isinstance(a, np.ndarray):
            found += [name] if a != b else []
        elif (a.dtype, a.shape, a.flags.c_contiguous) != (b.dtype, b.shape, b.flags.c_contiguous):
            found.append(f"{name}: {b.dtype} {b.shape}, not {a.dtype} {a.shape}")
        elif not np.array_equal(a, b):
            found.append(f"{name}: {int((a != b).sum())} of {a.size}")
    return found


def compared(world: WorldSpec, district: District, value: Mapping[str, float], warmup: int = 3) -> list[str]:
    return differences(unit_of(world, district, warmup, value), make_unit(world, district, warmup, value))


def odd_cards(seed: int) -> dict[str, float]:
    """Return cards at an end of their range, or anywhere in it; ages stay shares of one."""
    luck, out = np.random.default_rng(seed), {}
    for key, card in load_cards().items():
        if key.partition(".")[0] in ROOMS and not card.is_list:
            number = (card.low, card.high, float(luck.uniform(card.low, card.high)))[int(luck.integers(3))]
            out[key] = float(round(number)) if card.integer else number
    shares = [out[f"people.age_{name}"] for name in ("14_17", "18_34", "35_59")]
    if sum(shares) > 1:
        out |= {f"people.age_{name}": share / (sum(shares) + 1e-9) for name, share in
                zip(("14_17", "18_34", "35_59"), shares, strict=True)}
    return out


@pytest.mark.parametrize("residents", SIZES)
@pytest.mark.parametrize("rural", [0, 1])
def test_every_size_of_a_district_is_equal(residents: int, rural: int) -> None:
    world, district = world_of(40_000, 10, rural=0.5), land(40_000, 10, rural=0.5)[6]
    assert compared(world, replace(district, residents=residents, rural=rural), value_of()) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_districts_of_the_presets_are_equal(preset: str) -> None:
    scenario = load_scenario(preset)
    found = districts_of(scenario.world, scenario.values)
    for district in {found[0], found[len(found) // 2], found[-1]}:
        small = replace(district, residents=min(district.residents, 3000))
        assert compared(scenario.world, small, scenario.values, scenario.warmup_weeks) == []


@pytest.mark.parametrize("seed", range(12))
def test_odd_cards_are_read_alike(seed: int) -> None:
    value = {**values(), **odd_cards(seed)}
    world = WorldSpec(residents=9000, districts=6, prefectures=2, seed=seed, registered_share=seed / 11,
                      rural_share=0.5)
    for district in districts_of(world, value)[:3]:
        assert compared(world, district, value, warmup=seed) == []


@pytest.mark.parametrize(("card", "number"), [
    ("people.age_14_17", 0.0), ("people.age_18_34", 0.0), ("people.age_35_59", 0.0),
    ("communities.household_alike", 0.0), ("communities.household_alike", 1.0), ("people.share_women", 1.0),
    ("work.worker_18_59", 1.0),
    ("communities.spread_older", 1.0), ("communities.apart_older", 1.0), ("work.employers_per_thousand", 100.0),
    ("work.employer_log_sd", 3.0), ("registration.activation", 1.0), ("registration.history_weeks", 2000.0),
])
def test_one_card_at_its_edge_is_read_alike(card: str, number: float) -> None:
    world, district = world_of(6000, 2), land(6000, 2)[1]
    assert compared(world, district, {**value_of(), card: number}) == []


def test_ids_beyond_31_bits_and_a_share_of_nobody_are_alike() -> None:
    district = replace(land(6000, 2)[1], first_id=(1 << 32) - 2000, residents=1500)
    for share in (0.0, 1e-6, 1.0):
        world = world_of(6000, 2).model_copy(update={"registered_share": share})
        assert compared(world, district, value_of()) == []


def test_a_difference_would_be_seen() -> None:
    world, district = world_of(6000, 2), land(6000, 2)[1]
    plain = unit_of(world, district, 3, value_of())
    other = make_unit(world, district, 3, value_of(people__share_women=0.6))
    assert any(name.startswith(".people.traits") for name in differences(plain, other))
    assert differences(plain, make_unit(world, district, 3, value_of(), "oracle")) == []


def test_a_small_city_is_made_without_compiling_and_a_large_one_alike() -> None:
    small = world_of(6000, 2)
    plain = [unit_of(small, district, 4, value_of()) for district in districts_of(small, value_of())]
    assert [differences(a, b) for a, b in zip(plain, make_city(small, 4, value_of()), strict=True)] == [[], []]
    large = world_of(LARGE, 500)
    third = districts_of(large, value_of())[2]
    assert differences(unit_of(large, third, 4, value_of()), make_city(large, 4, value_of())[2]) == []


# ---- the parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("entity", "week", "item"), [
    (5, 0, 0), (7, -3, np.arange(4)), (np.arange(9), 3, 1), (np.arange(5), np.arange(5) % 2, 2),
    (np.arange(3) + (1 << 32) - 2, 1, np.arange(3)), (np.arange(0), 0, 0), (np.arange(1), 2, np.arange(1)),
])
def test_words_are_those_of_the_plain_draw(entity: Any, week: Any, item: Any) -> None:
    plain, compiled = rng.draw(KEY, Stream.HOME, entity, week, item), draw(KEY, Stream.HOME, entity, week, item)
    for one, other in zip(plain, compiled, strict=True):
        assert np.shape(one) == np.shape(other)
        assert other.dtype == np.uint32
        assert np.array_equal(one, other)


def test_words_of_unequal_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed as many"):
        draw(KEY, Stream.HOME, np.arange(3), 0, np.arange(4))


def test_the_quotient_of_an_age_is_exact_in_floating_point() -> None:
    """Kernels divide by the machine's floats: (word - start) * span is below 2**38, so no rounding reaches a whole."""
    luck = np.random.default_rng(3)
    wide = np.concatenate([luck.integers(1, 1 << 32, 200_000), luck.integers(1, 2000, 200_000), [1, 1 << 32]])
    span = max(last - first + 1 for first, last in AGE_GROUPS)
    for top in (wide * luck.integers(0, span, wide.size), wide * span - 1, (wide - 1) * span):
        for near in (-1, 0, 1):
            number = np.clip(top + near, 0, (1 << 32) * span)
            quotient = number.astype(np.float64) / wide.astype(np.float64)
            assert np.array_equal(quotient.astype(np.int64), number // wide)


def test_ages_at_the_edges_of_groups_are_those_of_the_plain_form() -> None:
    district = land(6000, 2)[1]
    communities = communities_of(KEY, district, value_of())
    places = settle_places(district.residents, communities, value_of())
    for number, lean in enumerate(communities.older):
        edges = places.edges[number]
        words = np.unique(np.clip(np.concatenate([edges - 1, edges, edges + 1]), 0, (1 << 32) - 1)).astype(np.uint32)
        found = ages(words, value_of(), np.full(words.size, lean))
        group = np.searchsorted([first for first, _ in AGE_GROUPS[1:]], found, side="right")
        assert np.array_equal(group, (words.astype(np.int64)[:, None] >= edges[1:4]).sum(axis=1))


def test_an_employer_is_found_as_in_the_plain_form() -> None:
    luck = np.random.default_rng(1)
    for many in (1, 2, 17, 255):
        weights = luck.integers(1, 3_000_000, many).astype(np.int64)
        shares = settle_shares(weights, *settle_skills(value_of()))
        edges = shares.employer[:-1]
        words = np.concatenate([edges, edges - 1, luck.integers(0, 1 << 32, 2000), [0, (1 << 32) - 1]]).astype(np.int64)
        assert np.array_equal(np.searchsorted(shares.employer, words, side="right"), in_proportion(words, weights))
        assert (shares.guide.astype(np.int64) <= in_proportion(words, weights)[:, None].max()).all()
        assert np.array_equal(shares.guide, in_proportion(np.arange(4096) << 20, weights))


def test_shares_are_counted_to_the_same_edge() -> None:
    shares = [0.2, 0.0, 0.3, 1 / 3]
    edges = upper_edges(shares)
    words = np.clip(np.concatenate([edges - 1, edges, edges + 1]), 0, (1 << 32) - 1)
    number = 1 + (words[:, None] >= edges).sum(axis=1)
    assert np.array_equal(np.where(number > len(shares), 0, number), by_share(words, shares))
    assert edges[0] == threshold32(0.2)
    assert Shares._fields[:2] == ("skill", "credential")


@pytest.mark.parametrize(("share", "weight"), [(0.2, 1.0), (0.97, 0.3), (0.0001, 2.0), (0.5, 0.0), (1.0, 1.0)])
def test_the_level_of_the_register_is_the_same_by_kinds_as_by_people(share: float, weight: float) -> None:
    district, value = land(6000, 2)[1], value_of(registration__trait_weight=weight)
    people = make_unit(world_of(6000, 2), district, 0, value).people
    kinds = settle_kinds(value)
    traits, counted = np.unique(people.trait.astype(np.int64), return_counts=True)
    leaning, chances = traits * share16(weight) >> 16, np.zeros(traits.size, dtype=np.int64)
    target = np.int64(share16(share) * people.ids.size << 16)
    kernels("people").register_chances(tables().logistic, leaning, counted, target, chances)
    assert np.array_equal(chances, logistic32(leaning + registration_base(people, share, weight)))
    assert set(traits.tolist()) <= set(kinds.trait.tolist())
    assert set(leaning.tolist()) <= set(kinds.leaning.tolist())


def test_homes_of_communities_are_counted_without_the_homes() -> None:
    for residents in (0, 1, 5, 8, 9, 4001):
        district = replace(land(6000, 2)[1], residents=residents)
        communities = communities_of(KEY, district, value_of())
        counted = np.bincount(community_of_homes(residents, communities.x.size), minlength=communities.x.size)
        assert np.array_equal(communities.residents, counted)
        begin = settle_places(residents, communities, value_of()).begin
        assert (begin[0], begin[-1]) == (0, residents)


def test_whom_a_policy_reaches_is_drawn_alike() -> None:
    people = make_unit(world_of(6000, 2), land(6000, 2)[1], 0, value_of()).people
    patterns = ((0, 1 << 31, 5), (bit("women"), 1 << 32, 0), (bit("students") | bit("parents"), 123_456_789, 7))
    plain, compiled = reach_of(people, patterns, KEY), reach_of(people, patterns, KEY, draw)
    assert np.array_equal(plain, compiled)
    assert len(np.unique(plain)) == 8


def test_districts_made_side_by_side_are_those_made_one_after_the_other() -> None:
    world, districts = world_of(40_000, 8), land(40_000, 8)
    with ThreadPoolExecutor(max_workers=4) as pool:
        together = list(pool.map(lambda district: make_unit(world, district, 5, value_of()), districts))
    for district, unit in zip(districts, together, strict=True):
        assert differences(unit, make_unit(world, district, 5, value_of())) == []


def test_values_that_cannot_change_are_read_once_and_others_every_time() -> None:
    scenario = load_scenario("riverside")
    fixed = fixed_of(scenario).values
    assert reading_of(fixed) is reading_of(fixed)
    loose = dict(fixed)
    before = reading_of(loose)
    loose["people.share_women"] = 0.9
    assert reading_of(loose).cards.women == threshold32(0.9) != before.cards.women
    other = fixed_of(scenario.with_values({"people.share_women": 0.6})).values
    assert reading_of(other).cards.women == threshold32(0.6)
    assert reading_of(fixed).cards == before.cards
    district = districts_of(scenario.world, fixed)[0]
    assert compared(scenario.world, district, fixed) == []
    assert compared(scenario.world, district, other) == []
