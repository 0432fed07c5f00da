"""Rules for choosing: robust choice by hand, Goodhart's check on made worlds, the knapsack against every subset."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsim.errors import DataError, UsageError
from vsim.evaluate.goodhart import MEANING, goodhart
from vsim.evaluate.knapsack import additivity, knapsack
from vsim.evaluate.robust import robust


def test_the_rules_of_robust_choice_by_hand() -> None:
    """Three worlds; A is best on average, B has the smallest regret, C the best worst case."""
    values = np.array([[10.0, 0.0, 8.0], [7.0, 4.0, 3.0], [4.5, 4.5, 4.5]])
    found = robust(values, ["A", "B", "C"], threshold=4.0)
    table = found.table.set_index("policy")
    assert table["regret"].to_dict() == {"A": 4.5, "B": 5.0, "C": 5.5}
    assert table["worst"].to_dict() == {"A": 0.0, "B": 3.0, "C": 4.5}
    assert table["satisfied"].to_dict() == pytest.approx({"A": 2 / 3, "B": 2 / 3, "C": 1.0})
    assert found.choices == {"mean": "A", "worst": "C", "low": "C", "satisfied": "C", "regret": "A"}
    assert not found.agree


def test_what_breaks_a_budget_in_one_world_may_not_be_chosen() -> None:
    values = np.array([[9.0, 9.0], [5.0, 6.0], [0.0, 0.0]])
    allowed = np.array([[True, False], [True, True], [True, True]])
    found = robust(values, ["dear", "fair", "nothing"], allowed=allowed)
    assert set(found.choices.values()) == {"fair"}
    assert found.agree
    assert found.table.set_index("policy")["regret"]["fair"] == 4.0        # beside the dear one, where it was allowed
    with pytest.raises(DataError, match="no policy is allowed"):
        robust(values, ["a", "b", "c"], allowed=[False] * 3)
    with pytest.raises(DataError, match=r"shape \(3, 2\) for 2 policies"):
        robust(values, ["a", "b"])


def worlds(recorded: float, true: float, seed: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return twin worlds in which the recorded and the true number rise by these shares."""
    luck = np.random.default_rng(seed)
    base = luck.normal(100, 10, 12)
    noise = luck.normal(0, 0.3, (2, 12))
    return (np.stack([0.8 * base, 0.8 * base + 80 * recorded + noise[0]]),
            np.stack([base, base + 100 * true + noise[1]]))


@pytest.mark.parametrize(("recorded", "true", "verdict"), [
    (0.10, 0.10, "sound"), (0.10, 0.05, "inflated"), (0.10, 0.0, "gamed"), (0.10, -0.1, "gamed"), (0.0, 0.1, "no gain"),
])
def test_a_gain_on_paper_is_told_from_a_true_one(recorded: float, true: float, verdict: str) -> None:
    found = goodhart(*worlds(recorded, true), {"staffed": ([[0.5] * 12, [0.4] * 12], "share of seats")})
    assert found.verdict == verdict
    assert found.meaning == MEANING[verdict]
    assert found.recorded.value == pytest.approx(recorded, abs=0.01)
    assert found.true.value == pytest.approx(true, abs=0.01)
    assert found.gap.value == pytest.approx(recorded - true, abs=0.01)
    name, change = found.watched[0]
    assert (name, change.value, change.unit) == ("staffed", pytest.approx(-0.1), "share of seats")


def test_less_can_be_better() -> None:
    fell = goodhart(*worlds(-0.1, -0.1), better=-1)
    assert fell.verdict == "sound"
    with pytest.raises(DataError, match="two rows"):
        goodhart([[1.0], [1.0]], [[1.0], [1.0]])
    with pytest.raises(DataError, match="a side is zero"):
        goodhart([[0.0, 0.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 12)), min_size=1, max_size=7), st.integers(0, 30))
def test_the_knapsack_is_as_good_as_the_best_of_all_subsets(items: list[tuple[int, int]], budget: int) -> None:
    values, costs = (np.array([item[k] for item in items], dtype=float) for k in (0, 1))
    taken = knapsack(values, costs, budget)
    assert costs[taken].sum() <= budget
    best = max(values[list(some)].sum() for some in (np.array(mask, dtype=bool) for mask in
                                                     product([False, True], repeat=len(items)))
               if costs[some].sum() <= budget)
    assert values[taken].sum() == pytest.approx(best)


def test_items_that_exclude_each_other_are_not_taken_together() -> None:
    assert knapsack([5, 4, 3], [1, 1, 1], 3, [(0, 1)]).tolist() == [True, False, True]
    assert knapsack([], [], 1).size == 0
    with pytest.raises(UsageError, match="budget is -1"):
        knapsack([1], [1], -1)
    with pytest.raises(DataError, match="2 values and 1 costs"):
        knapsack([1, 2], [1], 1)


def test_a_sum_is_told_from_a_mix_whose_parts_get_in_each_other_s_way() -> None:
    luck = np.random.default_rng(9)
    parts = luck.normal(10, 2, (2, 15))
    found = additivity(parts, parts.sum(axis=0) + luck.normal(0, 0.2, 15))
    assert found.holds
    assert found.low <= 0 <= found.high
    crowded = additivity(parts, 0.6 * parts.sum(axis=0))
    assert not crowded.holds
    assert crowded.high < 0
    assert crowded.joint == pytest.approx(0.6 * crowded.total)


@pytest.mark.parametrize("call", [lambda: additivity([[1.0, 2.0]], [1.0]), lambda: additivity([1.0, 2.0], [1.0, 2.0])])
def test_what_does_not_pair_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(DataError, match="additivity"):
        call()
