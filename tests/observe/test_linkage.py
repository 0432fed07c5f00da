"""The baseline of record linkage: what is compared, how it weighs, and how it does against the truth."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.observe.books import platform_of, registers
from vsim.errors import UsageError
from vsim.observe.hub import to_common
from vsim.observe.linkage import (
    candidate_pairs,
    evidence,
    link,
    near_names,
    near_years,
    pairwise_f1,
    true_pairs,
)
from vsim.observe.platforms import Platforms, split

pytestmark = pytest.mark.slow


@cache
def world(scale: float = 1.0) -> tuple[Platforms, pd.DataFrame]:
    """Return platforms whose errors are `scale` times those of the cards, and their accounts."""
    names = {"typo": 0.06, "birth_swap": 0.03, "sex_missing": 0.1, "moved": 0.05}
    cards = {f"platforms.{name}": min(rate * scale, 1.0) for name, rate in names.items()}
    platforms = split(registers(), platform_of(), seed=4, parameters=cards)
    return platforms, to_common(platforms.tables)["platform_volunteers"]


def test_three_lines_link_and_score() -> None:
    platforms, accounts = world()
    pairs = link(accounts)
    scores = pairwise_f1(pairs, platforms.links_truth)
    assert scores.f1 > 0.9


def test_the_baseline_finds_most_and_is_mostly_right_and_worse_data_are_worse_linked() -> None:
    found = [pairwise_f1(link(world(scale)[1]), world(scale)[0].links_truth) for scale in (0.0, 1.0, 6.0)]
    assert found[0].recall > 0.97
    assert found[1].precision > 0.9
    assert found[1].recall > 0.9
    assert found[0].f1 > found[2].f1
    assert found[2].f1 > 0.3


def test_a_higher_threshold_gives_fewer_and_safer_links() -> None:
    platforms, accounts = world(2.0)
    loose, strict = (link(accounts, threshold=level) for level in (0.2, 0.99))
    assert len(strict) < len(loose)
    ends = [set(zip(pairs["left"], pairs["right"], strict=True)) for pairs in (strict, loose)]
    assert ends[0] <= ends[1]
    loose_score, strict_score = (pairwise_f1(pairs, platforms.links_truth) for pairs in (loose, strict))
    assert strict_score.precision >= loose_score.precision
    assert strict_score.recall <= loose_score.recall


def test_nobody_is_linked_twice_to_one_platform_nor_within_one() -> None:
    _, accounts = world(2.0)
    pairs = link(accounts, threshold=0.01)
    on = accounts.set_index("platform_volunteer_id")["platform"]
    assert (pairs["left"].map(on) < pairs["right"].map(on)).all()
    assert not pd.DataFrame({"one": pairs["left"], "on": pairs["right"].map(on)}).duplicated().any()
    assert not pd.DataFrame({"one": pairs["right"], "on": pairs["left"].map(on)}).duplicated().any()
    assert pairs["probability"].between(0.01, 1).all()
    assert pairs["score"].is_monotonic_decreasing


def test_the_order_of_rows_does_not_matter() -> None:
    _, accounts = world()
    pd.testing.assert_frame_equal(link(accounts.iloc[::-1]), link(accounts), atol=1e-9)


def test_candidates_are_the_pairs_that_share_a_block() -> None:
    frame = pd.DataFrame({
        "platform": ["a", "b", "b", "c", "a"], "name": ["x", "x", "y", "z", "x"], "birth_year": [1, 2, 1, 2, 1],
        "district": ["D", "D", "D", "D", None],
    })
    pairs = candidate_pairs(frame)
    assert [tuple(pair) for pair in pairs.to_numpy()] == [(0, 1), (0, 2), (1, 3), (4, 1)]
    assert len(candidate_pairs(frame, [("name",)])) == 2
    assert len(candidate_pairs(frame.iloc[:0])) == 0


def test_a_block_that_is_far_too_coarse_is_refused() -> None:
    frame = pd.DataFrame({"platform": ["a", "b"] * 2000, "name": ["x"] * 4000, "birth_year": 1, "district": "D"})
    with pytest.raises(UsageError, match="Add a column"):
        candidate_pairs(frame)


@pytest.mark.parametrize(("one", "other", "near"), [
    ("张伟", "章伟", True), ("张伟", "伟张", True), ("张小明", "张小", True), ("张小", "张小明", True),
    ("张小明", "张明小", True), ("张小明", "明小张", True), ("张伟", "李芳", False), ("张伟", "张小明明", False),
    ("张伟", "张", True), ("", "张", True), ("张三丰", "李三峰", False),
])
def test_names_one_slip_apart(one: str, other: str, near: bool) -> None:
    assert near_names(one, other) is near
    assert near_names(other, one) is near


def test_years_one_apart_or_turned_are_near() -> None:
    years = np.array([1978, 1978, 1978, 1988, 1990])
    assert near_years(years, np.array([1987, 1979, 1978, 1988, 2009])).tolist() == [True, True, False, False, False]


def test_a_rare_name_says_more_than_a_common_one_and_what_is_missing_says_nothing() -> None:
    _, accounts = world()
    frame = accounts.copy()
    pairs = pd.DataFrame(list(combinations(range(40), 2)), columns=["left", "right"])
    frame.loc[:39, "name"] = ["常见"] * 38 + ["罕见"] * 2
    frame.loc[0, "sex"] = None
    weights = evidence(frame, pairs)
    common = weights.loc[(pairs["left"] == 0) & (pairs["right"] == 1)].iloc[0]
    rare = weights.loc[(pairs["left"] == 38) & (pairs["right"] == 39)].iloc[0]
    assert rare["name"] > common["name"] > 0
    assert common["sex"] == 0.0
    assert np.isfinite(weights.to_numpy()).all()


def test_agreement_weighs_for_a_link_and_difference_against() -> None:
    _, accounts = world()
    pairs = candidate_pairs(accounts)
    weights = evidence(accounts, pairs)
    left, right = (accounts.iloc[pairs[side]].reset_index(drop=True) for side in ("left", "right"))
    for name in ("sex", "district", "education", "birth_year"):
        said = left[name].notna() & right[name].notna()
        assert (weights.loc[said & (left[name] == right[name]), name] > 0).all(), name
        near = near_years(left[name].to_numpy(), right[name].to_numpy()) if name == "birth_year" else False
        assert (weights.loc[said & (left[name] != right[name]) & ~np.asarray(near), name] < 0).all(), name


def test_scores_counted_by_hand() -> None:
    truth = pd.DataFrame({
        "kind": ["volunteer"] * 5 + ["record"] * 2, "platform_id": ["A", "B", "C", "D", "E", "r", "s"],
        "register_id": ["1", "1", "1", "2", "2", "9", "9"],
    })
    assert true_pairs(truth) == {("A", "B"), ("A", "C"), ("B", "C"), ("D", "E")}
    pairs = pd.DataFrame({"left": ["B", "A", "A"], "right": ["A", "D", "B"]})         # one pair is named twice
    scores = pairwise_f1(pairs, truth)
    assert (scores.precision, scores.recall, scores.found, scores.true, scores.right) == (0.5, 0.25, 2, 4, 1)
    assert scores.f1 == pytest.approx(1 / 3)
    nothing = pairs.iloc[:0]
    assert pairwise_f1(nothing, truth)[:3] == (0.0, 0.0, 0.0)
    assert pairwise_f1(nothing, truth.iloc[:0])[:3] == (1.0, 1.0, 1.0)


def test_nobody_and_one_platform_give_no_links() -> None:
    _, accounts = world()
    for frame in (accounts.iloc[:0], accounts.iloc[:1], accounts[accounts["platform"] == "platform_a"]):
        assert list(link(frame).columns) == ["left", "right", "score", "probability"]
        assert len(link(frame)) == 0


@settings(max_examples=20)
@given(st.lists(st.tuples(
    st.sampled_from(["platform_a", "platform_b", "platform_c"]), st.sampled_from(["张伟", "张小伟", "李芳", "李方"]),
    st.sampled_from(["F", "M", None]), st.integers(1950, 1954), st.sampled_from(["D01", "D02"]),
    st.sampled_from(["degree", None]),
), min_size=1, max_size=12))
def test_any_accounts_get_probabilities_and_one_link_each(drawn: list[tuple[object, ...]]) -> None:
    frame = pd.DataFrame(drawn, columns=["platform", "name", "sex", "birth_year", "district", "education"])
    frame.insert(1, "platform_volunteer_id", [f"N{place}" for place in range(len(frame))])
    pairs = link(frame, threshold=0.0)
    assert pairs["probability"].between(0, 1).all()
    assert np.isfinite(pairs["score"]).all()
    on = frame.set_index("platform_volunteer_id")["platform"]
    assert not pd.DataFrame({"one": pairs["left"], "on": pairs["right"].map(on)}).duplicated().any()
