"""Evidence of recovery: known parameters, found again or not; what is not found is told, not left out.

The proof is made by `vsim run recover cn_registry --out proofs`, which `make prove` runs before these tests.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vsim.run.calibrate import FREE, TRIAL_SEED, evidence_hash
from vsim.run.recover import Recovery, read_recovery, summary, truths
from vsim.run.run import MODEL_VERSION, simulate
from vsim.run.validate import moments
from vsim.spec.scenario import load_scenario
from vsim.spec.targets import targets_for

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
RECOVERED = "cn_registry"
AGAIN = f"run `vsim run recover {RECOVERED} --out proofs`"
pytestmark = pytest.mark.prove


def recoveries() -> list[tuple[dict[str, Any], Recovery]]:
    kept = json.loads((PROOFS / f"recovery-{RECOVERED}.json").read_text(encoding="utf-8"))["recoveries"]
    return [(row, read_recovery(row)) for row in kept]


def test_the_recovery_is_not_stale_and_sums_up_its_own_draws() -> None:
    assert recoveries(), AGAIN
    scenario = load_scenario(RECOVERED)
    for row, recovery in recoveries():
        assert recovery.preset == RECOVERED
        assert recovery.depends_on == evidence_hash(scenario, list(FREE[RECOVERED])), AGAIN
        assert recovery.model_version == MODEL_VERSION, AGAIN
        assert len(recovery.draws) >= 10
        for told, found in zip(row["summary"], summary(recovery), strict=True):
            assert told == {k: v if isinstance(v, str) else pytest.approx(v) for k, v in found.items()}


def test_every_search_began_elsewhere_than_at_its_truth_and_the_truths_are_those_of_the_box() -> None:
    for _, recovery in recoveries():
        free = list(FREE[RECOVERED])
        box = truths(load_scenario(RECOVERED), free, len(recovery.draws))
        told = np.array([[draw.truth[key] for key in free] for draw in recovery.draws])
        assert told == pytest.approx(box, abs=1e-3)
        assert all(draw.truth != draw.start for draw in recovery.draws)


def test_hours_are_recovered_since_they_are_seen_and_no_coverage_is_claimed_beyond_what_was_found() -> None:
    """B6 is the mean length of an attendance: one moment of its own for one parameter, so the error must be small."""
    for row, _ in recoveries():
        found = {one["parameter"]: one for one in row["summary"]}
        assert set(found) == set(FREE[RECOVERED])
        assert found["service.hours_mean"]["rmse_over_sd"] < 0.5
        for one in found.values():
            assert one["coverage_low"] <= one["coverage"] <= one["coverage_high"]
            assert one["rmse"] >= abs(one["bias"])


def test_the_data_of_one_draw_are_those_that_the_model_makes_from_its_truth_today() -> None:
    """The loss at the truth under the luck of the search is small: the draw is from this model, not from another."""
    _, recovery = recoveries()[0]
    targets = targets_for(RECOVERED, "fit")
    draw = recovery.draws[0]
    scenario = load_scenario(RECOVERED)
    there = moments(simulate(scenario.with_values(draw.found), TRIAL_SEED), targets)
    truth = moments(simulate(scenario.with_values(draw.truth), TRIAL_SEED), targets)
    spread = np.array([(float(t.high or 0) - float(t.low or 0)) / 2 for t in targets])
    assert float((((there - truth) / spread) ** 2).sum()) < draw.loss + 0.1
