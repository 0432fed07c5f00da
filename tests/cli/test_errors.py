"""What is wrong is said in one line on the error stream, without a traceback, and with the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.small import Said, bytes_of, vsim, write_town
from tests.spec.test_hostile_scenarios import GOOD, HOSTILE
from vsim.errors import VsimError

ROOT = Path(__file__).resolve().parents[2]


def refused(said: Said, *words: str) -> None:
    """Assert that a command ended as a usage error in one readable line."""
    assert said.code == 2, said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.startswith("vsim: ")
    assert said.err.count("\n") == 1
    assert said.err.rstrip("\n").isprintable()
    for word in words:
        assert word in said.err


def write_case(folder: Path, case: str) -> Path:
    text = HOSTILE[case][0]
    path = folder / "case.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_more_than_twenty_malformed_files_are_tried() -> None:
    assert len(HOSTILE) > 20


@pytest.mark.parametrize("case", HOSTILE)
def test_a_malformed_scenario_file_gives_one_line_and_exit_code_2_and_writes_nothing(tmp_path: Path, case: str) -> None:
    path = write_case(tmp_path, case)
    refused(vsim("run", "simulate", path, "--out", tmp_path / "out"), HOSTILE[case][1])
    assert sorted(item.name for item in tmp_path.iterdir()) == ["case.yaml"]


@pytest.mark.parametrize("case", ["misspelt key", "binary", "unknown district"])
def test_every_command_that_reads_a_scenario_refuses_it_before_anything_is_run(tmp_path: Path, case: str) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(GOOD, encoding="utf-8")
    path, out = write_case(tmp_path, case), tmp_path / "out"
    for words in (["run", "compare", base, path], ["run", "compare", path, base], ["data", "build", path],
                  ["data", "build", base, "--pilot", path]):
        refused(vsim(*words, "--out", out), HOSTILE[case][1])
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.parametrize("case", ["alias bomb", "gb18030"])
def test_the_program_itself_says_one_line_and_leaves_with_2(tmp_path: Path, case: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "vsim.cli.main", "run", "simulate", str(write_case(tmp_path, case))], env=environment,
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert HOSTILE[case][1] in done.stderr


@pytest.mark.parametrize("words", [
    ["conjure"], ["run", "conjure"], ["run", "simulate"], ["run", "simulate", "riverside", "--no-such"],
    ["run", "simulate", "riverside", "--seed", "many"], ["run", "simulate", "riverside", "--seed", "-1"],
    ["run", "compare", "riverside"], ["run", "compare", "a", "b", "--replicates", "0"], ["data", "build", "riverside"],
    ["run", "simulate", "riverside", "--threads", "0"], ["run", "simulate", "riverside", "--seed", str(2**63)],
    ["data", "build", "riverside", "--out", "x", "-r", "1"],
    ["run", "calibrate", "cn_registry", "--trials", "9"], ["demo", "--replicates", "1"], ["parameters", "a", "b"],
], ids=" ".join)
def test_a_command_line_that_cannot_be_read_leaves_with_2_and_shows_the_way_to_help(words: list[str]) -> None:
    said = vsim(*words)
    assert said.code == 2
    assert said.out == ""
    assert "--help" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("words", "reply"), [
    (["run", "simulate", "rivreside"], "Did you mean 'riverside'?"),
    (["run", "simulate", "riverside", "--engine", "steam"], "allowed auto, kernels, oracle"),
    (["run", "simulate", "riverside", "--lang", "tlh"], "allowed en, zh_CN"),
    (["run", "compare", "riverside", "riverside_pilot", "--indicators", "hors"], "Did you mean 'hours'?"),
    (["run", "compare", "riverside", "riverside_pilot", "--indicators", " , "], "--indicators is empty"),
    (["run", "compare", "riverside", "riverside_pilot", "--by", "distrikt"], "Did you mean 'district'?"),
    (["run", "compare", "riverside", "riverside_pilot", "--estimand", "atu"], "allowed total, att, spillover"),
    (["run", "compare", "riverside", "riverside_pilot", "--estimand", "att", "--by", "sex"], "Leave out one of them"),
    (["run", "compare", "riverside", "riverside_pilot", "--indicators", "fill_rate", "--by", "age"], "no subgroups"),
    (["run", "compare", "riverside", "cn_mobilised", "--quiet"], "world differs"),
    (["run", "validate", "cn_registr"], "Did you mean 'cn_registry'?"),
    (["run", "calibrate", "riverside", "--quiet"], "allowed cn_registry, cn_mobilised"),
    (["parameters", "strs"], "Did you mean 'stars'?"), (["parameters", "stars.gaol"], "Did you mean 'stars.goal'?"),
    (["clauses", "VIII.9"], "'VIII.9' is unknown"), (["clauses", "--lang", "klingon"], "allowed en, zh_CN"),
    (["data", "validate", "no-such-city"], "is no data set"), (["data", "remake", "no-such-city"], "is no data set"),
    (["data", "pack", "no-such-city", "--out", "x.zip"], "is no data set"), (["doctor", "--lang", "x"], "allowed en"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_an_unknown_name_is_refused_at_once_with_what_is_allowed(words: list[str], reply: str) -> None:
    refused(vsim(*words), reply)


def test_a_district_that_is_not_there_is_named_with_the_districts_that_are(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path)
    pilot.write_text(pilot.read_text("utf-8").replace("D02", "D05"), encoding="utf-8")
    refused(vsim("run", "compare", base, pilot), "'D05'", "allowed D01 to D04", "town_pilot.yaml:")


@pytest.mark.slow
def test_what_is_there_is_not_written_over_without_force(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path / "files")
    out = tmp_path / "out"
    assert vsim("run", "simulate", base, "--out", out, "--quiet").code == 0
    before = bytes_of(out)
    refused(vsim("run", "simulate", base, "--seed", "2", "--out", out), "exists already", "--force")
    refused(vsim("run", "simulate", base, "--out", out, "--dry-run"), "exists already")
    refused(vsim("data", "build", base, "--out", out), "exists already")
    refused(vsim("demo", "--out", out), "--force does not help")
    assert bytes_of(out) == before
    assert vsim("run", "simulate", base, "--seed", "2", "--out", out, "--force", "--quiet").code == 0
    assert bytes_of(out) != before
    assert vsim("run", "simulate", base, "--seed", "1", "--out", out, "--force", "--quiet").code == 0
    assert bytes_of(out) == before
    refused(vsim("run", "compare", base, pilot, "--out", base), "is a file")


def test_force_never_writes_over_a_folder_of_other_things(tmp_path: Path) -> None:
    base, pilot = write_town(tmp_path / "files")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "index.html").write_text("my own page", encoding="utf-8")
    for words in (["run", "simulate", base], ["run", "compare", base, pilot], ["data", "build", base], ["demo"]):
        refused(vsim(*words, "--out", mine, "--force"), "--force does not help")
    assert bytes_of(mine) == {"index.html": b"my own page"}


def test_the_demonstration_writes_over_its_own_folder_and_over_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vsim.run import compare

    def halt(*_given: object, **_named: object) -> None:
        raise VsimError("the target was accepted")

    monkeypatch.setattr(compare, "compare", halt)
    monkeypatch.chdir(tmp_path)
    for name in ("build/demo", "elsewhere"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    assert vsim("demo", "--quiet").err == "vsim: the target was accepted\n"
    refused(vsim("demo", "--out", "elsewhere"), "exists already", "--force")
    assert vsim("demo", "--quiet", "--out", "elsewhere", "--force").err == "vsim: the target was accepted\n"
    (tmp_path / "build" / "demo" / "data" / "datapackage.json").rename(tmp_path / "build" / "demo" / "mine.txt")
    refused(vsim("demo"), "--force does not help")


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(tmp_path: Path) -> None:
    base, _ = write_town(tmp_path)
    said = vsim("run", "simulate", base, "--out", tmp_path / "out", "--dry-run")
    assert (said.code, said.out) == (0, "")
    assert "600 residents, 4 districts, 20 weeks" in said.err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["town.yaml", "town_pilot.yaml"]


def test_a_name_that_no_data_set_can_bear_is_refused_before_the_run(tmp_path: Path) -> None:
    base, _ = write_town(tmp_path)
    refused(vsim("data", "build", base, "--out", tmp_path / "My Town"), "name is 'My Town'", "allowed a-z")
    assert not (tmp_path / "My Town").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Town", "云川_一", "-", "A" * 60])
def test_a_scenario_of_any_name_can_be_written(tmp_path: Path, name: str) -> None:
    base, _ = write_town(tmp_path)
    base.write_text(base.read_text("utf-8").replace("name: town", f'name: "{name}"'), encoding="utf-8")
    said = vsim("run", "simulate", base, "--out", tmp_path / "out", "--quiet")
    assert said.code == 0, said.err
    assert vsim("data", "validate", tmp_path / "out").code == 0


def test_a_place_that_cannot_be_written_to_is_named_in_one_line(tmp_path: Path) -> None:
    base, _ = write_town(tmp_path)
    said = vsim("run", "simulate", base, "--out", base / "below" / "a-file", "--quiet")
    assert said.code in {1, 2}
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert str(base) in said.err


@pytest.mark.slow
def test_the_folder_that_one_stands_in_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base, pilot = write_town(tmp_path / "files")
    empty, out = tmp_path / "empty" / "below", tmp_path / "out"
    empty.mkdir(parents=True)
    monkeypatch.chdir(empty)
    for words in (["run", "simulate", base], ["run", "compare", base, pilot], ["data", "build", base], ["demo"]):
        for place in (".", "..", empty):
            refused(vsim(*words, "--out", place), "that you stand in")
    assert vsim("data", "build", base, "--out", out, "--quiet").code == 0
    monkeypatch.chdir(out / "data")
    refused(vsim("data", "remake", ".."), "that you stand in")
    assert vsim("data", "remake", "..", "--check", "--quiet").code == 0


@pytest.mark.parametrize(("text", "reply"), [
    ("", "is empty"), ("name: x\n", "scenario is missing"),
    ("name: x\nscenario: y\nseed: 1\n", "replicates is missing"),
    ("name: x\nscenario: riverside\nseed: many\nreplicates: 2\n", "seed is many; allowed a whole number"),
    ("name: x\nscenario: riverside\nseed: true\nreplicates: 2\n", "seed is true; allowed a whole number"),
    ("name: x\nscenario: [riverside]\nseed: 1\nreplicates: 2\n", "allowed text"),
    ("name: ../x\nscenario: riverside\nseed: 1\nreplicates: 2\n", "name is '../x'"),
    ("name: x\nscenario: riverside\nseed: 1\nreplicates: 2\nsede: 3\n", "Did you mean 'seed'?"),
    ("name: x\nscenario: nowhere\nseed: 1\nreplicates: 2\n", "scenario is 'nowhere'"),
    ("name: !!python/object:os.system x\n", "tag"), (None, "recipe.yaml is missing"),
])
def test_a_malformed_recipe_gives_one_clear_line_and_changes_nothing(
    tmp_path: Path, text: str | None, reply: str
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    if text is not None:
        (folder / "recipe.yaml").write_text(text, encoding="utf-8")
    before = bytes_of(folder)
    said = vsim("data", "remake", folder)
    assert said.code in {1, 2}
    assert said.err.count("\n") == 1
    assert reply in said.err
    assert "Traceback" not in said.err
    assert bytes_of(folder) == before


def test_packing_refuses_what_is_no_data_set_and_places_that_would_spoil_one(tmp_path: Path) -> None:
    base, _ = write_town(tmp_path / "files")
    out = tmp_path / "out"
    assert vsim("run", "simulate", base, "--out", out, "--quiet").code == 0
    before = bytes_of(out)
    refused(vsim("data", "pack", tmp_path / "files", "--out", tmp_path / "x.zip"), "has no datapackage.json")
    refused(vsim("data", "pack", out, "--out", out / "x.zip"), "allowed a file outside")
    refused(vsim("data", "pack", out, "--out", tmp_path, "--force"), "is a folder")
    assert vsim("data", "pack", out, "--out", tmp_path / "new" / "x.zip", "--quiet").code == 0
    refused(vsim("data", "pack", out, "--out", tmp_path / "new" / "x.zip"), "exists already")
    assert bytes_of(out) == before
