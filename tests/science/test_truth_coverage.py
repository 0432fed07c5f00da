"""The evidence that intervals of the truth engine cover the truth as often as they say.

The proof is made by `python -m tests.science.truth_coverage`.
"""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.science.truth_coverage import (
    ASKED,
    ESTIMANDS,
    LEVEL,
    OUTCOMES,
    PROOF,
    REFERENCE,
    REPETITIONS,
    SIZES,
    depends_on,
    study,
)
from vsim.run.run import MODEL_VERSION
from vsim.run.study import interval

REFRESH = "run `python -m tests.science.truth_coverage`"
LOOKING = 0.02                # what stopping by the standard deviation costs a rule that begins with twenty
LUCK = math.sqrt(LEVEL * (1 - LEVEL) / REPETITIONS)           # error of a coverage that is as it should be


def proof() -> dict[str, Any]:
    assert PROOF.is_file(), f"{PROOF.name} is missing: {REFRESH}"
    found: dict[str, Any] = json.loads(PROOF.read_text(encoding="utf-8"))
    return found


def test_the_proof_is_not_stale_and_its_lucks_are_apart() -> None:
    told = proof()
    assert (told["model_version"], told["depends_on"], told["level"]) == (MODEL_VERSION, depends_on(), LEVEL), REFRESH
    assert told["reference"]["replicates"] >= REFERENCE
    assert told["repetitions"]["first"] >= told["reference"]["first"] + told["reference"]["replicates"]
    assert [(row["outcome"], row["estimand"], row["replicates"]) for row in told["rows"]] == [
        (outcome, estimand, size) for outcome in OUTCOMES for estimand in ESTIMANDS for size in SIZES]


def test_intervals_cover_as_often_as_they_say() -> None:
    rows = proof()["rows"]
    assert [row for row in rows if row["coverage"] < LEVEL - 3 * LUCK] == []
    assert abs(sum(row["coverage"] for row in rows) / len(rows) - LEVEL) < 2 * LUCK
    for row in rows:
        assert row["coverage_se"] == pytest.approx(math.sqrt(row["coverage"] * (1 - row["coverage"]) / REPETITIONS))
        assert row["truth_se"] < row["half_width"] / 10, "the reference is too coarse to judge by"
        assert abs(row["mean"] - row["truth"]) < 4 * math.hypot(
            row["truth_se"], row["truth_se"] * math.sqrt(REFERENCE / (REPETITIONS * row["replicates"])))


def test_studies_that_stop_when_they_are_narrow_enough_lose_two_points_at_most() -> None:
    rows = proof()["until"]
    assert [row["estimand"] for row in rows] == list(ESTIMANDS)
    for row in rows:
        assert row["coverage"] > LEVEL - LOOKING - row["coverage_se"]
        assert 0.8 * ASKED < row["replicates"] < 1.2 * ASKED
        assert row["given_up"] <= row["studies"] / 100


def test_every_effect_is_there_to_be_found() -> None:
    """An interval around nothing would cover nothing's truth: the effects are far from nought."""
    for row in proof()["rows"]:
        if row["estimand"] != "spillover":
            assert abs(row["truth"]) > 10 * row["truth_se"]
    assert any(abs(row["truth"]) > 5 * row["truth_se"] for row in proof()["rows"] if row["estimand"] == "spillover")


def test_the_first_study_run_anew_gives_the_interval_of_the_proof() -> None:
    told = proof()
    again = study(SIZES[0], told["repetitions"]["first"])
    for row in told["rows"]:
        if row["replicates"] == SIZES[0]:
            value, _, low, high = interval(again.draws(row["estimand"], row["outcome"]), LEVEL)
            assert row["first"] == pytest.approx([value, low, high], rel=1e-9)
