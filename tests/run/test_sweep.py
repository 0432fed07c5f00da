"""Sweeps: equal to compare, the same bytes wherever they run, stopped and gone on with, traced to their runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.small import bytes_of
from tests.house.repo import ROOT
from tests.run.sweeping import STUDY, study
from vsim.errors import DataError, UsageError
from vsim.run.compare import compare
from vsim.run.costs import costs
from vsim.run.run import simulate
from vsim.run.store import META, PART, Store
from vsim.run.sweep import chosen, left, sweep
from vsim.run.sweep_plan import runs_of
from vsim.run.sweep_table import LEVEL, study_of, trace

SMALL = STUDY.replace("points: 4", "points: 2").replace("replicates: 3", "replicates: 2")


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in ("table.csv", "table.parquet", "runs.csv", "design.csv")}


def test_effects_are_those_of_compare(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    table = sweep(loaded, tmp_path / "out")
    store, runs = Store(tmp_path / "out" / "runs"), runs_of(loaded)
    cells = [cell for cell in runs.cells if cell.base is not None]
    assert len(cells) == 8
    for cell in cells[:3]:
        assert cell.base is not None
        slow = compare(cell.base.scenario, cell.scenario, replicates=3, seed=7)
        fast = study_of(cell, store)
        for name in ("people", "tasks", "cells"):
            assert np.array_equal(getattr(slow, name), getattr(fast, name))
        assert slow.touched == fast.touched
        rows = table[(table["point"] == cell.point) & (table["arm"] == cell.arm)]
        for row in rows[rows["estimand"] != LEVEL].to_dict("records"):
            found = slow.effect(row["outcome"], row["estimand"])
            assert [row[name] for name in ("value", "se", "low", "high", "n")] == [
                found.value, found.se, found.low, found.high, found.n]


def test_the_table_is_tidy_and_each_row_is_traced_to_its_runs(tmp_path: Path) -> None:
    loaded = study(tmp_path, SMALL)
    table = sweep(loaded, tmp_path / "out")
    assert not table.duplicated(["point", "arm", "world", "outcome", "estimand"]).any()
    assert len(table) == 2 * (3 + 2 * 3 * 4)
    listed = pd.read_csv(tmp_path / "out" / "runs.csv")
    assert not listed["run_id"].duplicated().any()
    assert len(listed) == 2 * 3 * 2
    store = Store(tmp_path / "out" / "runs")
    assert all(key in store for key in listed["key"])
    assert set(listed["scenario"]) == {cell.scenario.hash for cell in runs_of(loaded).cells}
    cell = runs_of(loaded).cells[1]
    keys = listed[(listed["point"] == cell.point) & listed["arm"].isin(["base", cell.arm])]["key"]
    assert sorted(keys) == sorted(job.key for one in (cell, cell.base) if one is not None for job in one.jobs)
    assert set(table[(table["point"] == 0) & (table["arm"] == cell.arm)]["runs"]) == {trace(cell)}


def test_arms_and_points_meet_the_same_lucks_unless_they_shall_not(tmp_path: Path) -> None:
    common = runs_of(study(tmp_path, SMALL)).table()
    own = runs_of(study(tmp_path, SMALL + "crn: false\n")).table()
    assert set(common["seed"]) == {7}
    assert set(common.groupby(["point", "arm"])["replicate"].agg(tuple)) == {(0, 1)}
    assert own["seed"].nunique() == 6


def test_a_base_that_no_factor_moves_is_run_once(tmp_path: Path) -> None:
    lines = [line for line in SMALL.splitlines() if "participation" not in line]
    runs = runs_of(study(tmp_path, "\n".join(lines)))
    keys = runs.table().groupby("arm")["key"].nunique()
    assert keys.to_dict() == {"base": 2, "gate": 4, "ladder": 2}


@pytest.mark.slow
def test_processes_give_the_bytes_of_threads(tmp_path: Path) -> None:
    loaded = study(tmp_path, SMALL)
    sweep(loaded, tmp_path / "threads", jobs=2)
    sweep(loaded, tmp_path / "one", jobs=1)
    sweep(loaded, tmp_path / "processes", jobs=2, backend="processes")
    for other in ("one", "processes"):
        assert tables(tmp_path / other) == tables(tmp_path / "threads")
        assert bytes_of(tmp_path / other / "runs") == bytes_of(tmp_path / "threads" / "runs")


@pytest.mark.slow
def test_a_sweep_that_was_killed_goes_on_where_it_stood(tmp_path: Path) -> None:
    loaded = study(tmp_path)
    dead = subprocess.run([sys.executable, "-m", "tests.run.sweeping", str(tmp_path), "9"], cwd=ROOT, check=False,
                          capture_output=True, timeout=120)
    assert dead.returncode == -signal.SIGKILL
    store, runs = Store(tmp_path / "out" / "runs"), runs_of(loaded)
    todo = left(runs, store)
    assert len(todo) == len(runs.jobs()) - 9
    assert not (tmp_path / "out" / "manifest.json").exists()
    (tmp_path / "out" / "runs" / f"{PART}0123-there-1-2").mkdir()
    seen: list[tuple[int, int]] = []
    sweep(loaded, tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(todo) + 1, len(todo) + 1)
    sweep(loaded, tmp_path / "whole")
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")
    assert bytes_of(tmp_path / "out" / "runs") == bytes_of(tmp_path / "whole" / "runs")


def test_ctrl_c_leaves_a_store_that_can_be_gone_on_with(tmp_path: Path) -> None:
    loaded = study(tmp_path, SMALL)

    def stop(done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(loaded, tmp_path / "out", progress=stop)
    store = Store(tmp_path / "out" / "runs")
    assert len(left(runs_of(loaded), store)) == len(runs_of(loaded).jobs()) - 5
    assert [path.name for path in store.folder.iterdir() if path.name.startswith(PART)] == []


@pytest.mark.slow
def test_two_ctrl_c_end_the_processes_too(tmp_path: Path) -> None:
    loaded = study(tmp_path, STUDY.replace("replicates: 3", "replicates: 200"))
    words = ["-m", "vsim.cli.main", "run", "sweep", str(tmp_path / "study.yaml"), "--out", str(tmp_path / "out"),
             "--backend", "processes", "--jobs", "2"]
    command = subprocess.Popen([sys.executable, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    store = Store(tmp_path / "out" / "runs")
    while command.poll() is None and len(list(store.folder.glob("[0-9a-f]*"))) < 5:
        time.sleep(0.05)
    command.send_signal(signal.SIGINT)
    command.send_signal(signal.SIGINT)
    _, told = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "Traceback" not in told
    kept = len(runs_of(loaded).jobs()) - len(left(runs_of(loaded), store))
    assert 5 <= kept == len(list(store.folder.glob("[0-9a-f]*")))


def test_the_content_of_the_manifest_is_the_same_however_it_was_done(tmp_path: Path) -> None:
    loaded = study(tmp_path, SMALL)
    sweep(loaded, tmp_path / "a", jobs=2)
    sweep(loaded, tmp_path / "b", jobs=1, store=tmp_path / "a" / "runs", check=0)
    one, other = (json.loads((tmp_path / name / "manifest.json").read_text("utf-8")) for name in "ab")
    assert one["content"] == other["content"]
    assert one["content_sha256"] == other["content_sha256"]
    assert (one["circumstances"]["computed"], other["circumstances"]["computed"]) == (16, 0)
    assert one["circumstances"]["wall_seconds"] > 0


def test_a_run_that_does_not_come_out_as_kept_is_named(tmp_path: Path) -> None:
    loaded = study(tmp_path, SMALL)
    sweep(loaded, tmp_path / "out")
    again = chosen(runs_of(loaded).jobs(), 0.01)
    assert len(again) == 1
    path = tmp_path / "out" / "runs" / again[0].key / META
    meta = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**meta, "values": "0" * 64}), encoding="utf-8")
    with pytest.raises(DataError, match=again[0].key):
        sweep(loaded, tmp_path / "out")
    sweep(loaded, tmp_path / "out", check=0)


def test_the_choice_of_what_is_run_again_is_keyed(tmp_path: Path) -> None:
    jobs = runs_of(study(tmp_path, SMALL)).jobs()
    few = [job.key for job in chosen(jobs, 0.25)]
    assert len(few) == len(jobs) // 4
    assert few == [job.key for job in chosen(jobs[::-1], 0.25)]
    assert chosen(jobs, 0) == []
    with pytest.raises(UsageError, match="share"):
        chosen(jobs, 2)


def test_a_folder_of_another_study_is_not_written_over(tmp_path: Path) -> None:
    sweep(study(tmp_path, SMALL), tmp_path / "out")
    before = bytes_of(tmp_path / "out")
    other = study(tmp_path, SMALL.replace("trained, ", ""))
    with pytest.raises(UsageError, match="another study"):
        sweep(other, tmp_path / "out")
    assert bytes_of(tmp_path / "out") == before
    assert len(sweep(other, tmp_path / "out", force=True)) < len(pd.read_csv(tmp_path / "out" / "runs.csv")) * 10
    with pytest.raises(UsageError, match="is not empty"):
        sweep(other, tmp_path)


def test_each_world_has_its_own_people(tmp_path: Path) -> None:
    text = SMALL.replace("points: 2", "points: 1") + "worlds: [3, 4]\n"
    table = sweep(study(tmp_path, text), tmp_path / "out")
    assert set(table["world"]) == {3, 4}
    assert len(set(table.groupby("world")["value"].agg(tuple))) == 2


@pytest.mark.slow
def test_what_policies_cost_is_held_against_the_budget(tmp_path: Path) -> None:
    text = SMALL.replace("points: 2", "points: 1").replace("replicates: 2", "replicates: 1") + "budget: {yuan: 1000}\n"
    loaded = study(tmp_path, text.replace("  ladder: {scenario: town_pilot.yaml}\n", ""))
    table = sweep(loaded, tmp_path / "out", check=0)
    base, gate = runs_of(loaded).cells
    spent = {cell.arm: costs(simulate(cell.scenario, 7))["yuan"].sum() for cell in (base, gate)}
    for arm, within in (("base", True), ("gate", False)):
        row = table[table["arm"] == arm].iloc[0]
        assert row["yuan"] == pytest.approx(spent[arm], abs=0.02)
        assert row["more_yuan"] == pytest.approx(spent[arm] - spent["base"], abs=0.02)
        assert row["within_budget"] == within == (row["more_yuan"] <= 1000)


def test_more_runs_than_the_budget_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"12 runs; budget.runs allows 11"):
        runs_of(study(tmp_path, SMALL + "budget: {runs: 11}\n"))
