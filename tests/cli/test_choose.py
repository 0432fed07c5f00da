"""vsim run choose: its tables in both languages, its JSON, its files, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.small import vsim
from tests.run.choosing import study
from vsim.run.policy_choose import choose
from vsim.spec.scenario import load_scenario

QUICK = ("--replicates", "2", "--fresh", "2", "--quiet")
PROOF = Path(__file__).resolve().parents[2] / "proofs" / "ensemble-cn_mobilised.json"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.slow
def test_the_table_tells_mix_gain_cost_and_goodhart_in_both_languages(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    english = vsim("run", "choose", tmp_path / "choice.yaml", *QUICK)
    assert (english.code, english.err) == (0, "")
    found = choose(loaded, replicates=2, fresh=2)
    for word in ("Goodhart's check", "Optimism of the search", "Gini of hours", "Unmet need, worst district",
                 "districts by need", "Gain of another 10,000 yuan", f"{found.chosen.cost.value:,.0f}"):
        assert word in " ".join(english.out.split())
    chinese = vsim("run", "choose", tmp_path / "choice.yaml", *QUICK, "--lang", "zh_CN")
    for word in ("古德哈特", "基尼系数", "最佳组合"):
        assert word in chinese.out


@pytest.mark.slow
def test_json_is_the_choice_and_files_hold_a_scenario_that_runs(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    out = tmp_path / "out"
    said = vsim("run", "choose", tmp_path / "choice.yaml", *QUICK, "--json", "--out", out)
    assert said.code == 0
    told = json.loads(said.out)
    assert told == json.loads(json.dumps(choose(loaded, replicates=2, fresh=2).to_dict()).replace("NaN", "null"))
    assert told["goodhart"]["verdict"] in {"sound", "inflated", "gamed", "no gain"}
    assert {row["key"] for row in told["equity"]} == {"gini_of_hours", "gap_between_districts"}
    assert load_scenario(out / "chosen.yaml").hash == told["provenance"]["chosen"]
    rows = rows_of(out / "finalists.csv")
    assert [row["verdict"] for row in rows] == [row["verdict"] for row in told["table"]]
    assert len(rows_of(out / "tried.csv")) == len(told["tried"])
    again = vsim("run", "choose", tmp_path / "choice.yaml", *QUICK, "--out", out)
    assert again.code == 2
    assert "is not empty" in again.err
    assert vsim("run", "choose", tmp_path / "choice.yaml", *QUICK, "--out", out, "--force").code == 0


@pytest.mark.slow
def test_rival_structures_stand_in_a_table_of_their_own(tmp_path: Path) -> None:
    study(tmp_path)
    said = vsim("run", "choose", tmp_path / "choice.yaml", *QUICK, "--ensemble", PROOF, "--trials", "1")
    assert said.code == 0, said.err
    assert "Gain in 7 structures of the model" in said.out
    assert "least regret" in " ".join(said.out.split())


@pytest.mark.parametrize(("words", "said"), [
    (["--replicates", "1"], "allowed 2 or more"), (["--method", "tp"], "Did you mean 'tpe'"),
    (["--target", "hour"], "indicator is 'hour'"), (["--ensemble", "cn_nothing"], "proofs holds none"),
    (["--budget", "0", "--method", "knapsack", "--out", "choice.yaml"], "is a file"),
])
def test_what_cannot_be_done_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str,
) -> None:
    study(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = vsim("run", "choose", "choice.yaml", *words, "--quiet")
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    study(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    found = vsim("run", "choose", tmp_path / "choice.yaml", "--out", other, "--force")
    assert found.code == 2
    assert "holds no recommendation.json" in found.err
