"""Both searches find the bottom of a bowl, keep to the limits and their trials; recovery sums up what it found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vsim.run import calibrate
from vsim.run.calibrate import Method, limits, search
from vsim.run.recover import Recovered, Recovery, lattice, read_recovery, share_interval, summary, truths, write_proof
from vsim.spec.scenario import load_scenario
from vsim.spec.targets import targets_for

Float = NDArray[np.float64]
FREE = {"participation.taste_mean": (-2.0, -3.0), "registration.activation": (0.3, 0.9),
        "service.hours_mean": (3.13, 2.5)}


@pytest.fixture
def bowl(monkeypatch: pytest.MonkeyPatch) -> Callable[[Float], Float]:
    """Put a known function of the free parameters in the place of the simulation."""
    def value(point: Float) -> Float:
        taste, ready, hours = point
        odds = np.exp(taste / 4)
        return np.asarray([odds * ready, odds * ready * hours, hours, ready])

    monkeypatch.setattr(calibrate, "simulate", lambda scenario, seed, threads=None: scenario)
    monkeypatch.setattr(calibrate, "moments", lambda scenario, _: value(np.array([scenario.values[k] for k in FREE])))
    return value


@pytest.mark.parametrize(("method", "trials"), [("simplex", 200), ("slopes", 40)])
def test_a_search_finds_known_parameters(bowl: Callable[[Float], Float], method: Method, trials: int) -> None:
    truth = np.array([-1.6, 0.55, 2.9])
    told: list[float] = []
    best = search(load_scenario("cn_registry"), FREE, targets_for("cn_registry", "fit"), trials, goal=bowl(truth),
                  pull=0.0, method=method, progress=lambda n, loss: told.append(loss))
    assert best.point == pytest.approx(truth, abs=0.02)
    assert best.loss < 1e-4
    assert best.trials == len(told) <= trials + 3
    assert told == sorted(told, reverse=True)
    assert best.moments == pytest.approx(bowl(best.point))


def test_the_pull_draws_towards_the_evidence_and_the_limits_hold(bowl: Callable[[Float], Float]) -> None:
    low, high = limits(FREE)
    truth = np.array([-1.6, 0.55, 2.9])
    targets = targets_for("cn_registry", "fit")
    heavy = search(load_scenario("cn_registry"), FREE, targets, 60, goal=bowl(truth), pull=1e4, method="slopes")
    assert heavy.point == pytest.approx([pair[0] for pair in FREE.values()], abs=0.02)
    beyond = search(load_scenario("cn_registry"), FREE, targets, 60, goal=bowl(high + 1), pull=0.0, method="slopes")
    assert ((low <= beyond.point) & (beyond.point <= high)).all()


def test_truths_fill_a_box_about_the_preset_and_no_search_begins_at_its_own() -> None:
    scenario = load_scenario("cn_registry")
    points = truths(scenario, list(FREE), 12)
    low, high = limits(FREE)
    middle = np.array([scenario.values[key] for key in FREE])
    assert ((low <= points) & (points <= high)).all()
    assert (np.abs(points - middle) <= (high - low) / 8 + 1e-9).all()
    assert len({tuple(point) for point in points.tolist()}) == 12
    assert (np.roll(points, -6, axis=0) != points).any(axis=1).all()
    for column in lattice(100, 3).T:
        assert np.histogram(column, 10, (0, 1))[0].min() >= 7           # ten in each tenth, nearly


def test_a_summary_counts_bias_error_and_coverage(tmp_path: Path) -> None:
    def draw(truth: float, found: float) -> Recovered:
        return Recovered({"x": truth}, {"x": 0.0}, {"x": found}, {"x": found - 0.15}, {"x": found + 0.15}, 0.1, 2.0, 9)

    recovery = Recovery("cn_registry", "slopes", 0.02, [draw(1.0, 1.1), draw(2.0, 2.3), draw(3.0, 2.9)], "0", "0")
    row = summary(recovery)[0]
    assert row["bias"] == pytest.approx(0.1)
    assert row["rmse"] == pytest.approx(np.sqrt(0.11 / 3))
    assert row["coverage"] == pytest.approx(2 / 3)
    assert row["coverage_low"] < 2 / 3 < row["coverage_high"]
    assert row["rmse_over_sd"] == pytest.approx(row["rmse"] / np.sqrt(2 / 3))
    assert row["half_width"] == pytest.approx(0.15)
    kept = json.loads(write_proof([recovery], tmp_path).read_text(encoding="utf-8"))
    assert [read_recovery(item) for item in kept["recoveries"]] == [recovery]
    assert kept["recoveries"][0]["summary"][0]["parameter"] == "x"


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    from scipy.stats import binomtest

    for hits in (0, 5, 12):
        told = binomtest(hits, 12).proportion_ci(method="wilson")
        assert share_interval(hits, 12) == pytest.approx((told.low, told.high), abs=1e-6)
