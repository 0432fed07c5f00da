"""Student's t without a statistics package, held against scipy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vsim.evaluate.intervals import t_quantile

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


@pytest.mark.parametrize("level", LEVELS)
def test_the_quantile_agrees_with_scipy_to_five_digits_for_every_size_that_is_used(level: float) -> None:
    for freedom in (*range(1, 60), 99, 199, 999, 10_000, 1_000_000):
        assert t_quantile(level, freedom) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), rel=2e-5), freedom


def test_the_quantiles_of_the_textbook_are_there() -> None:
    for freedom, value in ((1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (19, 2.093), (29, 2.045)):
        assert t_quantile(0.95, freedom) == pytest.approx(value, abs=5e-4)


@given(st.floats(0.3, 0.995), st.integers(1, 500))
def test_a_surer_interval_is_wider_and_more_freedom_makes_it_narrower(level: float, freedom: int) -> None:
    assert t_quantile(level + 0.002, freedom) > t_quantile(level, freedom) > 0
    assert t_quantile(level, freedom + 1) < t_quantile(level, freedom)
