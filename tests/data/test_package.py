"""A package is written whole or not at all, with the same bytes each time, never over what must be kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.data.frames import ABOUT, frames, package, truth_frames
from vsim.errors import DataError, UsageError
from vsim.report import package_folder
from vsim.report.check import check_package
from vsim.report.package import write_package
from vsim.report.package_write import csv_bytes
from vsim.spec.tables import load_tables

pytestmark = pytest.mark.slow


def content(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = package(tmp_path / "a", bom_twins=True), package(tmp_path / "b", bom_twins=True)
    assert content(first) == content(second)
    assert package(first, force=True, bom_twins=True) == first
    assert content(first) == content(second)


@pytest.mark.slow
def test_another_process_with_another_hash_seed_and_language_gives_the_same_bytes(tmp_path: Path) -> None:
    here = content(package(tmp_path / "here"))
    code = "import sys, pathlib; from tests.data.frames import package; package(pathlib.Path(sys.argv[1]))"
    changed = {"PYTHONHASHSEED": "12345", "VSIM_LANG": "zh_CN", "TZ": "Asia/Shanghai"}
    there = tmp_path / "there"
    environment = {**os.environ, **changed}
    subprocess.run([sys.executable, "-c", code, str(there)], env=environment, check=True, timeout=60)
    assert content(there) == here


def test_files_are_plain_utf8_with_lf_and_marked_as_synthetic(tmp_path: Path) -> None:
    files = content(package(tmp_path / "x", bom_twins=True))
    for name, raw in files.items():
        assert raw.startswith(b"\xef\xbb\xbf") == ("excel/" in name)
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        raw.decode("utf-8")
    marked = ("README.md", "DICTIONARY.md", "datapackage.json")
    for name in (*marked, *(f"truth/{name}" for name in marked)):
        text = files[name].decode()
        assert "SYNTHETIC" in text.partition("resources")[0]
        assert "合成数据" in text.partition("resources")[0]
    assert yaml.safe_load(files["recipe.yaml"]) == ABOUT["recipe"]


def test_checksums_hold_as_sha256sum_reads_them(tmp_path: Path) -> None:
    folder = package(tmp_path / "x")
    for root in (folder, folder / "truth"):
        lines = (root / "SHA256SUMS").read_text(encoding="ascii").splitlines()
        for line in lines:
            sha, name = line.split("  ")
            assert hashlib.sha256((root / name).read_bytes()).hexdigest() == sha
    assert not any("truth" in line for line in (folder / "SHA256SUMS").read_text().splitlines())


def test_values_survive_the_way_there_and_back(tmp_path: Path) -> None:
    folder = package(tmp_path / "x")
    stations = pd.read_csv(folder / "data" / "stations.csv", dtype=str)
    assert stations["station_id"].tolist() == ["007", "018", "129"]
    back = pd.read_csv(folder / "data" / "activities.csv", dtype={"station_id": str})
    given = frames()["activities"]
    assert back["planned_hours"].tolist() == given["planned_hours"].tolist()
    assert back["gated"].tolist() == given["gated"].tolist()
    assert back["station_id"].isna().tolist() == given["station_id"].isna().tolist()
    assert back["date"].tolist() == [day.date().isoformat() for day in given["date"]]


def test_columns_are_written_in_the_order_of_the_dictionary(tmp_path: Path) -> None:
    frame = frames()["districts"]
    turned = package(tmp_path / "turned", districts=frame[frame.columns[::-1]])
    assert content(turned) == content(package(tmp_path / "plain"))


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), SystemExit(3)])
@pytest.mark.parametrize("before", [False, True])
def test_an_interrupted_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, before: bool
) -> None:
    folder = tmp_path / "x"
    old = content(package(folder)) if before else None
    written = []

    def write(path: Path, raw: bytes) -> int:
        written.append(path)
        if len(written) == 5:
            raise error
        with path.open("wb") as stream:
            return stream.write(raw)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(type(error)):
        package(folder, force=True, districts=frames()["districts"].assign(population=1))
    assert len(written) == 5
    assert [path.name for path in tmp_path.iterdir()] == (["x"] if before else [])
    assert old is None or content(folder) == old


def test_a_failure_at_the_last_step_brings_the_old_package_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = package(tmp_path / "x")
    old, rename, calls = content(folder), os.rename, []

    def fail_once(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError("no")
        rename(source, target)

    monkeypatch.setattr(package_folder.os, "rename", fail_once)
    with pytest.raises(OSError, match="no"):
        package(folder, force=True, districts=frames()["districts"].assign(population=1))
    assert content(folder) == old
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.slow
def test_a_killed_write_leaves_nothing_under_the_name_and_the_next_clears_up(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib\n"
        "from tests.data.frames import package\n"
        "from vsim.report import package as module\n"
        "module.check_package = lambda folder: os.kill(os.getpid(), 9)\n"
        "package(pathlib.Path(sys.argv[1]))\n"
    )
    folder = tmp_path / "x"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], timeout=60, check=False)
    assert done.returncode == -9
    assert not folder.exists()
    [left] = tmp_path.iterdir()
    assert left.name.startswith(".x.partial-")
    package(folder)
    os.utime(left, (0, 0))
    package(folder, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_nothing_is_written_over_without_force(tmp_path: Path) -> None:
    folder = package(tmp_path / "x")
    old = content(folder)
    with pytest.raises(UsageError, match=r"exists already.*--force"):
        package(folder, districts=frames()["districts"].assign(population=1))
    assert content(folder) == old
    package(folder, force=True, districts=frames()["districts"].assign(population=1))
    assert content(folder) != old


def test_force_does_not_delete_what_is_no_package(tmp_path: Path) -> None:
    precious = tmp_path / "thesis"
    precious.mkdir()
    (precious / "chapter.txt").write_text("years of work")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(package(tmp_path / "real"))
    for name in ("thesis", "file", "link"):
        with pytest.raises(UsageError):
            package(tmp_path / name, force=True)
    assert (precious / "chapter.txt").read_text() == "years of work"


def test_an_empty_or_new_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "empty", tmp_path / "a" / "b" / "new"):
        assert check_package(package(place)) == []


def test_an_old_file_does_not_stay_behind_in_a_new_package(tmp_path: Path) -> None:
    folder = package(tmp_path / "x", bom_twins=True)
    package(folder, force=True)
    assert not (folder / "excel").exists()
    write_package(folder, frames(), {}, force=True, **ABOUT)
    assert not (folder / "truth").exists()
    assert check_package(folder) == []


def test_faulty_data_are_not_published(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not written, the data have 1 faults: volunteers:2.*D99"):
        package(tmp_path / "x", volunteers=frames()["volunteers"].assign(
            district=["D99", *frames()["volunteers"]["district"][1:]]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["people_truth", "service_truth", "effects_truth"])
def test_truth_among_what_is_seen_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="is truth; allowed only among truth_frames"):
        write_package(tmp_path / "x", {**frames(), name: truth_frames()[name]}, {}, **ABOUT)
    assert list(tmp_path.iterdir()) == []


def test_a_truth_column_among_what_is_seen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="truth column 'true_hours'"):
        package(tmp_path / "x", service_records=frames()["service_records"].assign(true_hours=1.0))


def test_what_is_seen_among_the_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no truth"):
        write_package(tmp_path / "x", frames(), {"districts": frames()["districts"]}, **ABOUT)


def test_an_unknown_table_or_column_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Did you mean 'volunteers'"):
        write_package(tmp_path / "x", {"voluntears": frames()["volunteers"]}, {}, **ABOUT)
    with pytest.raises(DataError, match="Did you mean 'population'"):
        package(tmp_path / "x", districts=frames()["districts"].rename(columns={"population": "populatio"}))
    with pytest.raises(DataError, match="'area_km2' is missing"):
        package(tmp_path / "x", districts=frames()["districts"].drop(columns="area_km2"))


@pytest.mark.parametrize(("column", "value"), [
    ("population", 1.5), ("population", True), ("population", "12"), ("area_km2", np.inf), ("area_km2", "4"),
    ("name", 7), ("name", "two\nlines"), ("name", "tab\t"), ("name", " wide "), ("district", 1),
    ("name", None), ("population", np.nan), ("name", ""),
])
def test_a_value_of_another_type_is_refused_with_its_place(column: str, value: object) -> None:
    frame = frames()["districts"].astype(object)
    frame.loc[1, column] = value
    with pytest.raises(DataError, match=f"districts:3: {column} is"):
        csv_bytes(frame, load_tables()["districts"])


@pytest.mark.parametrize("value", [
    date(2025, 1, 6), pd.Timestamp("2025-01-06"), np.datetime64("2025-01-06"), "2025-01-06",
])
def test_every_usual_way_of_writing_a_date_is_understood(value: object) -> None:
    frame = frames()["stations"].astype(object)
    frame["opened_on"] = [value] * 3
    assert b",2025-01-06\n" in csv_bytes(frame, load_tables()["stations"])


@pytest.mark.parametrize("value", [pd.Timestamp("2025-01-06 10:00"), "6 Jan 2025", "2025-02-30", 45663])
def test_what_is_no_date_is_refused(value: object) -> None:
    frame = frames()["stations"].astype(object)
    frame["opened_on"] = [value] * 3
    with pytest.raises(DataError, match="opened_on"):
        csv_bytes(frame, load_tables()["stations"])


def test_numbers_are_short_and_have_no_noise() -> None:
    frame = frames()["districts"]
    frame["area_km2"] = [0.1 + 0.2, -0.0, 1e15]
    cells = [line.rpartition(b",")[2] for line in csv_bytes(frame, load_tables()["districts"]).splitlines()]
    assert cells[1:] == [b"0.3", b"0", b"1e+15"]


@pytest.mark.parametrize(("field", "value"), [
    ("name", "Two Words"), ("name", ""), ("scenario_hash", "abc"), ("seed", -1), ("seed", True),
    ("title", " "), ("licences", []), ("licences", [{"title": "x"}]), ("sources", [{"path": "x"}]),
    ("version", "1\n2"),
])
def test_what_is_said_about_the_data_must_be_usable(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(UsageError, match=field):
        write_package(tmp_path / "x", frames(), {}, **{**ABOUT, field: value})
    assert list(tmp_path.iterdir()) == []


def test_a_package_can_be_moved(tmp_path: Path) -> None:
    moved = shutil.move(package(tmp_path / "x"), tmp_path / "y")
    assert check_package(moved) == []
