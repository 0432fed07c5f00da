"""The contenders of the benchmark simulate one model, and the table can be made."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import full_model, reduced, reduced_numpy, reduced_vsim, summary
from benchmarks.worker import peak_bytes

ROOT = Path(__file__).resolve().parents[2]
AGENTS = 20_000
REPLICATES = 200
LIMIT = 4.5          # standard errors: chance of a false alarm 7e-6 a figure, and the seeds are fixed


@pytest.fixture(scope="module")
def replicates() -> list[reduced.Outcome]:
    return [reduced_vsim.simulate(AGENTS, seed) for seed in range(1, REPLICATES + 1)]


def figures(outcome: reduced.Outcome) -> np.ndarray:
    """The four totals, services by district, hours by week and those active by district: 136 figures."""
    totals = list(outcome.totals().values())
    services, hours = outcome.services.sum(axis=1), outcome.hours.sum(axis=0)
    return np.array([*totals, *services, *hours, *outcome.active], float)


def departures(replicates: list[reduced.Outcome], other: list[reduced.Outcome]) -> np.ndarray:
    """Difference of the means in standard errors, figure by figure.

    A figure of one run is a sum over independent volunteers, so nearly normal; its variance is that among
    vsim's replicates. The difference of means over R and r runs has that variance times 1/R + 1/r.
    """
    ours, theirs = np.stack([figures(o) for o in replicates]), np.stack([figures(o) for o in other])
    error = ours.std(axis=0, ddof=1) * np.sqrt(1 / len(ours) + 1 / len(theirs))
    return (theirs.mean(axis=0) - ours.mean(axis=0)) / error


@pytest.mark.slow        # compiles the kernels where that was not done before
@pytest.mark.parametrize("mode", ["dense", "lazy"])
@pytest.mark.parametrize(
    ("agents", "seed", "weeks"), [(3_001, 1, 52), (2_048, 7, 52), (39, 2, 52), (1, 3, 52), (1_500, 4, 20)]
)
def test_compiled_and_plain_integer_forms_are_equal(mode: str, agents: int, seed: int, weeks: int) -> None:
    plain = reduced_numpy.simulate_exact(agents, seed, weeks)
    ours = reduced_vsim.simulate(agents, seed, weeks, mode)
    for name in ("services", "hours", "active", "points"):
        assert np.array_equal(getattr(plain, name), getattr(ours, name)), name
    assert agents < 1_000 or plain.services.sum() > agents * weeks // 100


@pytest.mark.slow
def test_dense_and_lazy_are_equal_in_a_large_run() -> None:
    dense, lazy = (reduced_vsim.simulate(100_000, 11, mode=mode) for mode in ("dense", "lazy"))
    assert all(np.array_equal(a, b) for a, b in zip(dense[:4], lazy[:4], strict=True))
    assert dense.services.sum() > 140_000


@pytest.mark.slow
def test_mesa_agrees_within_sampling_error(replicates: list[reduced.Outcome]) -> None:
    from benchmarks import reduced_mesa

    apart = departures(replicates, [reduced_mesa.simulate(AGENTS, 5)])
    assert np.abs(apart).max() < LIMIT


@pytest.mark.slow
def test_a_mesa_model_that_differs_in_one_constant_is_found_out(
    replicates: list[reduced.Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks import reduced_mesa

    monkeypatch.setattr(reduced_mesa, "HABIT_GAIN", 0.15)
    assert np.abs(departures(replicates, [reduced_mesa.simulate(AGENTS, 5)])).max() > LIMIT


@pytest.mark.slow
def test_numpy_float_agrees_within_sampling_error(replicates: list[reduced.Outcome]) -> None:
    apart = departures(replicates, [reduced_numpy.simulate(AGENTS, seed) for seed in range(50)])
    assert np.abs(apart).max() < LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(("constant", "value"), [
    ("INTERCEPT", -5.1), ("HABIT_DECAY", 0.97), ("FATIGUE_GAIN", 0.4), ("LEAVE", 0.003), ("IDLE_WEEKS", 22),
    ("SEASON", 0.1),
])
def test_a_model_that_differs_in_one_constant_is_found_out(
    replicates: list[reduced.Outcome], monkeypatch: pytest.MonkeyPatch, constant: str, value: float
) -> None:
    monkeypatch.setattr(reduced, constant, value)
    apart = departures(replicates, [reduced_numpy.simulate(AGENTS, seed) for seed in range(50)])
    assert np.abs(apart).max() > LIMIT


@pytest.mark.slow
def test_the_model_is_the_one_of_the_design_notes(replicates: list[reduced.Outcome]) -> None:
    share = statistics.fmean(o.services.sum() for o in replicates) / (AGENTS * reduced.WEEKS)
    assert share == pytest.approx(0.029, abs=0.001)
    assert replicates[0].state_bytes == 17 * AGENTS


def test_ratios_are_taken_round_by_round_and_leave_the_making_of_mesas_population_out() -> None:
    def row(name: str, cpu: float, weeks_cpu: float) -> dict[str, object]:
        return {"contender": name, "n": 10, "weeks": 52, "repeats": 1, "cpu": [cpu], "weeks_cpu": [weeks_cpu]}

    found = [row("mesa", 9.0, 8.0), row("dense", 0.1, 0.1), row("mesa", 7.0, 6.0), row("dense", 0.02, 0.02)]
    assert summary.ratios(found, "dense", 10) == pytest.approx([80, 300])


@pytest.mark.slow
def test_the_table_is_printed_and_the_figures_written(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--out", str(out)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    assert {m["contender"] for m in found["measurements"]} == {"mesa", "dense"}
    assert found["problems"] == []
    for words in ("M agent-weeks / CPU-s", "Mesa, object per agent", "vsim, dense", "Headline", "too small"):
        assert words in done.stdout


def test_the_full_models_row_says_clearly_when_vsim_cannot_simulate(monkeypatch: pytest.MonkeyPatch) -> None:
    import vsim
    from vsim.errors import VsimError

    monkeypatch.setattr(vsim, "simulate", None, raising=False)
    with pytest.raises(VsimError, match=r"vsim has no .*simulate.*--without-full"):
        full_model.full_model_row()


def test_memory_is_told_in_bytes() -> None:
    assert 10**7 < peak_bytes() < 10**11 or (sys.platform == "win32" and peak_bytes() == 0)
