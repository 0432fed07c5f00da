"""The benchmark's table: ratios, agreement, targets, what is missing; the command itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import benchmarks.__main__ as command
from benchmarks import full_model, side_by_side, summary
from benchmarks.environments import Environment
from benchmarks.reduced import SHARE
from benchmarks.worker import contender, peak_bytes

ROOT = Path(__file__).resolve().parents[2]


def row(name: str, cpu: float, services: int = 500, **more: Any) -> dict[str, Any]:
    """One measurement of a worker: a run of 1,000 agents with a little sampling noise in its totals."""
    totals = [dict.fromkeys(summary.QUANTITIES, services + k) for k in (-3, 0, 3)]
    return {
        "contender": name, "n": 1_000, "weeks": 52, "share": SHARE, "seed": 1, "repeats": 3, "cpu": [cpu] * 3,
        "weeks_cpu": [cpu / 2] * 3, "totals": totals, "import_cpu": 0.1, "warm_up_cpu": 0.1, "peak_bytes": 10**8,
        "run_bytes": 10**5, "state_bytes": 0, **more,
    }


def found_with(*rows: dict[str, Any], missing: dict[str, str] | None = None, equal: bool = True) -> dict[str, Any]:
    """What `side_by_side.measure` returns."""
    return {"measurements": list(rows), "missing": missing or {}, "pins": {"mesa": "Mesa==1"}, "plain_equal": equal}


def test_ratios_are_taken_round_by_round() -> None:
    rounds = [row("mesa", 8.0), row("lazy", 0.1), row("mesa", 6.0), row("lazy", 0.02)]
    assert summary.ratios(rounds, "lazy", (SHARE, 1_000), "mesa") == pytest.approx([80, 300])
    assert summary.ratios(rounds, "lazy", (SHARE, 1_000), "mesa", "weeks_cpu") == pytest.approx([40, 150])


def test_a_contender_whose_totals_differ_is_found_out() -> None:
    assert side_by_side.problems(found_with(row("lazy", 0.1), row("mesa", 8.0))) == []
    wrong = side_by_side.problems(found_with(row("lazy", 0.1), row("mesa", 8.0, services=540)))
    assert len(wrong) == 4
    assert "mesa at 1.0%, 1,000 agents: services differ from vsim's, z =" in wrong[0]


def test_forms_of_vsim_must_give_the_same_totals_under_the_same_seed() -> None:
    same = found_with(row("lazy", 0.1), row("coupled", 0.1))
    assert summary.equal_runs(same["measurements"]) == (3, 3)
    assert side_by_side.problems(same) == []
    other = found_with(row("lazy", 0.1), row("coupled", 0.1, services=501))
    assert summary.equal_runs(other["measurements"]) == (0, 3)
    assert any("differ from each other" in problem for problem in side_by_side.problems(other))
    assert any("plain NumPy" in problem for problem in side_by_side.problems(found_with(row("lazy", 0.1), equal=False)))


def test_a_missing_peer_stands_in_the_table_and_among_the_problems() -> None:
    found = found_with(row("lazy", 0.1), missing={"starsim": "pip could not fetch it"})
    assert "starsim: MISSING, pip could not fetch it" in side_by_side.lines(found)
    assert side_by_side.problems(found) == ["Starsim, arrays is missing: pip could not fetch it"]


def test_a_missing_peer_costs_no_other_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def child(module: str, name: str, *words: object, **more: object) -> dict[str, Any]:
        return row(name, 0.1)

    monkeypatch.setattr(side_by_side, "environment", lambda name: Environment(None, "no way there", "x==1"))
    monkeypatch.setattr(side_by_side, "child", child)
    monkeypatch.setattr(side_by_side, "equals_plain_form", lambda: True)
    found = side_by_side.measure(((SHARE, 1_000, 2, ("polars", "numpy", "lazy")),))
    assert [m["contender"] for m in found["measurements"]] == ["numpy", "lazy"] * 2
    assert found["missing"] == {"polars": "no way there"}


def test_targets_are_judged_by_the_median_of_whole_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "TARGETS", {"lazy": (("mesa", 1_000, 100), ("numpy", 1_000, 10))})
    rounds = [one for cpu in (9.0, 11.0, 12.0) for one in (row("mesa", cpu), row("lazy", 0.1))]
    words, reached, target = side_by_side.verdicts(rounds)[0]
    assert (reached, target) == (pytest.approx(110), 100)
    assert "110 (90 - 120) times mesa at 1,000 agents; 55 times its weeks alone" in words
    assert side_by_side.head_problems(found_with(*rounds)) == []
    slow = [{**m, "cpu": [c / 2 for c in m["cpu"]]} if m["contender"] == "mesa" else m for m in rounds]
    assert any("target 100 missed" in problem for problem in side_by_side.head_problems(found_with(*slow)))
    assert any(line.startswith("MISSED   100: ") for line in side_by_side.head_lines(found_with(*slow)))


def test_an_unknown_contender_and_an_unknown_part_are_refused() -> None:
    with pytest.raises(SystemExit, match="contender is 'netlogo'; allowed mesa, agentpy"):
        contender("netlogo")
    with pytest.raises(SystemExit, match="no part 'speed'; parts are reduced, floor"):
        command.chosen("reduced,speed")
    assert command.chosen("floor, reduced") == ["floor", "reduced"]


def test_a_slow_part_has_a_file_of_its_own_and_leaves_the_others_alone() -> None:
    assert command.files(["whole"]) == {command.FIGURES.with_name("whole.md"): ["whole"]}
    both = command.files(["floor", "whole"])
    assert both[command.FIGURES] == list(command.PARTS)
    assert len(both) == 2
    assert command.chosen("whole") == ["whole"]


def parts_of(monkeypatch: pytest.MonkeyPatch, **measures: Any) -> None:
    def lines(found: dict[str, Any]) -> list[str]:
        return [f"value {found['value']}"]

    def problems(found: dict[str, Any]) -> list[str]:
        return ["too much"] if found["value"] > 10 else []

    parts = {name: command.Part(name.title(), measure, lines, problems) for name, measure in measures.items()}
    monkeypatch.setattr(command, "PARTS", parts)


def test_a_part_that_fails_costs_no_other_and_the_exit_code_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> dict[str, Any]:
        raise SystemExit("worker failed: no memory")

    out = tmp_path / "deep" / "bench.json"
    parts_of(monkeypatch, first=broken, second=lambda: {"value": 3})
    assert command.main(["--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "FAILED: worker failed: no memory" in said
    assert "value 3" in said
    assert "PROBLEM first: worker failed: no memory" in said
    assert json.loads(out.read_text(encoding="utf-8"))["second"]["found"] == {"value": 3}


def test_only_measures_some_and_keeps_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    parts_of(monkeypatch, first=lambda: {"value": 1}, second=lambda: {"value": 12})
    assert command.main(["--out", str(out)]) == 1                # the second is too much
    parts_of(monkeypatch, first=lambda: {"value": 2}, second=lambda: {"value": 12})
    assert command.main(["--out", str(out), "--only", "first"]) == 0
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert {name: one["found"]["value"] for name, one in kept.items()} == {"first": 2, "second": 12}


def test_figures_elsewhere_leave_the_committed_ones_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "FIGURES", tmp_path / "figures.md")
    parts_of(monkeypatch, first=lambda: {"value": 1})
    command.main(["--out", str(tmp_path / "elsewhere.json")])
    assert not command.FIGURES.exists()
    text = command.figures("== First\nvalue 1\n\n")
    assert text.startswith("# Figures of the benchmark\n")
    assert text.endswith("== First\nvalue 1\n```\n")


@pytest.mark.slow
def test_the_table_is_printed_and_the_figures_written(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--out", str(out)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))["quick"]["found"]
    assert {m["contender"] for m in found["measurements"]} == {"mesa", "lazy"}
    for words in ("M agent-weeks / CPU-s", "Mesa, object per agent", "vsim, unlimited seats", "too small"):
        assert words in done.stdout


def test_the_full_models_row_says_clearly_when_vsim_cannot_simulate(monkeypatch: pytest.MonkeyPatch) -> None:
    import vsim
    from vsim.errors import VsimError

    monkeypatch.setattr(vsim, "simulate", None, raising=False)
    with pytest.raises(VsimError, match=r"vsim has no .*simulate.*--only"):
        full_model.full_model_row()


def test_memory_is_told_in_bytes() -> None:
    assert 10**7 < peak_bytes() < 10**11 or (sys.platform == "win32" and peak_bytes() == 0)
