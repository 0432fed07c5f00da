"""Scores of estimators: bias, spread, coverage, errors of sign and size, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from vsim.errors import DataError
from vsim.evaluate.scoring import Pair, score, wilson
from vsim.spec.estimate import Estimate


def made(value: float, se: float = 1.0, estimand: str = "att") -> Estimate:
    half = 1.959964 * se
    return Estimate(value, se, value - half, value + half, 0.95, "h", 10, estimand, "m")


def true(value: float, estimand: str = "att") -> Estimate:
    return Estimate(value, 0.0, value, value, 0.95, "h", 10, estimand, "twin worlds")


def normal(n: int, shift: float = 0.0, effect: float = 1.0, stated: float = 1.0) -> list[Pair]:
    luck = np.random.default_rng(3).normal(size=n)
    return [(made(effect + shift + one, stated), true(effect)) for one in luck]


def test_an_honest_estimator_is_unbiased_and_covers_at_its_rate() -> None:
    found = score(normal(4000))
    assert abs(found.bias) < 3 * found.bias_se
    assert found.coverage == pytest.approx(0.95, abs=3 * found.coverage_se)
    assert found.se_ratio == pytest.approx(1.0, abs=0.05)
    assert found.rmse == pytest.approx(found.spread, rel=0.01)
    assert found.mae == pytest.approx(stats.norm.ppf(0.75), rel=0.05)
    assert not found.covers_less_than(0.93)


def test_bias_lowers_coverage_until_it_is_taken_away() -> None:
    found = score(normal(4000, shift=2.0))
    assert found.bias == pytest.approx(2.0, abs=0.1)
    assert found.coverage == pytest.approx(stats.norm.cdf(-0.04) - stats.norm.cdf(-3.96), abs=0.03)
    assert found.coverage_centred == pytest.approx(0.95, abs=0.02)
    assert found.covers_less_than(0.93)


def test_an_estimator_that_says_too_small_errors_is_over_confident() -> None:
    found = score(normal(2000, stated=0.5))
    assert found.se_ratio == pytest.approx(0.5, abs=0.02)
    assert found.coverage == pytest.approx(1 - 2 * stats.norm.sf(0.98), abs=0.04)


def test_significant_results_of_small_effects_exaggerate_and_may_have_the_wrong_sign() -> None:
    effect = 0.3
    found = score(normal(20_000, effect=effect))
    z = np.random.default_rng(9).normal(effect, 1.0, 400_000)
    sure = z[np.abs(z) > 1.959964]
    assert found.significant == pytest.approx((np.abs(z) > 1.959964).mean(), abs=0.01)
    assert found.wrong_sign == pytest.approx((sure < 0).mean(), abs=0.04)
    assert found.exaggeration == pytest.approx((np.abs(sure) / effect).mean(), rel=0.05)


def test_the_interval_score_is_width_and_the_penalty_for_missing() -> None:
    inside, outside = (made(0.0), true(1.0)), (made(0.0), true(3.0))
    width = 2 * 1.959964
    assert score([inside, inside]).interval_score == pytest.approx(width)
    assert score([outside, outside]).interval_score == pytest.approx(width + 2 / 0.05 * (3 - 1.959964))


def test_failures_are_counted_and_two_estimates_are_needed() -> None:
    found = score([(None, true(1.0)), (made(1.0), true(1.0)), (made(2.0), true(1.0))])
    assert (found.n, found.failed) == (2, 1)
    with pytest.raises(DataError, match="1 estimates of 2 replications"):
        score([(None, true(1.0)), (made(1.0), true(1.0))])


def test_an_estimate_of_something_else_is_not_scored() -> None:
    with pytest.raises(DataError, match="estimate is of 'itt', the truth of 'att'"):
        score([(made(1.0, estimand="itt"), true(1.0))] * 2)


def test_without_an_effect_there_is_no_sign_to_miss() -> None:
    found = score(normal(500, effect=0.0))
    assert math.isnan(found.wrong_sign)
    assert math.isnan(found.exaggeration)
    assert found.significant == pytest.approx(0.05, abs=0.03)


def test_wilsons_interval_is_scipys() -> None:
    for hits, n in ((0, 20), (7, 20), (190, 200), (20, 20)):
        ends = stats.binomtest(hits, n).proportion_ci(method="wilson")
        assert wilson(hits, n) == pytest.approx((ends.low, ends.high), abs=1e-6)
