"""A large run: equal to the run in memory, whatever the files, threads and stops; one person can be told again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, levers, town
from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run import nation as module
from vsim.run.compare import compare
from vsim.run.nation import Outcome, nation_of, outcome, replay, run_nation
from vsim.run.nation_tables import SAMPLE, kept, write_table
from vsim.run.record import raw_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy, Rollout
from vsim.spec.scenario import Scenario, load_scenario
from vsim.world.city import check_size
from vsim.world.metrics import M

pytestmark = pytest.mark.slow
DISTRICTS = 7
PERSONAL = ("services", "courses", "stars", "points", "credits")
WORLD = town(residents=2100, districts=DISTRICTS, policies=levers())


def made(folder: Path, scenario: Scenario = WORLD, **how: object) -> Outcome:
    return run_nation(scenario, folder, **{"seed": SEED, "records": "all", "batch": 3, **how})  # type: ignore[arg-type]


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation") / "run"
    made(folder)
    return folder


def test_its_counts_are_those_of_the_run_in_memory(whole: Path) -> None:
    run = simulate(WORLD, SEED)
    weekly = read(whole, "weekly")
    assert weekly["week"].tolist() == list(range(WORLD.weeks)) * DISTRICTS
    for metric in (M.ATTENDED, M.HOURS, M.VERIFIED_HOURS, M.STARS, M.LEFT):
        assert weekly[metric.name.lower()].to_numpy().reshape(DISTRICTS, -1).tolist() == (
            run.people[..., metric].sum(axis=2).tolist()), metric.name
    assert outcome(whole).attended == run.people[..., M.ATTENDED].sum() > 100


def test_its_records_are_those_of_the_run_in_memory(whole: Path) -> None:
    raw = raw_tables(simulate(WORLD, SEED))
    seen, told = read(whole, "services"), raw["placements"]
    told = told[told["week"] >= 0].sort_values(["person", "week", "task"], kind="stable")
    seen = seen.sort_values(["volunteer", "week", "task"], kind="stable")
    for mine, theirs in (("volunteer", "person"), ("week", "week"), ("hours", "true_hours"), ("entered", "entered"),
                         ("due", "due"), ("flags", "flags")):
        assert seen[mine].tolist() == told[theirs].tolist(), mine
    for name in ("courses", "stars", "points"):
        expected = raw[name][raw[name]["week"] >= 0]
        assert len(expected) > 0, f"no {name}: the test tells nothing"
        assert sorted(read(whole, name)["volunteer"]) == sorted(expected["person"])
    tasks = read(whole, "tasks")
    assert set(seen["task"]) <= set(tasks["task"]), "a record of a task that is not there"
    assert tasks["task"].is_unique
    assert tasks["staffed"].sum() == raw["tasks"].loc[raw["tasks"]["week"] >= 0, "true_staffed"].sum()


@pytest.mark.parametrize(("batch", "threads", "records"), [(1, 1, "all"), (2, 2, "none"), (DISTRICTS, 1, "sample")])
def test_neither_batches_nor_threads_nor_records_change_what_happens(
    whole: Path, tmp_path: Path, batch: int, threads: int, records: str
) -> None:
    other = made(tmp_path / "run", batch=batch, threads=threads, records=records)
    assert other.checksum == outcome(whole).checksum
    pd.testing.assert_frame_equal(read(tmp_path / "run", "weekly"), read(whole, "weekly"))
    if records == "all":
        for name in (*PERSONAL, "tasks", "org_events"):
            pd.testing.assert_frame_equal(read(tmp_path / "run", name), read(whole, name))


def test_another_seed_is_another_run(whole: Path, tmp_path: Path) -> None:
    assert made(tmp_path / "run", seed=SEED + 1).checksum != outcome(whole).checksum


def test_a_part_is_what_it_is_in_the_whole_even_where_policy_is_rolled_out_by_need(tmp_path: Path) -> None:
    rollout = Rollout(order="need", share=0.5, batch=2, every=4)
    stars = Policy(lever="stars", values={"thresholds": [1, 2, 3]}, start_week=4, rollout=rollout)
    scenario = town(residents=2100, districts=DISTRICTS, policies=(stars,))
    everywhere, part = tmp_path / "whole", tmp_path / "part"
    made(everywhere, scenario)
    made(part, scenario, counties=3)
    where = set(read(everywhere, "stars")["district"])
    assert 0 < len(where) < DISTRICTS
    assert where & {0, 1, 2}, "no star in the part: the test tells nothing"
    for name in ("weekly", "services", "stars"):
        frame = read(everywhere, name)
        pd.testing.assert_frame_equal(frame[frame["district"] < 3].reset_index(drop=True), read(part, name))


def test_a_sample_holds_all_records_of_those_in_it_and_none_of_others(whole: Path, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsim.run.nation_tables.SAMPLE", 0.2)
    made(tmp_path / "run", records="sample")
    ids = np.arange(2100, dtype=np.uint32)
    mine = set(ids[kept(ids, stream_key(WORLD.world.seed), "sample")].tolist())
    assert 300 < len(mine) < 540
    for name in PERSONAL:
        all_rows = read(whole, name)
        chosen = all_rows[all_rows["volunteer"].isin(mine)].reset_index(drop=True)
        pd.testing.assert_frame_equal(chosen, read(tmp_path / "run", name))
    assert not (tmp_path / "run" / "tasks").exists()


def test_the_sample_is_a_hundredth() -> None:
    share = kept(np.arange(200_000, dtype=np.uint32), stream_key(1), "sample").mean()
    assert abs(share - SAMPLE) < 4 * np.sqrt(SAMPLE * (1 - SAMPLE) / 200_000)


def test_one_person_told_again_is_the_person_of_the_files(whole: Path) -> None:
    nation = nation_of(WORLD, SEED)
    files = {name: read(whole, name) for name in PERSONAL}
    busy = files["services"]["volunteer"].value_counts().index[:3].tolist()
    starred = files["stars"]["volunteer"].iloc[-1]
    idle = next(one for one in range(2100) if one not in set(files["services"]["volunteer"]))
    for volunteer in {*busy, int(starred), idle, 0, 2099}:
        told = replay(nation, int(volunteer))
        assert set(told) == set(PERSONAL)
        for name, frame in files.items():
            mine = frame[frame["volunteer"] == volunteer].reset_index(drop=True)
            pd.testing.assert_frame_equal(pd.DataFrame(told[name]), mine)


@pytest.mark.parametrize("volunteer", [-1, 2100, 10**12])
def test_nobody_is_told_who_is_not_there(volunteer: int) -> None:
    with pytest.raises(UsageError, match="allowed 0 to 2099"):
        replay(nation_of(WORLD, SEED), volunteer)


@pytest.mark.parametrize("spoil", ["note", "file", "cut", "nonsense", "part"])
def test_it_goes_on_where_something_is_missing_or_spoilt(whole: Path, tmp_path: Path, spoil: str) -> None:
    folder = tmp_path / "run"
    first = made(folder)
    note, file = folder / "notes" / "batch-0001.json", folder / "services" / "batch-0001.parquet"
    kept_bytes, others = file.read_bytes(), (folder / "services" / "batch-0000.parquet").stat().st_mtime_ns
    if spoil == "note":
        note.unlink()
    elif spoil == "file":
        file.unlink()
    elif spoil == "cut":
        file.write_bytes(kept_bytes[:100])
    elif spoil == "nonsense":
        note.write_text("[1, 2", encoding="utf-8")
    else:
        note.unlink()
        (folder / "services" / "batch-0001.part").write_bytes(b"half")
    with pytest.raises(UsageError, match="2 of 3 batches"):
        outcome(folder)
    assert made(folder) == first
    assert file.read_bytes() == kept_bytes
    assert not list(folder.glob("*/*.part"))
    assert (folder / "services" / "batch-0000.parquet").stat().st_mtime_ns == others, "what was there is not made again"


@pytest.mark.parametrize("after", [1, 2, 4])
def test_killed_it_goes_on_to_the_same_end(whole: Path, tmp_path: Path, after: int) -> None:
    """kill -9 as soon as so many batches are there; the next run ends as an undisturbed one."""
    folder = tmp_path / "run"
    code = ("from tests.run.test_nation import made; from pathlib import Path; import sys; "
            "made(Path(sys.argv[1]), batch=1, threads=2)")
    running = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=Path(__file__).parents[2])
    while running.poll() is None and len(list(folder.glob("notes/*.json"))) < after:
        time.sleep(0.002)
    running.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    running.wait()
    assert made(folder, batch=1).checksum == outcome(whole).checksum


@pytest.mark.parametrize(("how", "words"), [
    ({"seed": SEED + 1}, "with seed"), ({"records": "none"}, "with records all"), ({"batch": 2}, "with batch 3"),
    ({"counties": 2}, "with counties"), ({"scenario": town(residents=2200, districts=DISTRICTS)}, "scenario_hash"),
])
def test_a_folder_of_another_run_is_refused(whole: Path, how: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        made(whole, **how)                                                         # type: ignore[arg-type]


@pytest.mark.parametrize(("how", "words"), [
    ({"records": "some"}, "records is 'some'; allowed all, sample, none"), ({"counties": 0}, "allowed 1 to 7"),
    ({"counties": 8}, "allowed 1 to 7"), ({"batch": 0}, "allowed 1 or more"),
])
def test_what_is_not_allowed_is_refused_before_anything_is_written(
    tmp_path: Path, how: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        made(tmp_path / "run", **how)                                              # type: ignore[arg-type]
    assert not (tmp_path / "run").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty and holds no run"):
        made(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(UsageError, match="holds no run"):
        outcome(tmp_path)
    (tmp_path / "mine.txt").rename(tmp_path / module.PLAN)
    with pytest.raises(UsageError, match="missing or spoilt"):
        made(tmp_path)


def test_a_number_too_large_for_its_column_is_an_error_and_not_another_number(tmp_path: Path) -> None:
    from vsim.run.nation_tables import _narrow

    with pytest.raises(OverflowError, match="column hours holds 40000"):
        _narrow({"hours": np.array([1, 40_000])})
    assert write_table({"hours": np.array([], dtype=np.int16)}, tmp_path / "a" / "b.parquet") > 0


def test_the_nation_is_planned_in_a_moment_and_too_large_for_memory() -> None:
    scenario = load_scenario("nation")
    districts = nation_of(scenario).districts
    assert (len(districts), sum(d.residents for d in districts)) == (2844, 240_000_000)
    assert districts[-1].first_id + districts[-1].residents == 240_000_000 < 2**32 / 8, "ids of sources are eight times"
    with pytest.raises(UsageError, match="vsim run nation"):
        check_size(scenario.world)
    with pytest.raises(UsageError, match="vsim run nation"):
        simulate(scenario)
    with pytest.raises(UsageError, match="vsim run nation"):
        compare(scenario, scenario, replicates=1)
