"""Equity: textbook values, identities between indices, and what no index may change with."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsim.errors import DataError, UsageError
from vsim.evaluate import equity

amounts = st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(lambda some: sum(some) > 0)


def pairwise(x: np.ndarray, w: np.ndarray) -> float:
    """Return the Gini coefficient by its definition: half the mean absolute difference over the mean."""
    gap = np.abs(x[:, None] - x[None, :]) * w[:, None] * w[None, :]
    return float(gap.sum() / (2 * w.sum() ** 2) / ((w * x).sum() / w.sum()))


def test_the_gini_coefficient_of_textbooks() -> None:
    assert equity.gini([5, 5, 5]) == 0
    assert equity.gini([0, 0, 0, 1]) == pytest.approx(3 / 4)
    assert equity.gini([1, 2, 3, 4, 5]) == pytest.approx(4 / 15)          # sum (2i - n - 1) x / (n sum x)
    assert math.isnan(equity.gini([0, 0]))


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean_whatever_the_weights(x: list[int]) -> None:
    values, weights = np.array(x, dtype=float), np.arange(1.0, len(x) + 1)
    assert equity.gini(values, weights) == pytest.approx(pairwise(values, weights), abs=1e-12)
    assert equity.gini(values, weights) == pytest.approx(equity.gini(np.repeat(values, weights.astype(int))), abs=1e-12)


@given(amounts)
def test_gini_is_the_concentration_index_by_the_values_themselves(x: list[int]) -> None:
    assert equity.concentration(x, x) == pytest.approx(equity.gini(x), abs=1e-12)


@given(amounts)
def test_no_index_changes_with_the_order_of_rows(x: list[int]) -> None:
    turned = list(range(len(x)))[::-1]
    y, order = np.array(x, dtype=float), np.arange(len(x), dtype=float)
    for index in (equity.concentration, equity.slope_index):
        assert index(y, order) == pytest.approx(index(y[turned], order[turned]), abs=1e-9)
    assert equity.theil(y).total == pytest.approx(equity.theil(y[turned]).total, abs=1e-12)


def test_ties_share_a_rank() -> None:
    assert equity.ranks([7, 7, 9]).tolist() == pytest.approx([1 / 3, 1 / 3, 5 / 6])
    assert equity.ranks([3, 1, 2]).tolist() == pytest.approx([5 / 6, 1 / 6, 3 / 6])


def test_what_only_the_richest_has_is_concentrated_there() -> None:
    assert equity.concentration([0, 0, 0, 1], [1, 2, 3, 4]) == pytest.approx(3 / 4)
    assert equity.concentration([1, 0, 0, 0], [1, 2, 3, 4]) == pytest.approx(-3 / 4)
    assert equity.concentration([2, 2, 2, 2], [1, 2, 3, 4]) == pytest.approx(0)


def test_bounded_indices_mirror_and_agree_with_their_formulas() -> None:
    """Erreygers: 8 cov; the same for attainments and shortfalls. Wagstaff: C / (1 - mean)."""
    y, order = np.array([0.1, 0.2, 0.6, 0.7]), np.arange(4.0)
    ranks = equity.ranks(order)
    covariance = float(((y - y.mean()) * (ranks - 0.5)).mean())
    assert equity.erreygers(y, order) == pytest.approx(8 * covariance)
    assert equity.erreygers(1 - y, order) == pytest.approx(-equity.erreygers(y, order))
    assert equity.wagstaff(y, order) == pytest.approx(equity.concentration(y, order) / (1 - y.mean()))
    assert equity.wagstaff(1 - y, order) == pytest.approx(-equity.wagstaff(y, order))
    assert equity.erreygers(100 * y, order, high=100) == pytest.approx(equity.erreygers(y, order))


@given(amounts)
def test_theil_adds_up_over_groups(x: list[int]) -> None:
    groups = np.arange(len(x)) % 3
    found = equity.theil(x, groups)
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    assert found.total == pytest.approx(equity.theil(x).within, abs=1e-12)
    assert equity.theil([0.0, 4.0]).total == pytest.approx(math.log(2))


def test_atkinson_by_hand_and_at_its_ends() -> None:
    """Mean 2.5; the geometric mean of 1, 4 is 2; with aversion 2 the harmonic mean is 1.6; with 0 nothing is lost."""
    assert equity.atkinson([1, 4], 1) == pytest.approx(1 - 2 / 2.5)
    assert equity.atkinson([1, 4], 2) == pytest.approx(1 - 1.6 / 2.5)
    assert equity.atkinson([1, 4], 0) == pytest.approx(0)
    assert equity.atkinson([0, 4], 1) == 1
    assert equity.atkinson([1, 4], 1 - 1e-7) == pytest.approx(equity.atkinson([1, 4], 1), abs=1e-6)


def test_gaps_and_extremes_between_groups() -> None:
    gap = equity.coverage_gap([50, 90, 0], [100, 100, 0])
    assert gap[:2].tolist() == pytest.approx([0.5, 0.1])
    assert math.isnan(gap[2])
    found = equity.extremes([0.5, 0.9, 0.3], ["a", "b", "c"])
    assert (found.best, found.worst) == ("b", "c")
    assert (found.difference, found.ratio) == pytest.approx((0.6, 3.0))
    assert math.isnan(equity.extremes([0.0, 1.0], ["a", "b"]).ratio)


def test_the_slope_index_is_the_slope_of_a_line() -> None:
    """On a straight line in the rank the slope index is its slope, with any weights."""
    weights = np.array([5.0, 1.0, 3.0, 2.0])
    ranks = equity.ranks(np.arange(4.0), weights)
    assert equity.slope_index(2 + 0.7 * ranks, np.arange(4.0), weights) == pytest.approx(0.7)


def test_a_change_is_paired() -> None:
    """Worlds differ much from each other, the policy always moves one unit from the richest to the poorest."""
    luck = np.random.default_rng(3)
    base = np.sort(luck.uniform(10, 60, (20, 8)), axis=1)
    pilot = base.copy()
    pilot[:, 0] += 1
    pilot[:, -1] -= 1
    found = equity.change(equity.gini, base, pilot)
    assert found.high < 0
    apart = np.array([equity.gini(row) for row in base]).std(ddof=1) / math.sqrt(20)
    assert found.se < apart / 5
    assert equity.change(equity.gini, base, base).value == 0


@pytest.mark.parametrize(("call", "said"), [
    (lambda: equity.gini([]), "not empty"), (lambda: equity.gini([1, -1]), "the smallest value is -1"),
    (lambda: equity.gini([1, math.nan]), "missing or infinite"), (lambda: equity.gini([1, 2], [0, 0]), "not all 0"),
    (lambda: equity.erreygers([2.0, 0.1], [1, 2]), "the largest value 2"),
    (lambda: equity.theil([1, 2], [1]), "labels"), (lambda: equity.change(equity.gini, [[1.0]], [[1.0]]), "replicates"),
])
def test_what_cannot_be_measured_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        call()


def test_aversion_has_to_be_stated_and_not_negative() -> None:
    with pytest.raises(UsageError, match="aversion is -1"):
        equity.atkinson([1, 2], -1)
