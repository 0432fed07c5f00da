"""vsim run worth: its tables in both languages, its JSON, its files with a chart, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.small import vsim
from tests.run.choosing import study
from tests.run.test_worth import PLAIN, UNSURE
from vsim.run.worth import worth


@pytest.mark.slow
def test_the_tables_tell_frontier_curves_and_terms_in_both_languages(tmp_path: Path) -> None:
    study(tmp_path, PLAIN)
    english = vsim("run", "worth", tmp_path / "choice.yaml")
    assert english.code == 0
    for word in ("dominated", "Yuan a unit", "Knowing all", "gate"):
        assert word in english.out
    remarks = " ".join(english.err.split())
    for word in ("yuan of 2024", "the payer's", "no parameter varies", "in force outside the window"):
        assert word in remarks
    chinese = vsim("run", "worth", tmp_path / "choice.yaml", "--lang", "zh_CN", "--hour", "25")
    assert "被占优" in chinese.out
    assert "每小时按 25 元计" in "".join(chinese.err.split("\n"))


@pytest.mark.slow
def test_json_is_the_appraisal_and_a_chart_is_written_in_both_languages(tmp_path: Path) -> None:
    loaded, out = study(tmp_path, PLAIN), tmp_path / "out"
    said = vsim("run", "worth", tmp_path / "choice.yaml", "--json", "--out", out, "--willing", "0:9000")
    assert said.code == 0
    told = json.loads(said.out)
    wanted = json.dumps(worth(loaded, willing=(0.0, 9000.0)).to_dict()).replace("NaN", "null")
    assert told == json.loads(wanted) == json.loads((out / "worth.json").read_text(encoding="utf-8"))
    assert told["curves"][-1]["value"] == 9000
    names = {path.name for path in out.iterdir()}
    assert names == {"worth.json", "frontier.csv", "curves.csv", "draws.csv", "cost-effectiveness.en.png",
                     "cost-effectiveness.zh_CN.png"}
    assert (out / "cost-effectiveness.en.png").read_bytes() != (out / "cost-effectiveness.zh_CN.png").read_bytes()
    assert vsim("run", "worth", tmp_path / "choice.yaml", "--out", out).code == 2


@pytest.mark.slow
def test_what_a_parameter_is_worth_stands_in_a_table_or_why_not(tmp_path: Path) -> None:
    study(tmp_path, UNSURE.replace("points: 30", "points: 4"))
    said = vsim("run", "worth", tmp_path / "choice.yaml")
    assert "8 draws are too few; needed" in " ".join(said.err.split())
    study(tmp_path, UNSURE)
    said = vsim("run", "worth", tmp_path / "choice.yaml", "--quiet")
    assert said.err == ""
    assert "participation.habit_weight" in said.out


@pytest.mark.parametrize("text", ["5", "9:1", "a:b", "0:inf", "-1:3", ":", "nan:3"])
def test_a_range_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    study(tmp_path, PLAIN)
    said = vsim("run", "worth", tmp_path / "choice.yaml", "--willing", text)
    assert (said.code, said.out) == (2, "")
    assert f"--willing is '{text}'" in said.err
    assert said.err.count("\n") == 1
