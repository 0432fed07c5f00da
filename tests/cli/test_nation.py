"""`vsim run nation` and `vsim run replay` at the command line: what they say, refuse, keep and go on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.small import vsim, write_town
from vsim.cli.nation import progress_lines
from vsim.run.nation import Step
from vsim.run.run import simulate
from vsim.spec.scenario import load_scenario
from vsim.world.metrics import M

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))[0]


def ran(*words: object) -> dict[str, Any]:
    said = vsim("run", "nation", *map(str, words), "--json")
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_it_writes_what_a_run_in_memory_counts_and_says_so_again_when_asked_again(town: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = ran(town, "--out", out, "--records", "all", "--batch", 1)
    run = simulate(load_scenario(str(town)), 1)
    assert first["attended"] == run.people[..., M.ATTENDED].sum() > 0
    assert (first["districts"], first["residents"], first["scenario_hash"]) == (4, 600, run.scenario.hash)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert ran(town, "--out", out, "--records", "all", "--batch", 1) == first
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")} == before


@pytest.mark.parametrize(("lang", "word"), [("en", "Bytes a row"), ("zh_CN", "每行字节")])
def test_people_are_told_what_was_written(town: Path, tmp_path: Path, lang: str, word: str) -> None:
    said = vsim("run", "nation", town, "--out", tmp_path / "run", "--weeks", "4", "--lang", lang)
    assert said.code == 0
    assert word in said.out
    assert "services" in said.out
    assert len(pd.read_parquet(tmp_path / "run" / "weekly")) == 4 * 4


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = vsim("run", "nation", "--dry-run", "--counties", "2")
    assert (said.code, said.out) == (0, "")
    assert "2 districts, 52 weeks; nothing was run" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("words", "told"), [
    (("run", "nation"), "--out is missing"), (("run", "simulate", "nation"), "district by district: `vsim run nation`"),
    (("run", "nation", "nowhere", "--out", "x"), "nowhere"),
    (("run", "replay", "--volunteer", "240000000"), "allowed 0 to 239999999"),
])
def test_what_is_wrong_is_one_line_and_exit_2(words: tuple[str, ...], told: str, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = vsim(*words)
    assert said.code == 2
    assert told in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_how_far_it_is_is_said_in_lines_that_a_log_can_keep(town: Path, tmp_path: Path) -> None:
    said = vsim("run", "nation", town, "--out", tmp_path / "run", "--weeks", "4")
    lines = [line for line in said.err.splitlines() if "districts written" in line]
    assert lines[0] == "0 of 4 districts written, 0.0 % of resident-weeks, - left"
    assert lines[-1] == "4 of 4 districts written, 100.0 % of resident-weeks, 0:00:00 left"
    assert "districts written" not in vsim("run", "nation", town, "--out", tmp_path / "two", "--weeks", "4", "-q").err


def test_the_time_left_is_that_of_the_resident_weeks_left_at_the_pace_of_this_call() -> None:
    told: list[str] = []
    now = iter([100.0, 105.0, 160.0, 161.0, 7360.0])
    step = progress_lines(told.append, lambda: next(now))
    for done, written in ((500, 1), (510, 1), (620, 2), (640, 2), (1000, 4)):
        step(Step(done, 1000, written, 4))
    assert told == [
        "1 of 4 districts written, 50.0 % of resident-weeks, - left",
        "2 of 4 districts written, 62.0 % of resident-weeks, 0:03:10 left",      # 120 took 60 s, 380 are left
        "4 of 4 districts written, 100.0 % of resident-weeks, 0:00:00 left",
    ]


def test_a_finished_run_is_a_base_for_another(town: Path, tmp_path: Path) -> None:
    first = ran(town, "--out", tmp_path / "one", "--epoch", 5)
    again = ran(town, "--out", tmp_path / "two", "--base", tmp_path / "one", "--batch", 3)
    assert (again["checksum"], again["rows"]) == (first["checksum"], first["rows"])
    said = vsim("run", "nation", town, "--out", tmp_path / "three", "--base", tmp_path / "nowhere")
    assert said.code == 2
    assert "holds no run" in said.err


def test_what_feedback_did_is_said_and_a_person_told_with_it(town: Path, tmp_path: Path) -> None:
    ruled = tmp_path / "ruled.yaml"
    ruled.write_text(f"extends: {town}\npolicies:\n- {{lever: points, values: {{price: 5}}}}\nfeedback:\n"
                     "- {policy: points, parameter: price, follows: attended, target: 1000, gain: 2, least: 1, "
                     "most: 6, every: 6}\n", encoding="utf-8")
    out = tmp_path / "run"
    moves = ran(ruled, "--out", out, "--weeks", 12)["feedback"]
    assert [move[:3] for move in moves] == [[6, "points", "price"]]
    assert moves[0][4:] == [5.0, 6.0]
    said = vsim("run", "nation", ruled, "--out", out, "--weeks", "12")
    assert "Week 6: points.price from 5 to 6; seen" in said.out
    refused = vsim("run", "replay", ruled, "--weeks", "12", "--volunteer", "3")
    assert (refused.code, "allowed with --run" in refused.err) == (2, True)
    assert vsim("run", "replay", ruled, "--weeks", "12", "--volunteer", "3", "--run", out).code == 0
    refused = vsim("run", "replay", ruled, "--weeks", "11", "--volunteer", "3", "--run", out)
    assert (refused.code, "with scenario_hash" in refused.err) == (2, True)


def test_a_person_is_told_again_for_people_and_for_programs(town: Path, tmp_path: Path) -> None:
    ran(town, "--out", tmp_path / "run", "--records", "all")
    services = pd.read_parquet(tmp_path / "run" / "services")
    volunteer = int(services["volunteer"].value_counts().index[0])
    mine = services[services["volunteer"] == volunteer]
    said = vsim("run", "replay", town, "--volunteer", volunteer, "--json")
    told = json.loads(said.out)["services"]
    assert [row.pop("service") & 0xFFFFFFFF for row in told] == list(range(len(mine))), "numbered anew"
    assert told == mine.drop(columns="service").astype(int).to_dict("records")
    said = vsim("run", "replay", town, "--volunteer", volunteer)
    assert f"services ({len(mine)})" in said.out
