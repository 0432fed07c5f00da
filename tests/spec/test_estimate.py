"""One result type says a number, its interval and what it means."""

from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError, replace

import pytest

from vsim.errors import VsimError
from vsim.spec.estimate import Estimate

ONE = Estimate(1.234, 0.08, 1.1, 1.4, 0.95, "h per registered volunteer-year", 20, "total", "twin worlds")


def test_an_estimate_reads_as_value_interval_and_unit() -> None:
    assert str(ONE) == "1.23 [1.10, 1.40] h per registered volunteer-year"


@pytest.mark.parametrize(("value", "low", "high", "text"), [
    (123_456.0, 100_000.0, 150_000.0, "123,456 [100,000, 150,000] h"),
    (0.00123, 0.0011, 0.0014, "0.00123 [0.00110, 0.00140] h"),
    (-0.001, -0.2, 0.2, "0.00 [-0.20, 0.20] h"),
    (0.0, 0.0, 0.0, "0 [0, 0] h"),
    (2.5, 2.5, 2.5, "2.5 [2.5, 2.5] h"),
    (1.0, math.nan, math.nan, "1.0 [not known, not known] h"),
    (1.0, -math.inf, math.inf, "1.0 [-unbounded, unbounded] h"),
])
def test_digits_follow_the_width_of_the_interval(value: float, low: float, high: float, text: str) -> None:
    assert str(replace(ONE, value=value, low=low, high=high, unit="h")) == text


def test_an_estimate_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ONE.value = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(("field", "value", "words"), [
    ("level", 95.0, "level is 95.0"),
    ("level", 0.0, "level is 0.0"),
    ("low", 1.5, "low is 1.5"),
    ("se", -0.1, "se is -0.1"),
])
def test_an_estimate_that_cannot_be_is_refused(field: str, value: float, words: str) -> None:
    with pytest.raises(VsimError, match=words):
        replace(ONE, **{field: value})


def test_an_estimate_becomes_plain_json() -> None:
    fields = replace(ONE, se=math.nan, assumptions=("parallel trends",)).to_dict()
    assert fields["se"] is None
    assert fields["assumptions"] == ["parallel trends"]
    assert list(fields) == ["value", "se", "low", "high", "level", "unit", "n", "estimand", "method",
                            "assumptions", "library", "version"]
    assert json.loads(json.dumps(fields, allow_nan=False)) == fields


def test_assumptions_are_kept_as_a_tuple() -> None:
    assert replace(ONE, assumptions=["a", "b"]).assumptions == ("a", "b")  # type: ignore[arg-type]
    assert hash(ONE) == hash(replace(ONE))
