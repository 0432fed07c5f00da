"""The commands of a bench: sweep, luck, diff, lint and reforms, with their exit codes and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import Said, bytes_of, vsim, write_town
from tests.run.sweeping import STUDY, study
from vsim.spec.design_study import study_names
from vsim.spec.reforms import load_reforms, reform
from vsim.spec.scenario import load_scenario

SMALL = STUDY.replace("points: 4", "points: 2").replace("replicates: 3", "replicates: 1")


def test_a_dry_run_says_what_is_missing_and_runs_nothing(tmp_path: Path) -> None:
    study(tmp_path, SMALL)
    before = bytes_of(tmp_path)
    said = vsim("run", "sweep", tmp_path / "study.yaml", "--out", tmp_path / "out", "--dry-run")
    assert (said.code, said.out) == (0, "")
    assert "10 of 10 jobs" in said.err
    found = json.loads(vsim("run", "sweep", tmp_path / "study.yaml", "-o", tmp_path / "out", "--dry-run", "--json").out)
    assert found == {"study": "study", "points": 2, "arms": ["base", "gate", "ladder"], "runs": 6, "jobs": 10,
                     "missing": 10}
    assert bytes_of(tmp_path) == before


def test_a_sweep_prints_json_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    study(tmp_path, SMALL)
    said = vsim("run", "sweep", tmp_path / "study.yaml", "--out", tmp_path / "out", "--json", "--jobs", "2")
    assert said.code == 0
    rows = json.loads(said.out)["rows"]
    assert {row["arm"] for row in rows} == {"base", "gate", "ladder"}
    before = bytes_of(tmp_path / "out")
    again = vsim("run", "sweep", tmp_path / "study.yaml", "--out", tmp_path / "out", "--quiet", "--check", "0")
    assert (again.code, again.out, again.err) == (0, "", "")
    after = bytes_of(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} == {"manifest.json"}
    shown = vsim("run", "sweep", tmp_path / "study.yaml", "--out", tmp_path / "out", "--check", "0")
    assert "How many seats" in shown.out


@pytest.mark.parametrize(("words", "said"), [
    (["--backend", "cloud"], "allowed threads, processes"),
    (["--store", "study.yaml"], "is a file"),
])
def test_a_sweep_that_cannot_be_done_is_refused(tmp_path: Path, words: list[str], said: str) -> None:
    study(tmp_path, SMALL)
    words = [str(tmp_path / word) if word.endswith("yaml") else word for word in words]
    found = vsim("run", "sweep", tmp_path / "study.yaml", "--out", tmp_path / "out", *words)
    assert found.code == 2
    assert said in found.err
    assert found.err.count("\n") == 1


def test_luck_prints_a_table_and_json(tmp_path: Path) -> None:
    base, _ = write_town(tmp_path)
    words = ("run", "luck", base, "training_gate", "--replicates", "3", "--local", "0.25", "--indicators",
             "hours,trained")
    rows = json.loads(vsim(*words, "--json").out)
    assert [(row["policy"], row["indicator"]) for row in rows] == [
        ("everywhere", "hours"), ("everywhere", "trained"), ("local", "hours"), ("local", "trained")]
    assert "5% of the effect" in vsim(*words).out


def diff(*words: str | Path) -> Said:
    return vsim("run", "diff", *words)


def test_diff_shows_hashes_and_differences(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path)
    found = json.loads(diff(base, pilot, "--json").out)
    assert not found["same"]
    assert found["hashes"] == [load_scenario(base).hash, load_scenario(pilot).hash]
    said = diff(base, pilot)
    assert said.code == 0
    assert all(mark in said.out for mark in found["hashes"])
    assert "Nothing differs" in diff(base, base).out


def test_lint_exits_one_on_findings_with_file_and_line(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path)
    pilot.write_text(pilot.read_text(encoding="utf-8").replace("[1, 2, 3, 4, 5]", "[2, 3, 4, 5, 6]"), encoding="utf-8")
    clean = vsim("run", "lint", base, pilot)
    assert clean.code == 0
    assert "2 files, 0 findings" in clean.err
    assert vsim("run", "lint", base, "--strict").code == 1
    text = pilot.read_text(encoding="utf-8").replace("start_week: 4, districts: [D01, D02], values: {gated",
                                                     "start_week: 18, values: {gated")
    pilot.write_text(text, encoding="utf-8")
    found = vsim("run", "lint", pilot, "--quiet")
    assert found.code == 1
    assert found.out.startswith(f"{pilot}:8: brief: ")
    assert [row["kind"] for row in json.loads(vsim("run", "lint", pilot, "--json").out) if not row["note"]] == ["brief"]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("lever: training_gate", "lever: training_gates", ":8: wrong: policies[3].lever is 'training_gates'"),
    ("start_week: 4, districts: [D01, D02], values: {thresholds", "start_week: 44, values: {thresholds",
     ":7: wrong: policies[2].start_week is 44; allowed 0 to 19"),
    ("extends: town.yaml", "extends: twon.yaml", "wrong"),
])
def test_lint_tells_what_is_not_allowed_as_a_finding(tmp_path: Path, old: str, new: str, said: str) -> None:
    _, pilot = write_town(tmp_path)
    text = pilot.read_text(encoding="utf-8")
    assert old in text
    pilot.write_text(text.replace(old, new), encoding="utf-8")
    found = vsim("run", "lint", pilot)
    assert found.code == 1
    assert said in found.out


def test_lint_reads_studies(tmp_path: Path) -> None:
    study(tmp_path, SMALL)
    assert vsim("run", "lint", tmp_path / "study.yaml").code == 0
    (tmp_path / "study.yaml").write_text(SMALL.replace("habit_weight", "habit_wieght"), encoding="utf-8")
    found = vsim("run", "lint", tmp_path / "study.yaml")
    assert found.code == 1
    assert "Did you mean 'participation.habit_weight'" in found.out
    (tmp_path / "study.yaml").write_text(SMALL.replace("start_week: 4", "start_week: 18"), encoding="utf-8")
    found = vsim("run", "lint", tmp_path / "study.yaml")
    assert found.code == 1
    assert "study.yaml:4: brief: gate: " in found.out


@pytest.mark.parametrize("name", study_names())
def test_studies_that_come_with_vsim_are_clean(name: str) -> None:
    assert vsim("run", "lint", name).code == 0


def test_reforms_are_listed_checked_and_written_onto_a_scenario(tmp_path: Path) -> None:
    listed = json.loads(vsim("run", "reforms", "--json").out)
    assert [one["name"] for one in listed] == list(load_reforms())
    assert all(one["hamlet"] for one in listed)
    assert "stars_ladder" in vsim("run", "reforms", "stars_ladder").out
    assert vsim("run", "reforms", "stars_ladder", "--check").code == 0
    out = tmp_path / "pilot.yaml"
    assert vsim("run", "reforms", "stars_ladder", "--base", "riverside", "--start-week", "26", "--out", out).code == 0
    wanted = reform("stars_ladder").on(load_scenario("riverside"), start_week=26)
    assert load_scenario(out).hash == wanted.hash
    assert vsim("run", "reforms", "stars_ladder", "--base", "riverside", "--out", out).code == 2
    base, _ = write_town(tmp_path)
    for name in load_reforms():
        path = tmp_path / f"{name}.yaml"
        assert vsim("run", "reforms", name, "--base", base, "--out", path).code == 0
        assert load_scenario(path).hash == reform(name).on(load_scenario(base)).hash


@pytest.mark.parametrize("words", [
    ["stars_laddr"], ["stars_ladder", "--base", "riverside"], ["--base", "riverside", "--out", "x.yaml"],
    ["stars_ladder", "--base", "riverside", "--out", "x.txt"],
])
def test_reforms_that_cannot_be_written_are_refused(words: list[str]) -> None:
    said = vsim("run", "reforms", *words)
    assert said.code == 2
    assert not Path(words[-1]).exists()
