"""The arithmetic of indicators: published intervals, nothing over nothing, groups, resampling, composition."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from vsim.errors import DataError, UsageError
from vsim.evaluate.kpi import spread
from vsim.evaluate.kpi.composition import beside_truth, between_and_within, decompose
from vsim.evaluate.kpi.parts import Parts
from vsim.evaluate.kpi.shapes import quantile, simpson, survival, survival_at, survival_median, top_tenth


def parts(top: list[float], bottom: list[float], kind: str = "ratio", **more: object) -> Parts:
    frame = pd.DataFrame({"district": ["D2", "D1", "D2", "D1"] * (len(top) // 4) + ["D1"] * (len(top) % 4)})
    return Parts(frame, np.array(top, dtype=float), np.array(bottom, dtype=float), kind, **more)  # type: ignore[arg-type]


def test_intervals_are_those_of_published_examples() -> None:
    """Newcombe (1998): 81 of 263 by the score method, 56 of 70 less 48 of 80; exact Poisson limits of 10 events."""
    assert spread.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert spread.wilson(0, 20)[0] == 0
    assert spread.wilson(20, 20)[1] == 1
    assert spread.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    from scipy import stats

    for events in (0, 1, 4, 30):
        exact = (stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0, stats.chi2.ppf(0.975, 2 * events + 2) / 2)
        assert spread.byar(events, 1.0) == pytest.approx(exact, abs=0.03, rel=0.03)


@pytest.mark.parametrize("kind", ["share", "ratio", "rate"])
def test_nothing_over_nothing_is_not_zero(kind: str) -> None:
    found = parts([0, 0, 0, 0], [0, 0, 0, 0], kind).reading()
    assert math.isnan(found.value)
    assert found.reason == "the denominator is zero"
    assert math.isnan(found.low)
    assert found.to_dict()["value"] is None
    with pytest.raises(DataError, match="the denominator is zero"):
        found.estimate()


def test_a_reading_tells_what_it_was_divided_from() -> None:
    found = parts([1, 0, 1, 1], [1, 1, 1, 1], "share").reading()
    assert (found.value, found.numerator, found.denominator, found.n) == (0.75, 3, 4, 4)
    assert (found.low, found.high) == pytest.approx(spread.wilson(3, 4))
    estimate = found.estimate()
    assert (estimate.value, estimate.low, estimate.n) == (found.value, found.low, 4)


def test_groups_are_read_as_if_each_stood_alone() -> None:
    whole = parts([3, 0, 5, 2], [4, 2, 6, 2])
    table = whole.grouped("district")
    assert table["district"].tolist() == ["D1", "D2"]
    for name, row in table.set_index("district").iterrows():
        mine = (whole.frame["district"] == name).to_numpy()
        alone = Parts(whole.frame[mine].reset_index(drop=True), whole.top[mine], whole.bottom[mine], "ratio").reading()
        assert (row["value"], row["low"], row["high"]) == (alone.value, alone.low, alone.high)
    assert table["numerator"].sum() == whole.reading().numerator
    with pytest.raises(DataError, match="Did you mean 'district'"):
        whole.grouped("districts")


@examples(max_examples=30)
@given(st.permutations(range(12)))
def test_an_interval_does_not_change_with_the_order_of_rows(order: list[int]) -> None:
    top, bottom = np.arange(12.0) % 5, np.arange(12.0) % 7
    frame = pd.DataFrame({"org": [f"G{k % 4}" for k in range(12)]})
    for kind, more in (("ratio", {}), ("ratio", {"cluster": "org"}), ("shape", {"shape": "median"})):
        one = Parts(frame, top, bottom, kind, **more).reading()  # type: ignore[arg-type]
        other = Parts(frame.iloc[order].reset_index(drop=True), top[order], bottom[order], kind,
                      **more).reading()  # type: ignore[arg-type]
        assert (one.value, one.low, one.high) == (other.value, other.low, other.high)


def test_clusters_widen_an_interval_where_rows_of_one_are_alike() -> None:
    luck = np.random.default_rng(4)
    org = np.repeat(np.arange(30), 20)
    top = np.repeat(luck.random(30), 20)
    frame = pd.DataFrame({"org": org})
    rows = Parts(frame, top, np.ones(600), "ratio").reading()
    whole = Parts(frame, top, np.ones(600), "ratio", cluster="org").reading()
    assert whole.high - whole.low > 3 * (rows.high - rows.low)
    exact = 1.96 * np.array([top[org == k].mean() for k in range(30)]).std(ddof=1) / math.sqrt(30)
    assert (whole.high - whole.low) / 2 == pytest.approx(exact, rel=0.15)


def test_above_many_clusters_the_linear_form_agrees_with_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    luck = np.random.default_rng(5)
    bottom = luck.integers(1, 9, 1500).astype(float)
    top = luck.binomial(bottom.astype(int), 0.3).astype(float)
    drawn = spread.resampled(top, bottom)
    monkeypatch.setattr(spread, "MANY", 100)
    assert spread.resampled(top, bottom) == pytest.approx(drawn, abs=0.002)


def test_shapes_by_hand() -> None:
    ones = np.ones(4)
    assert quantile(np.array([4.0, 1.0, 3.0, 2.0]), ones, 0.5) == 2
    assert quantile(np.array([4.0, 1.0, 3.0, 2.0]), ones, 0.9) == 4
    assert top_tenth(np.array([10.0] + [1.0] * 9), np.ones(10), np.ones(10)) == pytest.approx(10 / 19)
    assert top_tenth(np.ones(4), ones, ones) == pytest.approx(0.1)
    assert simpson(np.array([0.0, 0.0, 1.0, 2.0]), ones, ones) == pytest.approx(1 - (0.25 + 2 / 16))
    assert simpson(np.zeros(4), ones, ones) == 0


@pytest.mark.slow
def test_the_survival_curve_is_that_of_lifelines() -> None:
    import lifelines

    luck = np.random.default_rng(6)
    time = np.ceil(luck.exponential(20, 200))
    ended = (luck.random(200) < 0.7).astype(float)
    fitted = lifelines.KaplanMeierFitter().fit(time, ended)
    times, curve = survival(time, ended, np.ones(200))
    assert curve == pytest.approx(fitted.survival_function_at_times(times).to_numpy())
    assert survival_median(time, ended, np.ones(200)) == fitted.median_survival_time_
    assert survival_at(time, ended, np.ones(200), 12.0) == pytest.approx(float(fitted.predict(12.0)))
    assert math.isnan(survival_median(np.array([1.0, 2.0]), np.zeros(2), np.ones(2)))
    assert math.isnan(survival_at(np.array([1.0, 2.0]), np.zeros(2), np.ones(2), 5.0))


def test_weights_of_a_curve_count_people() -> None:
    time, ended = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 1.0])
    twice = survival(np.repeat(time, 2), np.repeat(ended, 2), np.ones(6))[1]
    assert survival(time, ended, np.full(3, 2.0))[1] == pytest.approx(twice)


def test_a_change_of_who_takes_part_is_told_from_a_change_of_what_they_do() -> None:
    """Rates stay at 0.2 and 0.6; weights go from half and half to a quarter and three quarters: composition alone."""
    def side(a: int, b: int) -> Parts:
        frame = pd.DataFrame({"kind": ["a"] * a + ["b"] * b})
        top = np.concatenate([np.arange(a) < 0.2 * a, np.arange(b) < 0.6 * b]).astype(float)
        return Parts(frame, top, np.ones(a + b), "share")

    found = decompose(side(20, 20), side(10, 30), "kind")
    assert (found.before, found.after) == pytest.approx((0.4, 0.5))
    assert (found.rates, found.composition) == pytest.approx((0.0, 0.1))
    assert found.moved_by_composition


@examples(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 9)), min_size=2, max_size=20),
       st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 9)), min_size=2, max_size=20))
def test_both_parts_of_a_difference_add_up(one: list[tuple[int, int, int]], two: list[tuple[int, int, int]]) -> None:
    sides = [Parts(pd.DataFrame({"g": [row[0] for row in rows]}), np.array([row[1] for row in rows], dtype=float),
                   np.array([row[2] for row in rows], dtype=float), "ratio", scale=100.0) for rows in (one, two)]
    found = decompose(*sides, "g")
    assert found.rates + found.composition == pytest.approx(found.after - found.before, abs=1e-9)
    mixed = between_and_within(sides[0], "g")
    rate = sides[0].top / sides[0].bottom * 100
    middle = np.average(rate, weights=sides[0].bottom)
    assert mixed.between + mixed.within == pytest.approx(np.average((rate - middle) ** 2, weights=sides[0].bottom),
                                                         abs=1e-6)


def test_recorded_stands_beside_true() -> None:
    found = beside_truth(parts([6, 6, 0, 0], [4, 4, 0, 0]), parts([4, 4, 0, 0], [4, 4, 0, 0]))
    assert (found.error, found.ratio) == pytest.approx((0.5, 1.5))
    with pytest.raises(DataError, match="the same indicator twice"):
        beside_truth(parts([1] * 4, [1] * 4), parts([1] * 4, [1] * 4, "share"))


@pytest.mark.parametrize(("call", "said"), [
    (lambda: decompose(parts([1] * 4, [1] * 4, "total"), parts([1] * 4, [1] * 4, "total"), "district"), "is a total"),
    (lambda: decompose(parts([0] * 4, [0] * 4), parts([1] * 4, [1] * 4), "district"), "denominator of one side"),
    (lambda: decompose(parts([1] * 4, [1] * 4), parts([1] * 4, [1] * 4), "town"), "no column 'town'"),
])
def test_what_cannot_be_decomposed_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        call()


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(UsageError, match="level is 95"):
        parts([1] * 4, [1] * 4).reading(level=95)
