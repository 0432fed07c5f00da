"""A large run: equal to the run in memory, whatever the files, threads and stops; one person can be told again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.engine_worlds import SEED, levers, town
from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run.compare import compare
from vsim.run.nation import Outcome, nation_of, outcome, replay, run_nation
from vsim.run.nation import read as read_whole
from vsim.run.nation_tables import SAMPLE, kept
from vsim.run.record import raw_tables
from vsim.run.run import simulate
from vsim.spec.policy import Policy, Rollout
from vsim.spec.scenario import Scenario, load_scenario
from vsim.world.city import check_size
from vsim.world.ledgers import BREACH, INCIDENT, SECOND, SHOWED, STAND_IN, UNUSED
from vsim.world.metrics import M

pytestmark = pytest.mark.slow
DISTRICTS = 7
PERSONAL = ("services", "training", "stars", "points", "credits")
EVERY = (*PERSONAL, "records", "volunteers", "tasks", "org_events", "weekly")
WORLD = town(residents=2100, districts=DISTRICTS, policies=levers())


def made(folder: Path, scenario: Scenario = WORLD, **how: object) -> Outcome:
    return run_nation(scenario, folder, **{"seed": SEED, "records": "all", "batch": 3, **how})  # type: ignore[arg-type]


def read(folder: Path, name: str) -> pd.DataFrame:
    """Return a table; records without the number of their service, which depends on whose are written."""
    frame = read_whole(folder, name)
    if name == "records":
        services = read_whole(folder, "services")[["service", "district", "week", "volunteer", "task"]]
        frame = services.merge(frame, on="service", validate="one_to_one")
    return frame.drop(columns="service", errors="ignore")


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Compare two tables, texts by what they say."""
    for frame in (one, other):
        for name in frame.columns[frame.dtypes == "category"]:
            frame[name] = frame[name].astype(str)
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


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
    seen, told = read_whole(whole, "services"), raw["placements"]
    told = told[told["week"] >= 0].sort_values(["person", "week"], kind="stable").reset_index(drop=True)
    seen = seen.sort_values(["volunteer", "week"], kind="stable").reset_index(drop=True)
    for mine, theirs in (("volunteer", "person"), ("week", "week"), ("hours", "true_hours")):
        assert seen[mine].tolist() == told[theirs].tolist(), mine
    came = (told["flags"] & SHOWED) > 0
    assert ((seen["hours"] > 0) | (seen["flags"] & 1 > 0)).tolist() == came.tolist()
    for bit, place in ((UNUSED, 1), (STAND_IN, 2), (SECOND, 4), (INCIDENT, 8), (BREACH, 16)):
        assert (seen["flags"] & place > 0).tolist() == (told["flags"] & bit > 0).tolist(), bit
    records = read_whole(whole, "records").set_index("service").reindex(seen["service"]).reset_index(drop=True)
    entered = (told["flags"] & 1) > 0
    assert records["entered"].notna().tolist() == entered.tolist()
    records, told = records[entered], told[entered]
    assert 100 < len(records) < len(seen)
    assert (records["entered"] == told["entered"]).all()
    assert (records["lag"] == told["due"] - told["week"]).all()
    assert (records["method"] == told["flags"] // 256 % 4).all()
    assert (records["flags"] == told["flags"] // 2 % 32).all()
    for name, book in (("training", "courses"), ("stars", "stars"), ("points", "points")):
        expected = raw[book][raw[book]["week"] >= 0]
        assert len(expected) > 0, f"no {name}: the test tells nothing"
        assert sorted(read(whole, name)["volunteer"]) == sorted(expected["person"])


def test_every_service_is_of_a_task_that_is_told(whole: Path) -> None:
    services, tasks = read_whole(whole, "services"), read_whole(whole, "tasks")
    key = ["district", "week", "task"]
    assert not tasks.duplicated(key).any()
    met = services.merge(tasks, on=key, how="left", validate="many_to_one")
    assert met["source"].notna().all()
    served = services[services["hours"] > 0].groupby(key).size()
    assert served.to_dict() == tasks[tasks["staffed"] > 0].set_index(key)["staffed"].to_dict()
    raw = raw_tables(simulate(WORLD, SEED))["tasks"]
    raw = raw[raw["week"] >= 0]
    assert tasks["staffed"].sum() == raw["true_staffed"].sum()
    assert sorted(tasks["seats"]) == sorted(raw["seats"])
    for _, week in tasks.groupby(["district", "week"]):
        assert week["task"].tolist() == list(range(len(week)))
        assert week["filled"].is_monotonic_decreasing, "the fullest first: most services have a small number"


def test_its_volunteers_are_those_on_the_register_by_name(whole: Path) -> None:
    people = raw_tables(simulate(WORLD, SEED))["people"]
    people = people[people["registered"]].reset_index(drop=True)
    seen = read_whole(whole, "volunteers")
    assert (seen["volunteer"] == people["person"]).all()
    assert (seen["surname"].astype(str) + seen["given_name"].astype(str) == people["name"]).all()
    assert ((seen["sex"] == "F") == people["female"]).all()
    low, high = (seen["age_group"].astype(str).str.split("-").str[k].astype(int) for k in (0, 1))
    assert ((low <= people["age"]) & (people["age"] <= high)).all()
    for mine, theirs in (("registered_week", "since"), ("star", "star"), ("household", "household")):
        assert (seen[mine] == people[theirs]).all(), mine
    assert (seen["community"] == people["community"] + 1).all()
    places = seen.groupby(["district", "community"])["address"].agg(lambda one: set(one.astype(str)))
    assert places.map(len).max() == 1, "one address for each community"
    assert len(set.union(*places)) == len(places), "and no two share one"


@pytest.mark.parametrize(("batch", "threads", "records"), [(1, 1, "all"), (2, 2, "none"), (DISTRICTS, 1, "sample")])
def test_neither_batches_nor_threads_nor_records_change_what_happens(
    whole: Path, tmp_path: Path, batch: int, threads: int, records: str
) -> None:
    other = made(tmp_path / "run", batch=batch, threads=threads, records=records)
    assert other.checksum == outcome(whole).checksum
    for name in EVERY if records == "all" else ("weekly",):
        same(read(tmp_path / "run", name), read(whole, name))
    assert (tmp_path / "run" / "services").exists() == (records != "none")


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
    for name in EVERY:
        frame = read(everywhere, name)
        same(frame[frame["district"] < 3], read(part, name))


def test_a_sample_holds_all_records_of_those_in_it_and_none_of_others(whole: Path, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsim.run.nation_tables.SAMPLE", 0.2)
    made(tmp_path / "run", records="sample")
    ids = np.arange(2100, dtype=np.uint32)
    mine = set(ids[kept(ids, stream_key(WORLD.world.seed), "sample")].tolist())
    assert 300 < len(mine) < 540
    for name in (*PERSONAL, "records", "volunteers"):
        all_rows = read(whole, name)
        same(all_rows[all_rows["volunteer"].isin(mine)], read(tmp_path / "run", name))
    assert not (tmp_path / "run" / "tasks").exists()


def test_the_sample_is_a_hundredth() -> None:
    share = kept(np.arange(200_000, dtype=np.uint32), stream_key(1), "sample").mean()
    assert abs(share - SAMPLE) < 4 * np.sqrt(SAMPLE * (1 - SAMPLE) / 200_000)


def test_people_of_every_district_told_again_are_those_of_the_files(whole: Path) -> None:
    """Two busy people, one who was never placed and one drawn of each district: all rows of all tables."""
    nation = nation_of(WORLD, SEED)
    files = {name: read(whole, name) for name in (*PERSONAL, "records")}
    rng, told_rows = np.random.default_rng(5), 0
    for district in nation.districts:
        ids = np.arange(district.first_id, district.first_id + district.residents)
        services = files["services"]["volunteer"]
        busy = services[services.isin(ids)].value_counts().index[:2].tolist()
        idle = int(np.setdiff1d(ids, services)[0])
        for volunteer in {*busy, idle, int(rng.choice(ids)), int(ids[-1])}:
            told = {name: pd.DataFrame(table) for name, table in replay(nation, int(volunteer)).items()}
            assert set(told) == set(files)
            told["records"] = told["services"][["service", "district", "week", "volunteer", "task"]].merge(
                told["records"], on="service", validate="one_to_one")
            for name, frame in files.items():
                mine = frame[frame["volunteer"] == volunteer]
                same(told[name].drop(columns="service", errors="ignore"), mine)
                told_rows += len(mine)
    assert told_rows > 500


@pytest.mark.parametrize("volunteer", [-1, 2100, 10**12])
def test_nobody_is_told_who_is_not_there(volunteer: int) -> None:
    with pytest.raises(UsageError, match="allowed 0 to 2099"):
        replay(nation_of(WORLD, SEED), volunteer)


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
