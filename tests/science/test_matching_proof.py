"""Evidence of matching: intervals hold known parameters about as often as they say, and the evidence is of today.

The proof is made by `vsim run rematch --out proofs`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vsim.run.match_space import space_of
from vsim.run.matching_proof import (
    NAMES,
    PARAMETERS,
    SETTINGS,
    Known,
    depends_on,
    read_proof,
    recover_one,
    summary,
    truths,
)
from vsim.run.run import MODEL_VERSION

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
AGAIN = "run `vsim run rematch --out proofs`"
SPACE = space_of(PARAMETERS)


def test_the_proof_is_not_stale_and_sums_up_its_own_truths() -> None:
    told, found = read_proof(PROOFS)
    assert told["depends_on"] == depends_on(), AGAIN
    assert told["model_version"] == MODEL_VERSION, AGAIN
    assert told["settings"] == SETTINGS
    assert len(found) >= 20
    for row, now in zip(told["summary"], summary(found), strict=True):
        assert row == {k: v if isinstance(v, str) else pytest.approx(v) for k, v in now.items()}


@pytest.mark.slow
def test_the_truths_fill_the_ranges_and_each_was_measured_by_every_target() -> None:
    _, found = read_proof(PROOFS)
    box = SPACE.values(truths(SPACE, len(found))[:, : len(SPACE.keys)])
    assert np.array([[one.truth[key] for key in SPACE.keys] for one in found]) == pytest.approx(box, abs=1e-5)
    assert all(set(one.figures) == set(NAMES) for one in found)


def test_nine_of_ten_intervals_hold_the_truth_to_within_the_error_of_that_number() -> None:
    """A truth of which nothing was left counts as missed; the intervals say something, being narrower than ranges."""
    _, found = read_proof(PROOFS)
    *each, whole = summary(found)
    assert [row["parameter"] for row in each] == list(SPACE.keys)
    for row in (*each, whole):
        assert row["coverage_low"] <= 0.9 <= row["coverage_high"], row
    for row in each:
        assert row["width_over_range"] < 0.7
        assert abs(row["bias_over_range"]) < 0.1


@pytest.mark.slow
def test_a_truth_matched_today_gives_what_the_proof_says() -> None:
    _, found = read_proof(PROOFS)
    again = recover_one(SPACE, truths(SPACE, len(found))[1], 1)
    assert again.figures == found[1].figures
    assert isinstance(found[1], Known)
    assert again.value is not None
    assert found[1].value is not None
    for key, value in again.value.items():
        assert value == pytest.approx(found[1].value[key], abs=0.02)
