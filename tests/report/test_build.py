"""Data sets from recipes: whole, sound, the same bytes each time, and the truth in its own folder only."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.cli.small import bytes_of, scenarios, town_run, town_study, write_town
from vsim.errors import DataError, UsageError
from vsim.report.build import (
    EFFECTS,
    Recipe,
    build_dataset,
    effects_truth,
    manifest,
    pack,
    read_recipe,
    remake,
    short_name,
    write_run,
    write_study,
)
from vsim.report.check import check_package, truth_columns
from vsim.report.package_layout import data_path
from vsim.run.record import registers, truth
from vsim.spec.tables import load_tables

pytestmark = pytest.mark.slow
TELLING = ("true_hours", "showed_up", "duplicate_of", "inflated_", "ever_served", "reliability", "steered", "estimand")


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    base, pilot = write_town(tmp_path_factory.mktemp("files"))
    return Recipe("town", str(base), str(pilot), seed=1, replicates=3, title="A town, synthetic")


@pytest.fixture(scope="module")
def made(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_dataset(recipe, tmp_path_factory.mktemp("sets") / "town")


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "town")
    return tmp_path / "town"


def test_a_data_set_from_a_recipe_has_no_fault(made: Path) -> None:
    assert check_package(made) == []
    tables = load_tables()
    assert {path.stem for path in (made / "data").glob("*.csv")} == {n for n, t in tables.items() if not t.truth}
    assert {path.stem for path in (made / "truth" / "data").glob("*.csv")} == {n for n, t in tables.items() if t.truth}


def test_frictionless_finds_no_fault_in_either_half(made: Path) -> None:
    from frictionless import validate

    for folder in (made, made / "truth"):
        report = validate(str(folder / "datapackage.json"))
        if folder == made:
            assert report.valid, report.flatten(["type", "message"])
        else:               # keys of the truth lead to the register, which is another package
            assert not [kind for kind, in report.flatten(["type"]) if kind != "foreign-key"]


def test_the_tables_are_those_of_the_pilot_world(made: Path) -> None:
    for half, frames in ((made, registers(town_run())), (made / "truth", truth(town_run()))):
        for name, frame in frames.items():
            read = pd.read_csv(half / data_path(name), keep_default_na=False, dtype=str)
            assert len(read) == len(frame), name
            key = load_tables()[name].primary_key[0]
            assert read[key].tolist() == frame[key].tolist(), name


def test_the_effects_are_those_of_the_twin_worlds(made: Path) -> None:
    read = pd.read_csv(made / "truth" / data_path("effects_truth"))
    study = town_study()
    for row in read.itertuples():
        if row.district == "all":
            estimate = study.effect(str(row.indicator), "att" if row.estimand == "att" else "total")
        else:
            estimate = study.effect(str(row.indicator), districts=[str(row.district)])
            assert row.estimand == "total"
        assert row.value == pytest.approx(estimate.value, rel=1e-9)
        assert row.se == pytest.approx(estimate.se, rel=1e-9, abs=1e-12)
        assert (row.n, row.unit) == (3, estimate.unit)
    assert set(read["indicator"]) == set(EFFECTS)
    assert set(read["district"]) == {"all", "D01", "D02", "D03", "D04"}
    pd.testing.assert_frame_equal(read, effects_truth(study), check_dtype=False, rtol=1e-9)


def test_nothing_of_the_truth_stands_outside_its_folder(made: Path) -> None:
    """Neither a column nor a key nor a figure of the truth is in any file that a learner gets."""
    hidden = truth(town_run())
    assert any(column in text for column in TELLING for text in map(str, bytes_of(made / "truth").values()))
    secrets = {*hidden["people_truth"]["resident_key"], *hidden["service_truth"]["service_key"]}
    for name, content in bytes_of(made).items():
        if name.startswith("truth/"):
            continue
        text = content.decode("utf-8-sig")
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text)))
            assert truth_columns() & set(rows[0]) == set(), name
            assert secrets.isdisjoint(cell for row in rows for cell in row), name
        else:
            assert [column for column in TELLING if column in text] == [], name
            assert "effects_truth" not in text, name


def test_the_recipe_is_in_both_halves_and_reads_back(made: Path, recipe: Recipe) -> None:
    assert read_recipe(made) == recipe
    assert read_recipe(made / "truth") == recipe
    assert "title" in yaml.safe_load((made / "recipe.yaml").read_text("utf-8"))


def test_a_remake_gives_the_same_bytes(made: Path, recipe: Recipe) -> None:
    before = bytes_of(made)
    assert remake(read_recipe(made), made) == []
    assert bytes_of(made) == before


def test_a_changed_byte_is_found_wherever_it_is_and_mended(copy: Path) -> None:
    names = ["data/service_records.csv", "datapackage.json", "truth/data/effects_truth.csv"]
    before = bytes_of(copy)
    for name in names:
        (copy / name).write_bytes(before[name].replace(b"1", b"2", 1))
    changed = bytes_of(copy)
    assert remake(read_recipe(copy), copy, write=False) == names
    assert bytes_of(copy) == changed                       # looking changes nothing
    assert remake(read_recipe(copy), copy) == names
    assert bytes_of(copy) == before


def test_a_file_too_many_and_a_file_too_few_are_found(copy: Path) -> None:
    (copy / "data" / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    (copy / "README.md").unlink()
    assert remake(read_recipe(copy), copy, write=False) == ["README.md", "data/notes.csv"]


@pytest.mark.parametrize("changes", [{"seed": 2}, {"pilot": None}])
def test_another_recipe_gives_other_bytes(
    made: Path, recipe: Recipe, tmp_path: Path, changes: Mapping[str, object]
) -> None:
    other = build_dataset(replace(recipe, **changes), tmp_path / "town")  # type: ignore[arg-type]
    assert check_package(other) == []
    assert bytes_of(other)["data/service_records.csv"] != bytes_of(made)["data/service_records.csv"]
    assert (other / "truth" / data_path("effects_truth")).exists() == ("pilot" not in changes)


def test_more_replicates_change_the_effects_and_nothing_else(made: Path, recipe: Recipe, tmp_path: Path) -> None:
    other = bytes_of(build_dataset(replace(recipe, replicates=2), tmp_path / "town"))
    differing = {name for name, content in bytes_of(made).items() if other[name] != content}
    assert differing == {"recipe.yaml", "SHA256SUMS", "truth/recipe.yaml", "truth/SHA256SUMS", "truth/datapackage.json",
                         "truth/data/effects_truth.csv"}


def test_what_the_package_says_of_itself_is_what_it_was_made_from(made: Path) -> None:
    for half in (made, made / "truth"):
        told = json.loads((half / "datapackage.json").read_text("utf-8"))
        text = json.dumps(told)
        assert scenarios()[1].hash in text
        assert "SYNTHETIC" in text
        assert [licence["name"] for licence in told["licenses"]] == ["CC-BY-4.0"]


def test_a_run_is_written_with_registers_and_truth(tmp_path: Path) -> None:
    out = write_run(town_run(), tmp_path / "run")
    assert check_package(out) == []
    assert not (out / "truth" / data_path("effects_truth")).exists()
    with pytest.raises(UsageError, match="exists already"):
        write_run(town_run(), out)
    before = bytes_of(out)
    assert bytes_of(write_run(town_run(), out, force=True)) == before


def test_a_study_is_written_with_its_effects_in_all_and_by_district(tmp_path: Path) -> None:
    study = town_study()
    out = write_study(study, ["hours", "stars"], tmp_path / "study")
    effects = pd.read_csv(out / "effects.csv")
    assert effects["value"].tolist() == pytest.approx([study.effect(key).value for key in ("hours", "stars")])
    by = pd.read_csv(out / "effects_by_district.csv")
    assert by.groupby("indicator")["value"].sum().tolist() == pytest.approx(effects["value"].tolist())
    weekly = pd.read_csv(out / "weekly_hours.csv")
    assert len(weekly) == 20
    assert (weekly.loc[weekly["week"] < study.first_week, "effect"] == 0).all()
    assert weekly["effect"][4:].mean() == pytest.approx(effects["value"][0])
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(manifest(study)))
    assert (told["base_hash"], told["pilot_hash"]) == tuple(scenario.hash for scenario in scenarios())


def test_a_packed_data_set_has_the_same_bytes_and_no_truth(made: Path, copy: Path, tmp_path: Path) -> None:
    one = pack(made, tmp_path / "one.zip").read_bytes()
    for path in sorted(copy.rglob("*"), reverse=True):
        os.utime(path, (10**9, 10**9))
    assert pack(copy, tmp_path / "two.zip").read_bytes() == one
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    shown = {f"town/{name}": text for name, text in bytes_of(made).items() if not name.startswith("truth/")}
    assert packed == shown
    whole = pack(made, tmp_path / "whole.zip", with_truth=True)
    with zipfile.ZipFile(whole) as archive:
        assert set(archive.namelist()) == {f"town/{name}" for name in bytes_of(made)}


def test_a_zip_that_cannot_be_finished_is_not_there(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", fail)
    with pytest.raises(OSError, match="the disk is full"):
        pack(made, tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "short"), [
    ("riverside_pilot", "riverside-pilot"), ("My City", "my-city"), ("云川", "run"), ("-x-", "x"), ("a" * 60, "a" * 60),
])
def test_a_name_becomes_one_that_a_data_set_can_bear(name: str, short: str) -> None:
    from vsim.report.package_descriptor import NAME

    assert short_name(name) == short
    assert NAME.fullmatch(short)


def test_a_recipe_that_lacks_something_is_refused_by_name(copy: Path) -> None:
    (copy / "recipe.yaml").write_text("name: town\nscenario: riverside\nseed: 1\n", encoding="utf-8")
    with pytest.raises(DataError, match="replicates is missing"):
        read_recipe(copy)
    with pytest.raises(UsageError, match="allowed a-z"):
        build_dataset(Recipe("A Town", "riverside", None, 1, 2), copy.parent / "other")
    assert not (copy.parent / "other").exists()
