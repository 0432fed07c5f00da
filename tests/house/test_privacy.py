"""No published data carry a valid identity number or a number that a telephone could dial."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.house.privacy import check_digit, personal
from tests.house.repo import ROOT

DATA = sorted(
    path for path in (ROOT / "datasets").rglob("*")
    if path.suffix in {".csv", ".gz", ".json", ".md", ".yaml", ".txt"}
)


def test_there_are_data_to_look_at() -> None:
    assert any(path.suffix in {".csv", ".gz"} for path in DATA)


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_personal_number_is_published(path: Path) -> None:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert personal(raw.decode("utf-8-sig")) == []


def test_a_valid_identity_number_is_found_and_an_invalid_one_is_not() -> None:
    first = "110105" + "19491231" + "002"
    right = check_digit(first)
    assert right == "X"
    assert personal(f"a,{first}{right},b") == [first + right]
    assert personal(f"a,{first}{right.lower()},b") == [first + right.lower()]
    assert personal(f"a,{first}7,b") == []


@pytest.mark.parametrize("shape", ["13" + "8" * 9, "+86" + "138" + "8" * 8, "139-1234-5678", "010-12345678"])
def test_a_dialable_number_is_found(shape: str) -> None:
    assert personal(f"name,{shape}") == [shape]


def test_ordinary_values_are_left_alone() -> None:
    assert personal("V0138888,2024-03-05,13.88888888888,a13888888888b,0.1388888888888,D01,1000000") == []
