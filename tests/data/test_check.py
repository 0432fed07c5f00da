"""A sound package has no fault; a planted fault is found where it is, and by frictionless where it can."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.data.frames import package
from tests.data.planting import cell, put, replace, rules, stamp, standard
from vsim.report.check import check_package
from vsim.report.package_privacy import check_digit

IDENTITY = "110105" + "19491231" + "002"
MOBILE = "138" + "0013" + "8000"
# table, row, column, planted value, our rule, kind of fault that frictionless reports (None: it cannot know)
CELLS = [
    ("volunteers", 3, "birth_year", "nineteen", "type", "type-error"),
    ("volunteers", 3, "birth_year", "01950", "leading-zeros", None),
    ("volunteers", 4, "birth_year", "1850", "minimum", "constraint-error"),
    ("volunteers", 4, "sex", "X", "enum", "constraint-error"),
    ("volunteers", 5, "student", "TRUE", "type", "type-error"),
    ("volunteers", 5, "district", "D99", "foreign-key", "foreign-key"),
    ("volunteers", 6, "registered_on", "2025-02-30", "date", "type-error"),
    ("volunteers", 6, "registered_on", "2025/3/5", "date", "type-error"),
    ("volunteers", 7, "name", "", "required", "constraint-error"),
    ("volunteers", 8, "name", f"{IDENTITY}{check_digit(IDENTITY)}", "identity-number", None),
    ("volunteers", 8, "name", f"李 {MOBILE}", "telephone", None),
    ("volunteers", 9, "name", "=cmd", "formula", None),
    ("volunteers", 9, "name", "a\tb", "control", None),
    ("service_records", 2, "hours", "25", "maximum", "constraint-error"),
    ("service_records", 2, "hours", "NaN", "type", "constraint-error"),
    ("service_records", 2, "hours", "1.5h", "type", "type-error"),
    ("service_records", 9, "activity_id", "A-LOST", "foreign-key", "foreign-key"),
    ("service_records", 9, "hours", "2" * 30, "maximum", "constraint-error"),
    ("stations", 2, "x_km", "-1", "minimum", "constraint-error"),
    ("stations", 2, "name", "长" * 20_000, "huge-cell", None),
    ("star_awards", 2, "star", "6", "maximum", "constraint-error"),
    ("points_ledger", 2, "balance", "1.5", "type", "type-error"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("sound") / "smalltown", bom_twins=True)


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """Return a copy without the twins, so that a fault is planted once."""
    copy = Path(shutil.copytree(sound, tmp_path / "smalltown"))
    for root in (copy, copy / "truth"):
        shutil.rmtree(root / "excel")
        stamp(root)
    return copy


def test_a_sound_package_has_no_fault_with_twins_and_without(sound: Path, folder: Path) -> None:
    for place in (sound, folder):
        assert check_package(place) == []


@pytest.mark.slow
def test_frictionless_finds_no_fault_in_a_sound_package(sound: Path, folder: Path) -> None:
    for place in (sound, folder):
        assert standard(place) == set()
        assert standard(place / "truth") == set()


def test_a_package_without_its_truth_is_sound(folder: Path) -> None:
    shutil.rmtree(folder / "truth")
    assert check_package(folder) == []


@pytest.mark.parametrize(("table", "row", "column", "value", "rule"), [case[:5] for case in CELLS])
def test_a_planted_cell_is_found(
    folder: Path, table: str, row: int, column: str, value: str, rule: str
) -> None:
    cell(folder / "data" / f"{table}.csv", row, column, value)
    found = check_package(folder)
    assert [(one.table, one.row, one.column, one.rule) for one in found] == [(table, row, column, rule)]
    assert len(str(found[0])) < 300


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "row", "column", "value", "kind"), [(*case[:4], case[5]) for case in CELLS]
)
def test_frictionless_finds_what_it_can_know(
    folder: Path, table: str, row: int, column: str, value: str, kind: str | None
) -> None:
    cell(folder / "data" / f"{table}.csv", row, column, value)
    assert standard(folder) == ({kind} if kind else set())


@pytest.mark.slow
def test_a_double_key_is_found_by_both(folder: Path) -> None:
    path = folder / "data" / "districts.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    put(path, ("\n".join([*lines, lines[-1]]) + "\n").encode())
    assert [(fault.row, fault.rule) for fault in check_package(folder)] == [(5, "unique")]
    assert standard(folder) == {"primary-key", "unique-error"}


@pytest.mark.slow
def test_a_double_of_a_key_of_several_columns_is_found(folder: Path) -> None:
    path = folder / "truth" / "data" / "effects_truth.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    put(path, ("\n".join([*lines, lines[-1]]) + "\n").encode())
    assert [(fault.row, fault.value) for fault in check_package(folder)] == [(4, "hours | att | D01")]
    assert rules(folder) == {"primary-key"}
    assert standard(folder / "truth") == {"primary-key"}


def test_codes_that_lost_their_zeros_are_found(folder: Path) -> None:
    cell(folder / "data" / "stations.csv", 2, "station_id", "7")
    found = {(fault.table, fault.rule) for fault in check_package(folder)}
    assert ("stations", "leading-zeros") in found
    assert ("activities", "foreign-key") in found


@pytest.mark.slow
def test_a_missing_column_is_found_by_both(folder: Path) -> None:
    path = folder / "data" / "star_awards.csv"
    lines = [line.rpartition(",")[0] for line in path.read_text(encoding="utf-8").splitlines()]
    put(path, ("\n".join(lines) + "\n").encode())
    found = check_package(folder)
    assert [(fault.column, fault.rule) for fault in found] == [("verified_hours_at_award", "missing-column")]
    assert "missing-label" in standard(folder)


@pytest.mark.slow
def test_an_extra_column_is_found_by_both(folder: Path) -> None:
    path = folder / "data" / "star_awards.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    put(path, ("\n".join([lines[0] + ",mood", *(line + ",1" for line in lines[1:])]) + "\n").encode())
    assert rules(folder) == {"extra-column"}
    assert "extra-label" in standard(folder)


def test_columns_in_another_order_are_found(folder: Path) -> None:
    path = folder / "data" / "star_awards.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    put(path, ("\n".join(",".join(reversed(row)) for row in rows) + "\n").encode())
    assert rules(folder) == {"column-order"}


def test_a_column_that_stands_twice_is_found(folder: Path) -> None:
    path = folder / "data" / "star_awards.csv"
    replace(path, "award_id,volunteer_id,star", "award_id,volunteer_id,volunteer_id")
    assert {"duplicate-column", "missing-column"} <= rules(folder)


@pytest.mark.slow
def test_a_row_of_another_width_is_found_by_both(folder: Path) -> None:
    replace(folder / "data" / "districts.csv", "P02", "P02,P03")
    assert [(fault.row, fault.rule) for fault in check_package(folder)] == [(4, "row-width")]
    assert "extra-cell" in standard(folder)


@pytest.mark.slow
def test_a_truth_column_outside_truth_is_found_even_if_the_descriptor_is_forged(folder: Path) -> None:
    path = folder / "data" / "service_records.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    put(path, ("\n".join([lines[0] + ",True_Hours", *(line + ",1.5" for line in lines[1:])]) + "\n").encode())
    assert {"truth-leak", "extra-column"} == rules(folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    entry = next(each for each in descriptor["resources"] if each["name"] == "service_records")
    entry["schema"]["fields"].append({"name": "True_Hours", "type": "number"})
    put(folder / "datapackage.json", json.dumps(descriptor).encode())
    assert standard(folder) == set()
    assert "truth-leak" in rules(folder)


def test_a_truth_table_outside_truth_is_found(folder: Path) -> None:
    shutil.copy(folder / "truth" / "data" / "people_truth.csv", folder / "data" / "people_truth.csv")
    stamp(folder)
    assert "truth-leak" in rules(folder)


def test_truth_in_a_table_of_another_name_is_found(folder: Path) -> None:
    shutil.copy(folder / "truth" / "data" / "people_truth.csv", folder / "data" / "notes.csv")
    stamp(folder)
    assert {"truth-leak", "unknown-table"} == rules(folder)


def test_many_faults_of_a_kind_are_counted_and_a_few_named(folder: Path) -> None:
    path = folder / "data" / "service_records.csv"
    raw = path.read_bytes()
    for method in (b",qr,", b",gps,", b",paper,"):
        raw = raw.replace(method, b",fax,")
    put(path, raw)
    found = check_package(folder, most=5)
    assert [fault.rule for fault in found] == ["enum"] * 5 + ["more"]
    assert found[-1].value == "25"


def test_a_number_with_ten_digits_and_a_seed_are_no_telephone(folder: Path) -> None:
    cell(folder / "truth" / "data" / "people_truth.csv", 2, "taste", "0." + MOBILE)
    replace(folder / "recipe.yaml", "seed: 7", f"seed: {MOBILE}")
    assert check_package(folder) == []


def test_private_numbers_are_found_in_the_other_files_too_and_not_repeated(folder: Path) -> None:
    number = IDENTITY + check_digit(IDENTITY)
    replace(folder / "README.md", "SYNTHETIC", f"call {MOBILE} or 010-{MOBILE[3:]}, id {number}")
    found = check_package(folder)
    assert {fault.rule for fault in found} == {"telephone", "identity-number"}
    assert len(found) == 3
    assert all(MOBILE not in str(fault) and IDENTITY not in str(fault) for fault in found)
