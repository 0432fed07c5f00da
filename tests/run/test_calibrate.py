"""Calibration: it comes nearer to its targets, does the same each time, and leaves evidence whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.run import calibrate as calibration
from vsim.run.calibrate import FREE, PULL, TRIAL_SEED, Fit, calibrate, evidence_hash, write_proof
from vsim.run.moments import moments
from vsim.run.run import simulate
from vsim.spec.cards import load_cards
from vsim.spec.scenario import Scenario
from vsim.spec.targets import targets_for

FIT = Fit("cn_registry", {"a.b": 1.5}, 0.25, {"B4": 1.3}, {"B4": 1.33}, 12, TRIAL_SEED, "0.1", "0" * 64)
SMALL = {"participation.taste_mean": (-2.0, 1.5), "service.hours_mean": (3.13, 1.5)}


def place() -> Scenario:
    return scenarios()[0].model_copy(update={"weeks": 52, "name": "cn_registry", "policies": []})


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Two free numbers, far from where they should be, in a place of 600 people."""
    found = place()
    monkeypatch.setattr(calibration, "load_scenario", lambda _name: found)
    monkeypatch.setattr(calibration, "FREE", {"cn_registry": SMALL})
    return found


class EnoughError(Exception):
    """Raised to end a search early."""


def stop_after(trials: int, steps: list[tuple[int, float]]) -> Callable[[int, float], None]:
    """Return a progress function that notes each trial and ends the search after some."""

    def note(done: int, loss: float) -> None:
        steps.append((done, loss))
        if done == trials:
            raise EnoughError

    return note


@pytest.mark.slow
def test_twelve_trials_come_nearer_and_the_same_way_each_time(tiny: Scenario) -> None:
    steps: list[tuple[int, float]] = []
    fit = calibrate("cn_registry", trials=12, progress=lambda done, loss: steps.append((done, loss)))
    assert [done for done, _ in steps] == list(range(1, 13))
    losses = [loss for _, loss in steps]
    assert losses == sorted(losses, reverse=True)
    assert fit.loss == round(losses[-1], 4)
    assert fit.loss < 0.9 * losses[0]
    assert (fit.trials, fit.seed, fit.preset) == (12, TRIAL_SEED, "cn_registry")
    again: list[tuple[int, float]] = []
    with pytest.raises(EnoughError):
        calibrate("cn_registry", trials=12, progress=stop_after(5, again))
    assert again == steps[:5]
    cards = load_cards()
    assert set(fit.parameters) == set(SMALL)
    assert all(cards[key].low <= value <= cards[key].high for key, value in fit.parameters.items())
    assert fit.targets == {target.id: target.value for target in targets_for("cn_registry", "fit")}
    assert fit.depends_on == evidence_hash(tiny, SMALL)


def test_the_loss_is_the_distance_from_the_targets_and_a_weak_pull_to_the_evidence(tiny: Scenario) -> None:
    """The first trial is the start itself; its loss by hand."""
    first: list[tuple[int, float]] = []
    with pytest.raises(EnoughError):
        calibrate("cn_registry", trials=12, progress=stop_after(1, first))
    start = {key: begin for key, (_, begin) in SMALL.items()}
    targets = targets_for("cn_registry", "fit")
    found = moments(simulate(tiny.with_values(start), TRIAL_SEED), targets)
    distance = sum(
        ((value - float(target.value or 0)) / ((float(target.high or 0) - float(target.low or 0)) / 2)) ** 2
        for value, target in zip(found, targets, strict=True)
    )
    cards = load_cards()
    pull = sum((4 * (begin - told) / (cards[key].high - cards[key].low)) ** 2 for key, (told, begin) in SMALL.items())
    assert first[0][1] == pytest.approx(distance + PULL * pull, rel=1e-12)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(UsageError, match="allowed cn_registry, cn_mobilised"):
        calibrate("riverside")


@pytest.mark.parametrize("preset", FREE)
def test_every_free_number_has_a_card_whose_range_holds_where_the_search_begins(preset: str) -> None:
    cards = load_cards()
    assert len(FREE[preset]) >= 2
    for key, values in FREE[preset].items():
        assert all(cards[key].low <= value <= cards[key].high for value in values), key
    assert targets_for(preset, "fit")


def test_the_hash_of_the_evidence_knows_what_a_fit_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    base = place()
    whole = evidence_hash(base, SMALL)
    assert evidence_hash(base.with_values({"participation.taste_mean": -1.0}), SMALL) == whole    # what is fitted
    assert evidence_hash(base.model_copy(update={"title": "other"}), SMALL) == whole
    others = [
        evidence_hash(base.with_values({"recording.missing": 0.2}), SMALL),
        evidence_hash(base.model_copy(update={"weeks": 53}), SMALL),
        evidence_hash(base.model_copy(update={"name": "cn_mobilised"}), SMALL),
        evidence_hash(base, [*SMALL, "recording.missing"]),
    ]
    monkeypatch.setattr(calibration, "MODEL_VERSION", "0.0")
    others.append(evidence_hash(base, SMALL))
    monkeypatch.undo()
    moved = [replace(targets_for("cn_registry", "fit")[0], high=9.0)]
    monkeypatch.setattr(calibration, "targets_for", lambda *_given: moved)
    others.append(evidence_hash(base, SMALL))
    assert len({whole, *others}) == len(others) + 1


def test_the_proof_says_everything_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = write_proof(FIT, tmp_path / "proofs")
    assert path.name == "calibration-cn_registry.json"
    first = path.read_bytes()
    assert first.endswith(b"}\n")
    assert json.loads(first) == {
        "preset": "cn_registry", "parameters": {"a.b": 1.5}, "loss": 0.25, "moments": {"B4": 1.3},
        "targets": {"B4": 1.33}, "trials": 12, "seed": TRIAL_SEED, "model_version": "0.1", "depends_on": "0" * 64,
    }
    assert write_proof(FIT, tmp_path / "proofs").read_bytes() == first
    assert [item.name for item in (tmp_path / "proofs").iterdir()] == [path.name]


def test_a_proof_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_proof(FIT, tmp_path)
    before = path.read_bytes()

    def fail(*_given: object) -> None:
        assert len(list(tmp_path.iterdir())) == 2           # the new one stands beside, whole, and is not yet in place
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_proof(replace(FIT, loss=0.1), tmp_path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_the_luck_of_the_trials_is_not_that_of_the_validation() -> None:
    assert TRIAL_SEED not in range(1000)
    assert np.isfinite(PULL)
