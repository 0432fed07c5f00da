"""Every command does what its help says, in both languages, for people and for programs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small import bytes_of, scenarios, vsim, write_town
from tests.house.test_doors import commands, written
from vsim.run import validate as validation
from vsim.spec.targets import load_targets, targets_for

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
LEAVES = [words for words, command in commands().items() if words and not getattr(command, "commands", None)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def data_set(town: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set with its truth, made by the command line."""
    out = tmp_path_factory.mktemp("sets") / "town"
    said = vsim("data", "build", town[0], "--pilot", town[1], "--out", out, "--replicates", "2", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")
    return out


def parsed(*words: str | Path, code: int = 0) -> Any:
    """Return what a command prints as JSON; nothing else may be on the output."""
    said = vsim(*words, "--json")
    assert said.code == code, said.err
    assert "NaN" not in said.out
    assert "Infinity" not in said.out
    return json.loads(said.out)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_command_of_the_readme_is_one_whose_help_is_tried_here(name: str) -> None:
    lines = [line for line in written((ROOT / name).read_text(encoding="utf-8"), "vsim") if len(line) > 1]
    assert lines
    assert [line for line in lines if tuple(line[1:3]) not in LEAVES and tuple(line[1:2]) not in LEAVES] == []


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_has_help_and_leaves_with_0(words: tuple[str, ...]) -> None:
    said = vsim(*words, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Usage:" in said.out


def test_the_version_of_the_program_and_of_the_model_can_be_asked_for() -> None:
    from vsim import MODEL_VERSION, __version__

    said = vsim("--version")
    assert (said.code, said.out, said.err) == (0, f"vsim {__version__}, model {MODEL_VERSION}\n", "")


@pytest.mark.slow
def test_simulate_says_the_same_for_people_and_programs(town: tuple[Path, Path]) -> None:
    found = parsed("run", "simulate", town[0])
    assert found["scenario"] == "town"
    assert found["scenario_hash"] == scenarios()[0].hash
    assert re.fullmatch(r"[0-9a-f]{64}", found["checksum"])
    assert found["indicators"]["active_share_year"] is None        # 20 weeks are no year
    assert found["indicators"]["hours_per_registered"] > 0
    table = vsim("run", "simulate", town[0], "--quiet")
    assert (table.code, table.err) == (0, "")
    assert f"{found['indicators']['hours_per_registered']:,.3f}" in table.out
    assert "not known" in table.out
    assert parsed("run", "simulate", town[0], "--threads", "1") == found
    assert parsed("run", "simulate", town[0], "--seed", "2")["checksum"] != found["checksum"]


@pytest.mark.slow
def test_the_oracle_of_the_command_line_gives_the_same_checksum(town: tuple[Path, Path]) -> None:
    assert parsed("run", "simulate", town[1], "--engine", "oracle") == parsed("run", "simulate", town[1])


@pytest.mark.slow
@pytest.mark.parametrize("words", [
    ["run", "simulate", "{base}", "--quiet"], ["run", "compare", "{base}", "{pilot}", "-r", "2", "--quiet"],
    ["parameters", "stars"], ["clauses", "VII.3"], ["doctor"],
], ids=lambda words: " ".join(words[:2]))
def test_a_table_is_complete_in_chinese(town: tuple[Path, Path], words: list[str]) -> None:
    """What is left in Latin letters are keys, codes and names, never a sentence."""
    filled = [word.format(base=town[0], pilot=town[1]) for word in words]
    english, chinese = vsim(*filled), vsim(*filled, "--lang", "zh_CN")
    assert (english.code, chinese.code) == (0, 0)
    assert HAN.search(chinese.out)
    assert english.out != chinese.out
    assert vsim(*filled, "--lang", "zh").out == chinese.out
    heads = ("Indicator", "Value", "Unit", "Default", "Clause", "Capability", "True effect", "Base world", "Evidence")
    assert [head for head in heads if re.search(rf"\b{head}\b", chinese.out)] == []


@pytest.mark.slow
def test_numbers_are_the_same_in_both_languages(town: tuple[Path, Path]) -> None:
    words = ("run", "compare", town[0], town[1], "-r", "2", "--seed", "5")
    assert parsed(*words) == parsed(*words, "--lang", "zh_CN")


@pytest.mark.slow
def test_compare_prints_the_effects_that_the_library_finds(town: tuple[Path, Path]) -> None:
    from vsim.run.compare import compare

    found = parsed("run", "compare", town[0], town[1], "-r", "3", "--seed", "4", "--indicators", "hours, stars,trained")
    study = compare(*scenarios(), replicates=3, seed=4)
    assert [row["indicator"] for row in found["effects"]] == ["hours", "stars", "trained"]
    for row in found["effects"]:
        estimate = study.effect(row["indicator"])
        assert row["value"] == pytest.approx(estimate.value, rel=1e-12)
        assert row["se"] == pytest.approx(estimate.se, rel=1e-12)
        assert (row["n"], row["estimand"], row["unit"]) == (3, "total", estimate.unit)
    assert found["base"] == scenarios()[0].hash
    assert found["pilot"] == scenarios()[1].hash


@pytest.mark.slow
@pytest.mark.parametrize("by", ["district", "sex", "age", "party_member"])
def test_compare_splits_effects_by_what_the_readme_promises(town: tuple[Path, Path], by: str) -> None:
    found = parsed("run", "compare", town[0], town[1], "-r", "2", "--by", by)
    groups = {row[by] for row in found["effects"]}
    assert len(groups) == {"district": 4, "sex": 2, "age": 4, "party_member": 2}[by]
    keys = {row["indicator"] for row in found["effects"]}
    assert ("fill_rate" in keys) == (by == "district")
    assert "hours_per_registered" in keys


@pytest.mark.slow
def test_estimands_name_the_districts_that_they_count(town: tuple[Path, Path]) -> None:
    rows = {
        estimand: parsed("run", "compare", town[0], town[1], "-r", "2", "--estimand", estimand,
                         "--indicators", "hours")["effects"][0]
        for estimand in ("total", "att", "spillover")
    }
    assert rows["total"]["value"] == pytest.approx(rows["att"]["value"] + rows["spillover"]["value"])
    assert rows["spillover"]["value"] == 0.0
    assert {row["estimand"] for row in rows.values()} == set(rows)


@pytest.mark.slow
def test_compare_writes_a_study_that_says_where_it_came_from(town: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "study"
    words = ("run", "compare", town[0], town[1], "-r", "2", "--indicators", "hours,left", "--out", out, "--quiet")
    said = vsim(*words)
    assert (said.code, said.err) == (0, "")
    first = bytes_of(out)
    assert set(first) == {"effects.csv", "effects_by_district.csv", "manifest.json", "weekly_hours.csv",
                          "weekly_left.csv"}
    manifest = json.loads(first["manifest.json"])
    assert manifest["pilot_districts"] == ["D01", "D02"]
    assert (manifest["seed"], manifest["replicates"], manifest["first_week"]) == (1, 2, 4)
    assert vsim(*words, "--force").code == 0
    assert bytes_of(out) == first


class Counted:
    """A validation that costs nothing: every simulated value is the published one."""

    def __init__(self, miss: str = "", infinite: str = "") -> None:
        self.miss, self.infinite = miss, infinite

    def __call__(self, preset: str, *, replicates: int, seed: int, progress: Any = None) -> list[validation.Check]:
        checks = []
        for target in validation.targets_of(preset):
            value = float(target.value or 0) if target.id != self.miss else float(target.high or 0) + 1
            value = float("nan") if target.id == self.infinite else value
            checks.append(validation.Check(target, value, 0.01, value - 0.02, value + 0.02, replicates))
        return checks


def test_validate_leaves_with_1_when_a_fitted_target_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "validate", Counted())
    rows = parsed("run", "validate")
    told = [row for row in rows if row["simulated"] is not None]
    assert {row["preset"] for row in told} == {
        "cn_registry", "cn_mobilised", "us_cps", "uk_cls", "campus", "timebank_cn", "timebank_es",
    }
    assert {row["target"] for row in rows if "*" not in row["target"]} == set(load_targets())
    assert all(row["reason"] for row in rows if row["simulated"] is None)
    assert all(row["holds"] for row in told if row["low"] is not None)
    monkeypatch.setattr(validation, "validate", Counted(miss="B6"))
    rows = parsed("run", "validate", code=1)
    assert [row["target"] for row in rows if row["miss"]] == ["B6"]
    assert vsim("run", "validate", "cn_mobilised", "--quiet").code == 0
    said = vsim("run", "validate", "cn_registry", "--quiet")
    assert (said.code, said.err) == (1, "")
    assert "B6" in said.out


def test_validate_leaves_with_0_when_only_a_held_out_target_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    held_out = next(target for target in load_targets().values() if target.use == "held_out")
    monkeypatch.setattr(validation, "validate", Counted(miss=held_out.id))
    rows = parsed("run", "validate", held_out.preset)
    assert [row["target"] for row in rows if row["miss"]] == [held_out.id]


def test_a_moment_that_does_not_exist_is_null_and_a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "validate", Counted(infinite="B6"))
    rows = parsed("run", "validate", "cn_registry", code=1)
    assert [row["target"] for row in rows if row["simulated"] is None and not row["reason"]] == ["B6"]


def test_a_real_run_is_held_against_its_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: a small place against a target that it cannot meet, then one that it must."""
    one = replace(targets_for("cn_registry", "fit")[0], window="20 weeks")
    monkeypatch.setattr(validation, "load_scenario", lambda _name: scenarios()[0])
    for low, high, code in ((1e6, 1e7, 1), (0.0, 1e6, 0)):
        aimed = replace(one, low=low, value=low, high=high)
        monkeypatch.setattr(validation, "targets_for", lambda _preset, use, aimed=aimed: [aimed] * (use == "fit"))
        rows = parsed("run", "validate", "cn_registry", "--replicates", "2", code=code)
        assert [row["holds"] for row in rows if row["simulated"] is not None] == [code == 0]
        assert rows[0]["se"] > 0


def test_parameters_list_every_card_with_unit_range_and_source() -> None:
    from vsim.spec.cards import load_cards

    rows = parsed("parameters")
    assert [row["key"] for row in rows] == list(load_cards())
    for row in rows:
        assert row["unit"]
        assert row["source"] or row["why"]
    one = parsed("parameters", "stars.goal")
    assert [row["key"] for row in one] == ["stars.goal"]
    assert {row["key"].split(".")[0] for row in parsed("parameters", "stars")} == {"stars"}


def test_clauses_list_all_84_and_count_what_is_done() -> None:
    rows = parsed("clauses")
    assert len(rows) == 84
    done = sum(row["status"] == "done" for row in rows)
    said = vsim("clauses", "--coverage")
    assert f"{done} of 84 clauses have lever, data and test." in said.out
    assert [row["id"] for row in parsed("clauses", "VII.3.b")] == ["VII.3.b"]
    assert {row["id"].rsplit(".", 1)[0] for row in parsed("clauses", "VII.3")} == {"VII.3"}


def test_doctor_names_each_capability_and_strict_asks_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from vsim.cli import doctor

    found = parsed("doctor")["capabilities"]
    assert set(found) == set(doctor.HELP) == set(doctor.capabilities())
    everything = dict.fromkeys(found, True)
    for lacking, plain, strict in ((None, 0, 0), ("git", 0, 1), ("chromium", 0, 1), ("python", 1, 1)):
        there = {**everything, lacking: False} if lacking else everything
        monkeypatch.setattr(doctor, "capabilities", lambda there=there: there)
        assert (vsim("doctor").code, vsim("doctor", "--strict").code) == (plain, strict)


@pytest.mark.slow
def test_a_sound_data_set_validates_and_a_planted_fault_leaves_with_1(data_set: Path, tmp_path: Path) -> None:
    assert parsed("data", "validate", data_set) == []
    quiet = vsim("data", "validate", data_set, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    copy = tmp_path / "copy"
    shutil.copytree(data_set, copy)
    records = copy / "data" / "service_records.csv"
    records.write_text(records.read_text("utf-8").replace(",qr,", ",fax,", 1), encoding="utf-8")
    faults = parsed("data", "validate", copy, code=1)
    assert any("fax" in fault for fault in faults)
    chinese = vsim("data", "validate", copy, "--lang", "zh_CN")
    assert chinese.code == 1
    assert HAN.search(chinese.out)


@pytest.mark.slow
def test_pack_leaves_the_truth_behind_and_gives_the_same_bytes_twice(data_set: Path, tmp_path: Path) -> None:
    first, second, whole = (tmp_path / name for name in ("a.zip", "b.zip", "whole.zip"))
    assert vsim("data", "pack", data_set, "--out", first, "--quiet").code == 0
    assert vsim("data", "pack", data_set, "--out", second, "--quiet").code == 0
    assert first.read_bytes() == second.read_bytes()
    assert vsim("data", "pack", data_set, "--out", whole, "--with-truth", "--quiet").code == 0
    with zipfile.ZipFile(first) as archive, zipfile.ZipFile(whole) as full:
        names = archive.namelist()
        hidden = set(full.namelist()) - set(names)
        assert hidden
        assert all(name.startswith("town/truth/") for name in hidden)
        assert not [name for name in names if "truth" in name]
        text = "".join(archive.read(name).decode("utf-8") for name in names if name.endswith((".csv", ".json")))
        assert "true_hours" not in text
        archive.extractall(tmp_path / "learner")
    assert parsed("data", "validate", tmp_path / "learner" / "town") == []
    assert not (tmp_path / "learner" / "town" / "truth").exists()


@pytest.mark.slow
def test_remake_says_that_the_bytes_are_the_same_and_check_finds_a_changed_one(data_set: Path) -> None:
    said = vsim("data", "remake", data_set, "--check")
    assert said.code == 0
    assert "the same bytes" in said.err
    dictionary = data_set / "DICTIONARY.md"
    sound = dictionary.read_bytes()
    dictionary.write_bytes(sound + b"\n")
    said = vsim("data", "remake", data_set, "--check")
    assert said.code == 1
    assert "DICTIONARY.md" in said.err
    assert dictionary.read_bytes() == sound + b"\n"
    assert "DICTIONARY.md" in vsim("data", "remake", data_set).err
    assert dictionary.read_bytes() == sound


@pytest.mark.slow
def test_a_data_set_is_found_by_its_name_from_a_folder_below(
    data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data_set, tmp_path / "datasets" / "town")
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "deeper")
    assert parsed("data", "validate", "town") == []
    assert "allowed town" in vsim("data", "validate", "twon").err


def test_a_pipe_that_closes_early_ends_the_program_quietly() -> None:
    line = f"{sys.executable} -m vsim.cli.main parameters --json | head -n 1"
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert done.stdout == "[\n"
    assert done.stderr == ""
