"""Checks a data package against the dictionaries: files, form, cells, keys, privacy, and truth kept apart.

Everything is read as if it came from a stranger: whatever is wrong comes back as a `Problem`, never as a
traceback. `frictionless validate` knows the standard, this knows vsim's tables; use both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vsim.errors import listing
from vsim.i18n import t
from vsim.report.dictionary import table_schema
from vsim.report.package_cells import check_cells, check_links
from vsim.report.package_files import check_files
from vsim.report.package_layout import BOM, DATA, DESCRIPTOR, FIXED, TRUTH, TWINS, data_path
from vsim.report.package_privacy import private_text
from vsim.report.package_problem import Problem, problem
from vsim.report.package_reading import Loaded, decode, read_bytes, read_table
from vsim.report.package_tables import leaks, package_tables, truth_columns
from vsim.spec.tables import Table

__all__ = ["Problem", "check_package", "truth_columns"]

MOST = 20


def check_package(folder: str | Path, most: int = MOST) -> list[Problem]:
    """Return everything that is wrong with a data package; an empty list when it is sound.

    Parameters
    ----------
    folder : path
        The folder with `datapackage.json`; a package without `truth/` is checked as it is.
    most : int
        Faults of one rule in one column that are named; the rest are counted.
    """
    root = Path(folder)
    if not (root.is_dir() and (root / DESCRIPTOR).exists()):
        return [problem("missing-package", str(folder))]
    found = check_files(root)
    seen, faults = _tables(root, "", most)
    truth, more = _tables(root / TRUTH, f"{TRUTH}/", most) if (root / TRUTH).is_dir() else ({}, [])
    found += faults + more
    everything = {**truth, **seen}
    for loaded in everything.values():
        found += check_cells(loaded, most) + check_links(loaded, everything, most)
    return found


def _tables(root: Path, prefix: str, most: int) -> tuple[dict[str, Loaded], list[Problem]]:
    """Return the tables of one half of the package that could be read, and the faults of its files."""
    known = package_tables()
    tables: dict[str, Loaded] = {}
    found = _private_files(root, prefix, most)
    for path in _csv_files(root / DATA):
        name = f"{prefix}{DATA}/{path.name}"
        table = known.get(path.stem)
        if table is None:
            found.append(problem("unknown-table", name, allowed=listing(known, 20)))
            found += _stranger(path, name, prefix, most)
            continue
        loaded, faults = read_table(path, name, table)
        found += faults
        if not prefix and table.truth:
            found.append(problem("truth-leak", name, table.name))
        if loaded is not None:
            tables[table.name] = loaded
            found += [] if prefix else _truth_columns(loaded)
        found += _twin(root, path, prefix)
    return tables, found + _descriptor(root, prefix, tables)


def _csv_files(folder: Path) -> list[Path]:
    if folder.is_symlink() or not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix == ".csv" and path.is_file()
                  and not path.is_symlink())


def _truth_columns(loaded: Loaded) -> list[Problem]:
    hidden = leaks(loaded.table, [name.strip().lower() for name in loaded.header])
    names = [name for name in loaded.header if name.strip().lower() in hidden]
    return [problem("truth-leak", loaded.table.name, name, name, 1) for name in names]


def _stranger(path: Path, name: str, prefix: str, most: int) -> list[Problem]:
    """Return the faults of a CSV file without a dictionary: truth in its header, private numbers."""
    raw, found = read_bytes(path, name)
    text, more = decode(raw, name) if raw is not None else (None, [])
    if text is None:
        return found + more
    header = [cell.strip().strip('"').lower() for cell in text.split("\n", 1)[0].split(",")]
    hidden = [] if prefix else leaks(None, header)
    found += [problem("truth-leak", name, column, column, 1) for column in hidden]
    return found + more + private_text(name, text, most)


def _private_files(root: Path, prefix: str, most: int) -> list[Problem]:
    found: list[Problem] = []
    for name in FIXED:
        path = root / name
        if path.is_symlink() or not path.is_file():
            continue
        raw, faults = read_bytes(path, f"{prefix}{name}")
        found += faults
        if raw is not None:
            found += private_text(f"{prefix}{name}", raw.decode("utf-8", "replace"), most)
    return found


def _twin(root: Path, path: Path, prefix: str) -> list[Problem]:
    twin = root / TWINS / path.name
    if twin.is_symlink() or not twin.is_file():
        return []
    name = f"{prefix}{TWINS}/{path.name}"
    copy, found = read_bytes(twin, name)
    table, _ = read_bytes(path, name)
    same = copy is None or table is None or copy == BOM + table
    return found if same else [*found, problem("bom-twin", name)]


def _descriptor(root: Path, prefix: str, tables: Mapping[str, Loaded]) -> list[Problem]:
    """Return the faults of datapackage.json: unreadable, or at odds with the files and the dictionaries."""
    name = f"{prefix}{DESCRIPTOR}"
    path = root / DESCRIPTOR
    if path.is_symlink() or not path.is_file():
        return [problem("missing-file", name)]
    raw, found = read_bytes(path, name)
    if raw is None:
        return found
    try:
        package = json.loads(raw.decode("utf-8"))
        resources = package["resources"]
        entries: dict[str, dict[str, Any]] = {str(entry["name"]): entry for entry in resources}
        places = [(str(entry["path"]), str(entry["name"])) for entry in resources]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return [problem("descriptor", name, f"{type(error).__name__}: {error}")]
    found += [problem("path", name, place) for place, table in places if place != data_path(table)]
    if len(entries) < len(places):
        found.append(problem("descriptor", name, t("two resources of one name")))
    return found + _entries(root, prefix, entries, tables)


def _entries(
    root: Path, prefix: str, entries: Mapping[str, dict[str, Any]], tables: Mapping[str, Loaded],
) -> list[Problem]:
    name = f"{prefix}{DESCRIPTOR}"
    known = package_tables()
    present = [table for table in known if table in entries]
    found: list[Problem] = []
    for entry in entries:
        if entry not in known:
            found.append(problem("unknown-table", f"{name}: {entry}", allowed=listing(known, 20)))
        elif not prefix and known[entry].truth:
            found.append(problem("truth-leak", name, entry))
        if entry in known and not (root / data_path(entry)).is_file():
            found.append(problem("missing-file", f"{prefix}{data_path(entry)}"))
    for table in tables:
        if table not in entries:
            found.append(problem("schema", f"{name}: {table}", "-"))
        else:
            found += _schema(name, entries[table], known[table], present)
    return found


def _schema(name: str, entry: Mapping[str, Any], table: Table, present: list[str]) -> list[Problem]:
    written, expected = entry.get("schema"), json.loads(json.dumps(table_schema(table, present)))
    if written == expected:
        return []
    if not isinstance(written, dict):
        return [problem("schema", f"{name}: {table.name}", written)]
    odd = [key for key in expected if written.get(key) != expected[key]]
    odd = odd or sorted(set(written) - set(expected))
    return [problem("schema", f"{name}: {table.name}", f"{key}: {written.get(key)}", key) for key in odd]
