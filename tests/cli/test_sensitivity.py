"""vsim run sensitivity: its tables in both languages, its JSON and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import vsim, write_town


@pytest.mark.slow
def test_indices_are_told_and_written(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path)
    words = ("run", "sensitivity", base, "--pilot", pilot, "--parameters", "training.passed=0.2:1,recording.missing",
             "--output", "trained", "--points", "16", "--trajectories", "4", "--out", tmp_path / "out")
    said = vsim(*words, "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert told["above_noise"] == ["training.passed"]
    assert told["verdict"] == "settled"
    assert set(told["indices"]) == {"4", "8", "16"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"indices.csv", "screening.csv", "sensitivity.json",
                                                                  "runs"}
    assert json.loads((tmp_path / "out" / "sensitivity.json").read_text(encoding="utf-8")) == told
    again = vsim(*words, "--lang", "zh_CN", "--quiet")
    assert again.code == 0
    assert "training.passed" in again.out
    assert "排序已稳定" in again.out


@pytest.mark.parametrize(("words", "said"), [
    (["--points", "20"], "allowed a power of two"),
    (["--output", "hours_per_registerd"], "Did you mean 'hours_per_registered'"),
    (["--parameters", "training.pased"], "Did you mean 'training.passed'"),
])
def test_what_cannot_be_done_is_refused(tmp_path: Path, words: list[str], said: str) -> None:
    base, _ = write_town(tmp_path)
    found = vsim("run", "sensitivity", base, "--parameters", "training.passed", "--trajectories", "0", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_dry_run_says_what_it_would_cost_and_runs_nothing(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path)
    words = ("run", "sensitivity", base, "--pilot", pilot, "--parameters", "training.passed,choice.fit", "--dry-run",
             "--out", tmp_path / "out")
    said = vsim(*words)
    assert said.code == 0
    told = " ".join(said.out.split())
    assert "2 parameters: 40 points to screen, 320 for the indices at most, 1440 runs in all" in told
    assert not (tmp_path / "out").exists()
