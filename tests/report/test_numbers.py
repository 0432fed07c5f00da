"""Numbers show the digits that their uncertainty supports."""

from __future__ import annotations

import math

import pytest

from vsim.report.numbers import estimate, interval, number, places


@pytest.mark.parametrize(
    ("value", "low", "high", "says"),
    [
        (0.4211, 0.312, 0.529, "+0.42 [0.31, 0.53]"),
        (123_456.0, 112_872.0, 134_040.0, "+123,000 [113,000, 134,000]"),
        (-1.7, -2.22, -1.18, "\u22121.70 [\u22122.22, \u22121.18]"),
        (21.3, -8.0, 50.4, "+21 [\u22128, 50]"),
        (0.0, 0.0, 0.0, "0 [0, 0]"),
        (0.004, -0.021, 0.029, "+0.004 [\u22120.021, 0.029]"),
        (2.0, 2.0, 2.0, "+2.00 [2.00, 2.00]"),
        (1e-9, -1e-3, 1e-3, "0.0000 [\u22120.0010, 0.0010]"),
        (5.0, math.nan, math.nan, "+5.00"),
        (math.nan, math.nan, math.nan, "n/a"),
    ],
)
def test_an_estimate_is_rounded_where_its_interval_allows(
    value: float, low: float, high: float, says: str
) -> None:
    assert estimate(value, low, high) == says


def test_a_value_that_rounds_to_zero_has_no_sign() -> None:
    assert number(-0.0001, 2) == "0.00"
    assert number(0.0001, 2, signed=True) == "0.00"


def test_the_terminal_gets_signs_of_a_known_width() -> None:
    assert estimate(-1.7, -2.22, -1.18, ascii_only=True).isascii()
    assert interval(-1.0, 1.0, 1, ascii_only=True) == "[-1.0, 1.0]"


def test_very_small_intervals_do_not_fill_the_line() -> None:
    assert places(0.0, 1e-12) == 6
