"""Rule 4: a table lives in one dictionary, and recorder, data set, schema and description all follow it."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from tests.house.repo import PACKAGE, ROOT, parsed, sources
from vsim.report.package_tables import package_tables
from vsim.spec.tables import load_tables

DATASETS = sorted(path.parent for path in (ROOT / "datasets").glob("*/recipe.yaml"))


def header(path: Path) -> list[str]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return next(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def tables_in(folder: Path) -> dict[str, Path]:
    return {path.name.partition(".")[0]: path for path in sorted(folder.rglob("*.csv*"))}


def copied_lists(text: str) -> list[tuple[int, str]]:
    """Return (line, table) of literal lists of names that repeat most of a table's dictionary."""
    found = []
    for node in ast.walk(parsed(text)):
        if not isinstance(node, ast.List | ast.Tuple | ast.Set) or len(node.elts) < 4:
            continue
        names = {item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)}
        for table in load_tables().values():
            if len(names) >= 4 and names <= set(table.names) and len(names) > len(table.names) * 2 // 3:
                found.append((node.lineno, table.name))
    return found


def test_every_dictionary_loads_and_describes_every_column() -> None:
    tables = load_tables()
    assert set(tables) == {path.stem for path in (PACKAGE / "tables").glob("*.yaml")}
    for table in tables.values():
        assert table.title, table.name
        for column in table.columns:
            assert len(column.description.split()) >= 3, f"{table.name}.{column.name}"
            assert column.type not in {"integer", "number"} or column.unit or column.enum or column.foreign_key, (
                f"{table.name}.{column.name} has no unit"
            )


def test_truth_stands_in_truth_tables_only() -> None:
    for table in package_tables().values():
        assert table.truth == table.name.endswith("_truth")
        assert [column.name for column in table.columns if column.truth and not table.truth] == []


def test_no_module_repeats_the_columns_of_a_table() -> None:
    copies = [(name, *found) for name, text in sources().items() for found in copied_lists(text)]
    assert copies == []


def test_a_repeated_list_of_columns_is_found() -> None:
    table = next(iter(load_tables().values()))
    assert copied_lists(f"COLUMNS = {list(table.names)!r}") != []
    assert copied_lists("COLUMNS = ['week', 'district']") == []


def test_there_are_three_data_sets_and_one_command_makes_them_all() -> None:
    names = {folder.name for folder in DATASETS}
    assert names >= {"riverside", "hillcounty", "harbour"}
    command = next(line for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if "vsim data remake" in line)
    assert all(name in command or "datasets/*" in command for name in names)


@pytest.mark.parametrize("folder", DATASETS, ids=lambda folder: folder.name)
def test_data_files_have_the_columns_of_their_dictionary(folder: Path) -> None:
    tables = package_tables()
    found = tables_in(folder)
    assert found
    for name, path in found.items():
        assert header(path) == list(tables[name].names), path.name
        assert tables[name].truth == ("truth" in path.relative_to(folder).parts), path.name


@pytest.mark.parametrize("folder", DATASETS, ids=lambda folder: folder.name)
def test_descriptors_follow_the_dictionary(folder: Path) -> None:
    tables = package_tables()
    for path in sorted(folder.rglob("datapackage.json")):
        package = json.loads(path.read_text(encoding="utf-8"))
        assert package["resources"]
        for resource in package["resources"]:
            columns = tables[resource["name"]].columns
            fields = resource["schema"]["fields"]
            assert [field["name"] for field in fields] == [column.name for column in columns]
            assert [field["type"] for field in fields] == [column.type for column in columns]


@pytest.mark.parametrize("folder", DATASETS, ids=lambda folder: folder.name)
def test_the_written_dictionary_names_every_column(folder: Path) -> None:
    text = (folder / "DICTIONARY.md").read_text(encoding="utf-8")
    absent = [
        f"{name}.{column.name}"
        for name in tables_in(folder) if not package_tables()[name].truth
        for column in package_tables()[name].columns if column.name not in text
    ]
    assert absent == []
