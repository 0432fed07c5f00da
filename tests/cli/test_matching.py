"""vsim run match: tables in both languages, JSON, files that go on where they stood, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.small import TOWN, Said, bytes_of, vsim

TARGETS = "name,value,sd,unit,source,weight\nhours_per_record,{hours},0.2,h,test,1\nregistered,300,10,persons,test,0\n"


def match(folder: Path, *words: str | Path, hours: float = 3.0) -> Said:
    (folder / "town.yaml").write_text(TOWN, encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS.format(hours=hours), encoding="utf-8")
    return vsim("run", "match", folder / "town.yaml", folder / "targets.csv", "--parameters",
                "service.hours_mean, participation.taste_sd=0.2:1.5", "--runs", "40", "--replicates", "2",
                "--draws", "12", "--waves", "2", *words)


@pytest.mark.slow
def test_a_matching_is_told_written_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    said = match(tmp_path, "--out", tmp_path / "out", "--json")
    assert said.code == 0
    told = json.loads(said.out)
    found = {row["parameter"]: row for row in told["parameters"]}
    assert found["service.hours_mean"]["verdict"] == "identified"
    assert found["participation.taste_sd"]["verdict"] == "not identified"
    assert [row["fitted"] for row in told["targets"]] == [True, False]
    before = bytes_of(tmp_path / "out")
    assert {"parameters.csv", "targets.csv", "waves.csv", "draws.csv", "match.json"} <= set(before)
    draws = pd.read_csv(tmp_path / "out" / "draws.csv")
    assert len(draws) == 12
    assert draws["weight"].sum() == pytest.approx(1.0)
    again = match(tmp_path, "--out", tmp_path / "out", "--lang", "zh_CN")
    assert again.code == 0
    assert bytes_of(tmp_path / "out") == before
    assert "参数" in again.out
    assert "未能识别" in again.out
    other = match(tmp_path, "--out", tmp_path / "out", "--seed", "2")
    assert other.code == 2
    assert "holds another matching" in other.err


@pytest.mark.slow
def test_targets_out_of_reach_leave_nothing_and_give_1(tmp_path: Path) -> None:
    said = match(tmp_path, hours=40.0)
    assert said.code == 1
    assert "No setting is left" in said.out
    assert "No run came nearer to hours_per_record than" in " ".join(said.out.split())


@pytest.mark.parametrize(("words", "said"), [
    (["--runs", "10"], "allowed 8 or more for 2 parameters. Give 16 runs"),
    (["--parameters", "service.hours_meen"], "Did you mean 'service.hours_mean'"),
])
def test_what_cannot_be_done_is_refused_before_anything_is_run(tmp_path: Path, words: list[str], said: str) -> None:
    found = match(tmp_path, *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1
