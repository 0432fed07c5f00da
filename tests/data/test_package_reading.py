"""Hostile and broken files come back as faults, never as a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.data.frames import package
from tests.data.planting import put, rules, stamp
from vsim.report.check import check_package

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
BROKEN = {
    "gbk": (lambda raw: raw.decode().encode("gbk"), "encoding"),
    "utf-16": (lambda raw: raw.decode().encode("utf-16"), "encoding"),
    "latin-1": (lambda raw: raw + "Zoë\n".encode("latin-1"), "encoding"),
    "bom": (lambda raw: b"\xef\xbb\xbf" + raw, "bom"),
    "crlf": (lambda raw: raw.replace(b"\n", b"\r\n"), "line-ends"),
    "old mac": (lambda raw: raw.replace(b"\n", b"\r"), "line-ends"),
    "cut in a row": (lambda raw: raw[:-9], "truncated"),
    "cut in a letter": (lambda raw: raw[: raw.rindex("区".encode()) + 2], "truncated"),
    "nul": (lambda raw: raw.replace(b"D01", b"D\x001", 1), "nul"),
    "empty": (lambda raw: b"", "empty-file"),
    "blank": (lambda raw: b"\n \n\n", "empty-file"),
    "png": (lambda raw: PNG, "not-csv"),
    "xlsx": (lambda raw: b"PK\x03\x04" + raw, "not-csv"),
    "html": (lambda raw: b"<html><body>404</body></html>\n", "not-csv"),
    "other separator": (lambda raw: raw.replace(b",", b";"), "not-csv"),
    "open quote": (lambda raw: raw.replace(b"P01", b'"P01', 1), "not-csv"),
    "huge cell": (lambda raw: raw.replace(b"P01", b'"' + b"9" * 200_000 + b'"', 1), "huge-cell"),
    "blank line inside": (lambda raw: raw.replace(b"\n", b"\n\n", 1), "row-width"),
    "thousand columns": (lambda raw: raw.replace(b"\n", b",x" * 1000 + b"\n", 1), "row-width"),
    "random": (lambda raw: bytes(range(255, 0, -1)) * 20, "encoding"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("sound") / "smalltown")


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "smalltown"))


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_table_is_a_fault_and_no_crash(folder: Path, kind: str) -> None:
    change, rule = BROKEN[kind]
    path = folder / "data" / "districts.csv"
    put(path, change(path.read_bytes()))
    found = check_package(folder)
    assert rule in {fault.rule for fault in found}
    assert all(len(str(fault)) < 1000 for fault in found)


def test_a_header_alone_is_an_empty_table_and_sound(folder: Path) -> None:
    path = folder / "data" / "points_ledger.csv"
    put(path, path.read_bytes().partition(b"\n")[0] + b"\n")
    assert check_package(folder) == []


def test_cells_in_quotes_are_read_as_they_are_meant(folder: Path) -> None:
    path = folder / "data" / "districts.csv"
    put(path, path.read_bytes().replace(b"P01", b'"P,""1"""'))
    assert check_package(folder) == []


def test_changed_bytes_break_the_checksum(folder: Path) -> None:
    path = folder / "data" / "districts.csv"
    path.write_bytes(path.read_bytes().replace(b"P01", b"P02"))
    assert rules(folder) == {"checksum"}


@pytest.mark.slow
def test_frictionless_sees_changed_bytes_too(folder: Path) -> None:
    from frictionless import validate

    path = folder / "data" / "districts.csv"
    path.write_bytes(path.read_bytes().replace(b"P01", b"P002"))
    report = validate(str(folder / "datapackage.json"))
    assert {kind for (kind,) in report.flatten(["type"])} == {"hash-count", "byte-count"}


def test_a_stale_copy_for_spreadsheets_is_found(tmp_path: Path) -> None:
    folder = package(tmp_path / "twins", bom_twins=True)
    path = folder / "excel" / "districts.csv"
    path.write_bytes(path.read_bytes().replace(b"P01", b"P02"))
    stamp(folder)
    assert rules(folder) == {"bom-twin"}


@pytest.mark.parametrize(
    "name", ["data/notes.txt", "truth.csv", ".hidden", "truth/data/deep/x.csv", "a/b/c/d/e.csv"]
)
def test_unknown_files_are_found(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x\n")
    assert "unknown-file" in rules(folder)


@pytest.mark.parametrize(
    "name", ["README.md", "DICTIONARY.md", "recipe.yaml", "SHA256SUMS", "data/volunteers.csv"]
)
def test_missing_files_are_found(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert "missing-file" in rules(folder)


def test_a_link_is_found_and_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"district\nD01\n")
    path = folder / "data" / "districts.csv"
    path.unlink()
    path.symlink_to(secret)
    assert "link" in rules(folder)


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"null", b'{"resources": 5}', b'{"resources": [5]}', b'{"resources": [{"name": "x"}]}',
    b"\xff\xfe", b"[" * 100_000, b'{"resources": [{"name": {}, "path": []}]}',
    b'{"resources": null, "a": NaN}', PNG,
])
def test_a_hostile_descriptor_is_a_fault_and_no_crash(folder: Path, content: bytes) -> None:
    (folder / "datapackage.json").write_bytes(content)
    found = rules(folder)
    assert found & {"descriptor", "path", "schema", "unknown-table"}
    assert "checksum" in found


@pytest.mark.parametrize(
    "place", ["../secret.csv", "/etc/passwd", "https://example.org/x.csv", "data/volunteers.csv"]
)
def test_a_descriptor_that_points_elsewhere_is_found(folder: Path, place: str) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    entry = next(each for each in descriptor["resources"] if each["name"] == "districts")
    entry["path"] = place
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert "path" in rules(folder)


def test_two_resources_of_one_name_are_found(folder: Path) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"].insert(0, {**descriptor["resources"][0], "schema": {"fields": []}})
    put(path, json.dumps(descriptor).encode())
    assert rules(folder) == {"descriptor"}


def test_a_schema_at_odds_with_the_dictionary_is_found(folder: Path) -> None:
    path = folder / "datapackage.json"
    put(path, path.read_bytes().replace(b'"maximum": 24', b'"maximum": 99', 1))
    assert rules(folder) == {"schema"}


@pytest.mark.parametrize(
    "line", ["zz", "0" * 64 + "  ../../x", "0" * 64 + "  /etc/passwd", "0" * 64 + "  nowhere.csv"]
)
def test_a_hostile_list_of_checksums_is_a_fault(folder: Path, line: str) -> None:
    with (folder / "SHA256SUMS").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line + "\n")
    assert rules(folder) & {"checksum", "path", "missing-file"}


@pytest.mark.parametrize("make", ["nothing", "file", "empty folder", "descriptor is a folder"])
def test_what_is_no_package_is_one_fault(tmp_path: Path, make: str) -> None:
    place = tmp_path / "x"
    if make == "file":
        place.write_bytes(b"x")
    elif make == "empty folder":
        place.mkdir()
    elif make == "descriptor is a folder":
        (place / "datapackage.json").mkdir(parents=True)
    found = check_package(place)
    assert found
    allowed = {"missing-package", "missing-file", "unknown-file", "descriptor"}
    assert {fault.rule for fault in found} <= allowed


def test_a_folder_in_place_of_a_table_is_a_fault(folder: Path) -> None:
    path = folder / "data" / "districts.csv"
    path.unlink()
    path.mkdir()
    assert "missing-file" in rules(folder)
    shutil.rmtree(folder / "data")
    assert "missing-file" in rules(folder)
