"""The estimators give published numbers on real data."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.references.cases import CASES, same

ROWS = yaml.safe_load(Path(__file__).with_name("published.yaml").read_text(encoding="utf-8"))
pytestmark = pytest.mark.slow


def test_every_row_has_a_case_and_every_case_a_row() -> None:
    assert [row["id"] for row in ROWS] == list(CASES)
    assert len({row["estimator"] for row in ROWS}) >= 8


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_published_number_is_ours(row: dict[str, object]) -> None:
    value, se = CASES[str(row["id"])]()
    published, digits = float(str(row["value"])), int(str(row["digits"]))
    near = abs(value - published) <= float(str(row["within"])) if "within" in row else same(value, published, digits)
    assert near, f"{value} instead of {row['value']}"
    if "se" in row and "se_note" not in row:
        assert se is not None
        assert same(se, float(str(row["se"])), digits), f"{se} instead of {row['se']}"


def test_a_number_that_is_off_by_its_last_digit_is_seen() -> None:
    assert same(0.1314, 0.131, 3)
    assert not same(0.1316, 0.131, 3)
