"""vsim run brief and vsim run trace: from two files to a brief, refusals before any work, numbers back to runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import PILOT, TOWN, vsim


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("asked")
    for name, text in (("town", TOWN), ("town_pilot", PILOT)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place


@pytest.mark.slow
def test_two_files_and_one_command_give_a_brief_in_both_languages(files: Path) -> None:
    out = files / "brief"
    said = vsim("run", "brief", files / "town.yaml", files / "town_pilot.yaml", "--out", out, "--replicates", 3,
                "--tries", 1, "--jobs", 1)
    assert said.code == 0
    assert "The policy's true effect" in said.out
    for lang, words in (("en", ("What truly changed", "What it costs")), ("zh_CN", ("真实的变化", "成本"))):
        page = (out / f"brief.{lang}.html").read_text(encoding="utf-8")
        assert all(word in page for word in words)
        assert "Traceback" not in page
        assert str(files) not in page
        assert str(files) not in (out / f"brief.{lang}.ipynb").read_text(encoding="utf-8")
        assert page.count("<img ") >= 6
    traced = vsim("run", "trace", out, "effects/left.total", "--json")
    told = json.loads(traced.out)
    assert (traced.code, told["same"], len(told["keys"])) == (0, True, 6)
    listed = vsim("run", "trace", out)
    assert "costs/price" in listed.out.splitlines()
    again = vsim("run", "brief", files / "town.yaml", files / "town_pilot.yaml", "--out", out, "--replicates", 3,
                 "--tries", 1, "--json")
    assert again.code == 0
    assert json.loads(again.out)["tables"]["costs"][0]["row"] == "yuan"


def test_what_is_no_question_is_refused_before_anything_is_run(files: Path, tmp_path: Path) -> None:
    town, pilot = files / "town.yaml", files / "town_pilot.yaml"
    for words, message in (
        ((town, town), "have the same policies"), ((town, pilot, "--outcome", "hour"), "allowed"),
        ((town, "riverside"), "parameters differ"), ((town, pilot, "--replicates", 1), "allowed 2 or more"),
    ):
        said = vsim("run", "brief", *words, "--out", tmp_path / "x")
        assert said.code == 2
        assert message in said.err.replace("\n", " ")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("")
    said = vsim("run", "brief", town, pilot, "--out", tmp_path / "full")
    assert (said.code, "mine.txt" in said.err) == (2, True)
    assert not (tmp_path / "x").exists()
    assert vsim("run", "trace", tmp_path, "costs/yuan").code == 2
