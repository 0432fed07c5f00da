"""`vsim run nation` and `vsim run replay` at the command line: what they say, refuse, keep and go on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.cli.small import vsim, write_town
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


def test_a_person_is_told_again_for_people_and_for_programs(town: Path, tmp_path: Path) -> None:
    ran(town, "--out", tmp_path / "run", "--records", "all")
    services = pd.read_parquet(tmp_path / "run" / "services")
    volunteer = int(services["volunteer"].value_counts().index[0])
    mine = services[services["volunteer"] == volunteer]
    said = vsim("run", "replay", town, "--volunteer", volunteer, "--json")
    assert json.loads(said.out)["services"] == mine.astype(int).to_dict("records")
    said = vsim("run", "replay", town, "--volunteer", volunteer)
    assert f"services ({len(mine)})" in said.out
