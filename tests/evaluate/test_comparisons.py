"""Comparisons of districts, held against arithmetic by hand and against scipy."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vsim.errors import DataError
from vsim.evaluate.comparisons import before_after, difference_in_differences, with_without

pytestmark = pytest.mark.slow

NUMBERS = st.floats(-50, 50).map(lambda value: round(value, 3))
SIDE = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=12)
NAMES = {"treated": "pilot", "before": "then", "after": "now", "unit": "h"}


def frame(treated: list[tuple[float, float]], others: list[tuple[float, float]]) -> pd.DataFrame:
    rows = [(True, *pair) for pair in treated] + [(False, *pair) for pair in others]
    return pd.DataFrame(rows, columns=["pilot", "then", "now"])


def test_all_three_by_hand() -> None:
    """Treated 2 to 5 and 4 to 9; others 1 to 2, 3 to 3 and 5 to 7."""
    table = frame([(2, 5), (4, 9)], [(1, 2), (3, 3), (5, 7)])
    change = before_after(table, **NAMES)
    assert (change.value, change.n, change.se) == (4.0, 2, pytest.approx(1.0))
    assert change.low == pytest.approx(4 - 12.7062, abs=1e-4)
    level = with_without(table, treated="pilot", after="now", unit="h")
    assert (level.value, level.n) == (3.0, 5)
    assert level.se == pytest.approx(math.sqrt(8 / 2 + 7 / 3))
    did = difference_in_differences(table, **NAMES)
    assert (did.value, did.n) == (3.0, 5)
    assert did.se == pytest.approx(math.sqrt(2 / 2 + 1 / 3))


def test_each_names_its_estimand_its_method_and_what_must_hold() -> None:
    table = frame([(2, 5), (4, 9)], [(1, 2), (3, 3)])
    found = [before_after(table, **NAMES), with_without(table, treated="pilot", after="now", unit="h"),
             difference_in_differences(table, **NAMES)]
    assert [e.method for e in found] == ["before and after", "with and without", "difference in differences"]
    assert all(e.estimand == "att" and e.unit == "h" and len(e.assumptions) == 1 for e in found)
    assert len({e.assumptions for e in found}) == 3


@given(SIDE, SIDE, st.sampled_from([0.8, 0.95, 0.99]))
def test_the_difference_of_two_sides_is_welchs(
    treated: list[tuple[float, float]], others: list[tuple[float, float]], level: float
) -> None:
    table = frame(treated, others)
    ours = (with_without(table, treated="pilot", after="now", unit="h", level=level),
            difference_in_differences(table, **NAMES, level=level))
    sides = (([b for _, b in treated], [b for _, b in others]),
             ([b - a for a, b in treated], [b - a for a, b in others]))
    for estimate, (one, other) in zip(ours, sides, strict=True):
        assert estimate.value == pytest.approx(statistics.mean(one) - statistics.mean(other), abs=1e-9)
        spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
        assert estimate.se == pytest.approx(math.sqrt(spread), abs=1e-9)
        if min(statistics.pvariance(side) for side in (one, other)) < 1e-6:
            continue                            # scipy warns of sides that are all alike
        welch = stats.ttest_ind(one, other, equal_var=False)
        freedom = float(welch.df)
        wide = welch.confidence_interval(level)
        half = (estimate.high - estimate.low) / 2
        assert half >= (wide.high - wide.low) / 2 - 1e-4 * abs(half)         # whole degrees of freedom are fewer
        narrow = stats.t.ppf((1 + level) / 2, max(1, math.floor(freedom + 1e-6))) * estimate.se
        assert half == pytest.approx(narrow, rel=1e-4)


@given(SIDE, st.sampled_from([0.8, 0.95]))
def test_a_change_is_that_of_a_paired_t_test(treated: list[tuple[float, float]], level: float) -> None:
    estimate = before_after(frame(treated, []), **NAMES, level=level)
    change = np.array([b - a for a, b in treated])
    assert estimate.value == pytest.approx(change.mean(), abs=1e-9)
    if change.std() > 1e-3:
        wide = stats.ttest_1samp(change, 0).confidence_interval(level)
        assert (estimate.low, estimate.high) == pytest.approx((wide.low, wide.high), rel=1e-4, abs=1e-4)


@given(SIDE, SIDE, st.randoms())
def test_the_order_of_rows_does_not_matter(
    treated: list[tuple[float, float]], others: list[tuple[float, float]], random: object
) -> None:
    table = frame(treated, others)
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = table.iloc[order]
    for function in (before_after, difference_in_differences):
        one, other = function(table, **NAMES), function(mixed, **NAMES)
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), rel=1e-9, abs=1e-9)


@given(SIDE, SIDE, NUMBERS)
def test_what_rises_everywhere_alike_does_not_move_the_difference_in_differences(
    treated: list[tuple[float, float]], others: list[tuple[float, float]], rise: float
) -> None:
    table = frame(treated, others)
    moved = table.assign(now=table["now"] + rise)
    one, other = difference_in_differences(table, **NAMES), difference_in_differences(moved, **NAMES)
    assert other.value == pytest.approx(one.value, abs=1e-9)
    assert before_after(moved, **NAMES).value == pytest.approx(before_after(table, **NAMES).value + rise, abs=1e-9)


@pytest.mark.parametrize("table", [frame([(1, 2)], [(1, 2), (3, 4)]), frame([(1, 2), (3, 4)], [(1, 2)]), frame([], [])])
def test_a_side_of_one_district_is_refused_since_it_has_no_error(table: pd.DataFrame) -> None:
    table = table.astype({"pilot": bool})
    with pytest.raises(DataError, match="needed 2 or more"):
        difference_in_differences(table, **NAMES)
    with pytest.raises(DataError, match="needed 2 or more"):
        with_without(table, treated="pilot", after="now", unit="h")


def test_districts_that_are_all_alike_have_no_error() -> None:
    estimate = difference_in_differences(frame([(1, 3)] * 3, [(1, 2)] * 3), **NAMES)
    assert (estimate.value, estimate.se, estimate.low, estimate.high) == (1.0, 0.0, 1.0, 1.0)


@pytest.mark.slow
def test_the_interval_covers_as_often_as_it_says() -> None:
    """Two thousand draws of twelve and twenty-eight districts; the standard error of the coverage is half a percent."""
    rng = np.random.default_rng(20261124)
    inside = 0
    for _ in range(2000):
        then = rng.normal(5, 2, 40)
        on = np.arange(40) < 12
        now = then + rng.normal(1, np.where(on, 2.0, 0.7)) + 0.5 * on
        table = pd.DataFrame({"pilot": on, "then": then, "now": now})
        estimate = difference_in_differences(table, **NAMES)
        inside += estimate.low <= 0.5 <= estimate.high
    assert abs(inside / 2000 - 0.95) < 0.017
