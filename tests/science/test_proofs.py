"""Evidence of the slow lane: it is there for every preset, it is not stale, and the presets carry what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vsim.run.calibrate import FREE, TRIAL_SEED, evidence_hash
from vsim.run.run import MODEL_VERSION
from vsim.spec.cards import load_cards
from vsim.spec.scenario import load_scenario
from vsim.spec.targets import targets_for

PROOFS = Path(__file__).resolve().parents[2] / "proofs"


def proof(preset: str) -> dict[str, Any]:
    path = PROOFS / f"calibration-{preset}.json"
    assert path.is_file(), f"{path.name} is missing: run `{refresh(preset)}`"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def refresh(preset: str) -> str:
    return f"vsim run calibrate {preset}"


def test_there_is_no_proof_of_nothing() -> None:
    assert {path.name for path in PROOFS.glob("calibration-*.json")} == {f"calibration-{name}.json" for name in FREE}


@pytest.mark.parametrize("preset", FREE)
def test_the_evidence_of_a_preset_is_not_stale(preset: str) -> None:
    """What a fit depends on (world, other numbers, targets, model version, which numbers are free) is as it was."""
    now = evidence_hash(load_scenario(preset), FREE[preset])
    told = f"proofs/calibration-{preset}.json is stale: run `{refresh(preset)}` and write its numbers into the scenario"
    assert proof(preset)["depends_on"] == now, told
    assert proof(preset)["model_version"] == MODEL_VERSION, told


@pytest.mark.parametrize("preset", FREE)
def test_a_preset_carries_exactly_the_numbers_of_its_proof(preset: str) -> None:
    carried = load_scenario(preset).parameters
    fitted = proof(preset)["parameters"]
    assert set(fitted) == set(FREE[preset])
    assert {key: carried.get(key) for key in fitted} == fitted, f"write the numbers of the proof into {preset}.yaml"


@pytest.mark.parametrize("preset", FREE)
def test_the_fitted_numbers_lie_inside_their_cards_and_the_moments_inside_their_targets(preset: str) -> None:
    found = proof(preset)
    cards = load_cards()
    assert [key for key, value in found["parameters"].items() if not cards[key].low <= value <= cards[key].high] == []
    targets = {target.id: target for target in targets_for(preset, "fit")}
    assert found["targets"] == {name: target.value for name, target in targets.items()}
    assert set(found["moments"]) == set(targets)
    assert [name for name, value in found["moments"].items() if not targets[name].holds(value)] == []
    assert (found["preset"], found["seed"]) == (preset, TRIAL_SEED)
    assert found["trials"] >= 10
    assert found["loss"] >= 0


@pytest.mark.parametrize("preset", FREE)
def test_the_targets_of_the_issue_are_among_those_that_are_fitted(preset: str) -> None:
    asked = {
        "cn_registry": {"B4", "B5", "B6", "B8"}, "cn_mobilised": {"C7", "C8", "C9", "D1", "D2"},
        "us_cps": {"A1"}, "uk_cls": {"A3"},
    }
    assert asked[preset] <= set(proof(preset)["targets"])


@pytest.mark.parametrize("preset", FREE)
def test_a_change_of_what_a_fit_depends_on_is_noticed(preset: str) -> None:
    scenario = load_scenario(preset)
    moved = scenario.with_values({"recording.missing": 0.33})
    assert evidence_hash(moved, FREE[preset]) != proof(preset)["depends_on"]


@pytest.mark.slow
@pytest.mark.parametrize("preset", FREE)
def test_the_moments_of_the_proof_are_those_of_the_preset_today(preset: str) -> None:
    """One run under the luck of the trials; the numbers of the scenario are rounded to three digits, so nearly."""
    from vsim.run.moments import moments
    from vsim.run.run import simulate

    targets = targets_for(preset, "fit")
    found = moments(simulate(load_scenario(preset), TRIAL_SEED), targets)
    for target, value in zip(targets, found, strict=True):
        assert target.low is not None
        assert target.high is not None
        told = proof(preset)["moments"][target.id]
        room = 0.1 * (target.high - target.low)
        assert value == pytest.approx(told, abs=room), f"{target.id}: run `{refresh(preset)}`"
