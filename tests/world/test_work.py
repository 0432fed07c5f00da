"""Work and skill: shares as on the cards, employers with a long tail, credentials only for the skilled."""

from __future__ import annotations

import numpy as np
import pytest

from tests.world.worlds import KEY, crowd, land, share_is, value_of
from vsim.spec.cards import load_cards
from vsim.spec.groups import bit
from vsim.world.work import CREDENTIALS, MOST_EMPLOYERS, SKILLS, by_share, employers_of, in_proportion, work_of

VALUE = value_of()


def belongs(name: str) -> np.ndarray:
    return (crowd().groups & bit(name)) > 0


def test_workers_and_veterans_have_their_shares() -> None:
    age = crowd().age
    adult, middle = age >= 18, (age >= 18) & (age < 60) & ~belongs("students")
    share_is(belongs("workers")[middle], VALUE["work.worker_18_59"])
    share_is(belongs("workers")[age >= 60], VALUE["work.worker_60"])
    share_is(belongs("new_employment")[belongs("workers") & (age < 60)], VALUE["work.new_employment"])
    share_is(belongs("veterans")[adult & belongs("men")], VALUE["work.veteran_men"])
    share_is(belongs("veterans")[adult & belongs("women")], VALUE["work.veteran_women"])
    assert not (belongs("workers") | belongs("veterans"))[~adult].any()


def test_skills_and_credentials_have_their_shares() -> None:
    people = crowd()
    adult = people.age >= 18
    for number, name in enumerate(SKILLS[1:], 1):
        share_is((people.skill == number)[adult], VALUE[f"work.skill_{name}"])
    assert not people.skill[~adult].any()
    skilled = people.skill > 0
    for number, name in enumerate(CREDENTIALS[1:], 1):
        share_is((people.credential == number)[skilled], VALUE[f"work.credential_{name}"])
    assert not people.credential[~skilled].any()
    assert len(SKILLS) == 10


def test_employers_of_a_district_have_a_long_tail_and_fit_a_byte() -> None:
    employed = crowd().employer[crowd().employer > 0]
    sizes = np.sort(np.bincount(employed)[1:])[::-1]
    assert employed.max() <= round(land(20_000)[0].residents * VALUE["work.employers_per_thousand"] / 1000)
    assert sizes[: sizes.size // 10].sum() > 0.35 * sizes.sum()
    value = value_of(work__employers_per_thousand=100.0)
    words = np.random.default_rng(1).integers(0, 2**32, 5000)
    found = employers_of(KEY, land(20_000)[0], words, value)
    assert found.min() >= 1
    assert found.max() <= MOST_EMPLOYERS


def test_every_district_has_employers_of_its_own() -> None:
    one, other = land(4000, 2)
    words = np.random.default_rng(1).integers(0, 2**32, 5000)
    assert not np.array_equal(np.bincount(employers_of(KEY, one, words, VALUE), minlength=40),
                              np.bincount(employers_of(KEY, other, words, VALUE), minlength=40))


def test_words_fall_into_shares_in_their_order() -> None:
    words = (np.array([0.0, 0.09, 0.11, 0.29, 0.31, 0.99]) * 2**32).astype(np.int64)
    assert by_share(words, [0.1, 0.2]).tolist() == [1, 1, 2, 2, 0, 0]
    assert by_share(words, [0.0, 0.0]).tolist() == [0] * 6
    assert by_share(words, [1.0]).tolist() == [1] * 6


def test_a_pick_in_proportion_is_exact_for_large_sums() -> None:
    words = np.random.default_rng(1).integers(0, 2**32, 300)
    for scale in (1, 10**6, 10**12):
        weights = np.array([3, 1, 40, 1, 5], dtype=np.int64) * scale
        totals = np.cumsum(weights).tolist()
        stated = [next(i for i, edge in enumerate(totals) if int(word) * totals[-1] >> 32 < edge) for word in words]
        assert in_proportion(words, weights).tolist() == stated


def test_shares_that_must_not_pass_one_do_not_at_the_ends_of_their_cards() -> None:
    cards = load_cards()
    for names in ("work.skill_", "work.credential_", "stations.kind_", "organisations.form_",
                  "organisations.platform_"):
        found = [card for key, card in cards.items() if key.startswith(names)]
        assert found
        assert sum(card.high for card in found) <= 1, names


def test_nobody_works_where_the_cards_say_so() -> None:
    district = land(4000)[0]
    n = district.residents
    age = np.full(n, 40)
    none = np.zeros(n, dtype=bool)
    value = value_of(work__worker_18_59=0.0, work__veteran_men=0.0)
    work = work_of(KEY, district, age, none, none, value)
    assert not (work.worker | work.veteran).any()
    assert not work.employer.any()
    assert work.skill.mean() == pytest.approx(sum(i * VALUE[f"work.skill_{s}"] for i, s in enumerate(SKILLS) if i),
                                              abs=0.15)
