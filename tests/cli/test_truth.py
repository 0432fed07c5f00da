"""vsim run truth: its tables in both languages, its JSON, its file, and stopping when it is precise enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import vsim
from vsim.run.truth_effects import ESTIMANDS
from vsim.run.truth_twins import truths
from vsim.spec.scenario import load_scenario

BASE = """name: hamlet
world: {residents: 160, districts: 2, prefectures: 1, seed: 3, registered_share: 0.5}
start: 2025-09-01
weeks: 12
parameters: {demand.tasks: 20.0, registration.activation: 0.9, participation.taste_mean: 0.5, service_learning.pull: 2}
"""
PILOT = """name: hamlet_pilot
extends: hamlet.yaml
policies:
- {lever: service_learning, start_week: 4, share: 0.5, values: {required: 1}}
"""
STEPS = """name: hamlet_steps
extends: hamlet.yaml
policies:
- {lever: service_learning, start_week: 4, groups: [women], values: {required: 1}}
- {lever: service_learning, start_week: 8, groups: [men], values: {required: 1}}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    """The paths of a scenario, its pilot, and a pilot in steps."""
    paths = [tmp_path / f"{name}.yaml" for name in ("hamlet", "pilot", "steps")]
    for path, text in zip(paths, (BASE, PILOT, STEPS), strict=True):
        path.write_text(text, encoding="utf-8")
    one, two, three = map(str, paths)
    return one, two, three


def test_the_table_names_every_estimand_that_was_measured_in_both_languages(files: tuple[str, str, str]) -> None:
    words = ("run", "truth", files[0], files[1], "--replicates", "3", "--flips", "2", "--quiet")
    english, chinese = vsim(*words), vsim(*words, "--lang", "zh_CN")
    assert (english.code, english.err) == (0, "")
    for estimand in ESTIMANDS:
        assert estimand in english.out
        assert estimand in chinese.out
    assert "Spill-over by contacts who are covered" in english.out
    assert "everybody covered" in english.out
    for word in ("真实效应", "估计目标", "溢出", "蒙特卡洛误差"):
        assert word in chinese.out
    assert "everybody covered" not in chinese.out


def test_the_json_is_the_truth_of_the_study(files: tuple[str, str, str]) -> None:
    said = vsim("run", "truth", files[0], files[1], "--replicates", "3", "--seed", "5", "--among", "register",
                "--outcome", "attendances", "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    found = truths(load_scenario(files[0]), load_scenario(files[1]), replicates=3, seed=5, among="register")
    by_name = {row["estimand"]: row for row in told["estimands"]}
    for estimand in ("total", "overall", "att", "spillover"):
        assert by_name[estimand]["value"] == found.effect(estimand, "attendances").value
        assert by_name[estimand]["unit"] == "attendances per registered person in 4 weeks"
    assert set(told["absent"]) == {"direct", "wedge", "indirect"}


def test_a_roll_out_in_steps_is_told_by_cohort(files: tuple[str, str, str]) -> None:
    said = vsim("run", "truth", files[0], files[2], "--replicates", "2", "--quiet")
    assert said.code == 0
    assert "By cohort and window" in said.out
    assert "Share covered" not in said.out, "everybody is covered in the end"


@pytest.mark.slow
def test_replicates_are_added_until_the_interval_is_narrow_or_the_cap_comes(files: tuple[str, str, str]) -> None:
    words = ("run", "truth", files[0], files[1], "--estimand", "overall", "--replicates", "10")
    wide = vsim(*words, "--until", "50", "--json")
    assert json.loads(wide.out)["until"] == {"estimand": "overall", "half_width": 50.0, "met": True, "rounds": [20]}
    capped = vsim(*words, "--until", "0.000001", "--cap", "22")
    assert capped.code == 0
    assert "22 replicates, the cap" in " ".join(capped.err.split())
    enough = vsim(*words, "--until", "50")
    assert "20 replicates: half the interval of overall is at most 50" in " ".join(enough.err.split())


def test_the_file_is_written_once_and_never_into_a_course(files: tuple[str, str, str], tmp_path: Path) -> None:
    words = ("run", "truth", files[0], files[1], "--replicates", "2", "--quiet", "--out")
    said = vsim(*words, tmp_path / "truth")
    assert (said.code, said.err) == (0, "")
    told = json.loads((tmp_path / "truth" / "truth.json").read_text(encoding="utf-8"))
    assert told["provenance"]["pilot"]["name"] == "hamlet_pilot"
    again = vsim(*words, tmp_path / "truth")
    assert again.code == 2
    assert "--force" in again.err
    (tmp_path / "course.yaml").write_text("x", encoding="utf-8")
    handed = vsim(*words, tmp_path / "more")
    assert (handed.code, handed.out) == (2, "")
    assert "is a course" in handed.err


@pytest.mark.slow
def test_the_full_roll_out_may_be_named_where_a_lever_has_several_values(files: tuple[str, str, str]) -> None:
    mixed, whole = (Path(files[0]).with_name(name) for name in ("mixed.yaml", "whole.yaml"))
    mixed.write_text(STEPS.replace("[men], values: {required: 1}", "[women], districts: [D01], values: {hours: 20}"),
                     encoding="utf-8")
    whole.write_text(PILOT.replace("share: 0.5, ", ""), encoding="utf-8")
    unknown = vsim("run", "truth", files[0], mixed, "--replicates", "1", "--json")
    assert unknown.code == 2
    assert "different values, so the full roll-out is not known" in unknown.err
    said = vsim("run", "truth", files[0], mixed, "--replicates", "1", "--everyone", whole, "--json")
    assert said.code == 0
    assert json.loads(said.out)["provenance"]["everyone"]["hash"] == load_scenario(whole).hash


def test_wrong_words_are_refused_before_any_run(files: tuple[str, str, str]) -> None:
    assert "Did you mean 'hours'" in vsim("run", "truth", files[0], files[1], "--outcome", "hour").err
    assert "Did you mean 'register'" in vsim("run", "truth", files[0], files[1], "--among", "registers").err
    assert "allowed arms that differ" not in vsim("run", "truth", files[0], files[0]).err
    assert vsim("run", "truth", files[0], files[0]).code == 2
