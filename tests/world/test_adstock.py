"""Stocks build up and fade by half-lives, the same in whole numbers and in floating point."""

from __future__ import annotations

import numpy as np
import pytest

from vsim.world.adstock import stock32, stocks


def test_half_of_the_stock_is_there_after_a_half_life_and_left_after_another() -> None:
    curve = [value / 2**32 for value in stock32(4, 12, 4.0)]
    assert curve[3] == pytest.approx(0.5, abs=0.001)
    assert curve[7] == pytest.approx(0.25, abs=0.001)
    assert max(curve) == curve[3]


def test_both_forms_are_one_curve() -> None:
    effort = np.array([[1.0] * 6 + [0.0] * 14])
    assert np.array(stock32(6, 20, 2.5)) / 2**32 == pytest.approx(stocks(effort, 2.5)[0], abs=0.002)


def test_no_effort_leaves_no_stock() -> None:
    assert set(stock32(0, 5, 3.0)) == {0}
    assert not stocks(np.zeros((2, 5)), 3.0).any()
