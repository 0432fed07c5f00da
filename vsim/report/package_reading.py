"""Reads a table of a data package as it stands on disk: whatever is broken is a fault, never a crash.

Cells are kept as text, so codes keep their leading zeros and nothing is guessed.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from vsim.i18n import t
from vsim.report.package_problem import Problem, problem
from vsim.spec.tables import Table

LARGEST = 512 * 2**20                   # bytes of one file
LONGEST = 10_000                        # characters of one cell
BOM = b"\xef\xbb\xbf"
MOST = 20                               # faults of one kind that are named
MAGIC = (
    (b"PK\x03\x04", "xlsx"), (b"\x89PNG", "PNG"), (b"%PDF", "PDF"), (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "gzip"),
)
Columns = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A table as text: header, columns by name, and the rows (from 2 on) that have a wrong width."""

    table: Table
    header: tuple[str, ...]
    columns: Columns
    ragged: frozenset[int] = field(default_factory=frozenset)


def read_bytes(path: Path, name: str) -> tuple[bytes | None, list[Problem]]:
    """Return the bytes of a plain file of bearable size, or None and why not."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return None, [problem("huge-file", name, size, allowed=str(LARGEST))]
        return path.read_bytes(), []
    except OSError as error:
        return None, [problem("unreadable", name, error.strerror or error)]


def decode(raw: bytes, name: str) -> tuple[str | None, list[Problem]]:
    """Return UTF-8 text with LF, or None, and what had to be put right or could not be."""
    found: list[Problem] = []
    if not raw:
        return None, [problem("empty-file", name)]
    for magic, kind in MAGIC:
        if raw.startswith(magic):
            return None, [problem("not-csv", name, kind)]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [problem("encoding", name, "UTF-16")]
    if raw.startswith(BOM):
        raw = raw[len(BOM):]
        found.append(problem("bom", name))
    if b"\0" in raw:
        return None, [*found, problem("nul", name, row=raw[: raw.index(b"\0")].count(b"\n") + 1)]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        if _cut_short(raw, error.start):
            return None, [*found, problem("truncated", name, row=row)]
        return None, [*found, problem("encoding", name, _guess(raw), row=row)]
    if "\r" in text:
        found.append(problem("line-ends", name))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return None, [*found, problem("empty-file", name)]
    if not text.endswith("\n"):
        found.append(problem("truncated", name, row=text.count("\n") + 1))
    return text, found


def _cut_short(raw: bytes, start: int) -> bool:
    tail = raw[start + 1:]
    return len(tail) < 3 and raw[start] >= 0xC2 and all(byte & 0xC0 == 0x80 for byte in tail)


def _guess(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return t("unknown encoding")
    return t("looks like GBK or GB18030")


def read_table(path: Path, name: str, table: Table) -> tuple[Loaded | None, list[Problem]]:
    """Return a table as text, or None when it cannot be read at all, and the faults of its form.

    Parameters
    ----------
    path : Path
    name : str
        The file inside the package, for messages.
    table : Table
        The dictionary that the file should follow.
    """
    raw, found = read_bytes(path, name)
    if raw is None:
        return None, found
    text, more = decode(raw, name)
    if text is None:
        return None, [*found, *more]
    header, columns, ragged, faults = _split(text, name, table.name)
    found += more + faults
    if not set(table.names).intersection(header):
        return None, [*found, problem("not-csv", name, ", ".join(header))]
    found += _header_faults(header, table)
    return Loaded(table, tuple(header), columns, ragged), found


def _split(text: str, name: str, table: str) -> tuple[list[str], Columns, frozenset[int], list[Problem]]:
    """Return header, columns, rows of a wrong width, faults; a file without quotes takes the short way."""
    lines = text.removesuffix("\n").split("\n")
    width = lines[0].count(",") + 1
    if '"' not in text and all(line.count(",") == width - 1 for line in lines) and "" not in lines:
        cells = ",".join(lines).split(",")
        header = cells[:width]
        columns: Columns = {}
        for position, column in enumerate(header):
            columns.setdefault(column, cells[width + position::width])
        return header, columns, frozenset(), []
    rows, found = _rows(text, name)
    if not rows:
        return [], {}, frozenset(), found
    columns, ragged, faults = _columns(rows[0], rows[1:], table)
    return rows[0], columns, ragged, found + faults


def _rows(text: str, name: str) -> tuple[list[list[str]], list[Problem]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(row)
    except csv.Error as error:
        rule = "huge-cell" if "field limit" in str(error) else "not-csv"
        value = f"> {csv.field_size_limit()}" if rule == "huge-cell" else str(error)
        return rows, [problem(rule, name, value, row=len(rows) + 1, allowed=str(LONGEST))]
    return rows, []


def _header_faults(header: list[str], table: Table) -> list[Problem]:
    expected, count = table.names, Counter(header)
    allowed = ", ".join(expected)
    lost = [name for name in expected if name not in count]
    spare = [name for name in count if name not in expected][:MOST]
    twice = [name for name in count if count[name] > 1][:MOST]
    found = [problem("missing-column", table.name, name, name, None, allowed) for name in lost]
    found += [problem("extra-column", table.name, name, name, 1, allowed) for name in spare]
    found += [problem("duplicate-column", table.name, name, name, 1) for name in twice]
    if not found and header != list(expected):
        found.append(problem("column-order", table.name, ", ".join(header), "", 1, allowed))
    return found


def _columns(
    header: list[str], rows: list[list[str]], table: str,
) -> tuple[Columns, frozenset[int], list[Problem]]:
    width = len(header)
    wrong = [(row, len(cells)) for row, cells in enumerate(rows, start=2) if len(cells) != width]
    found = [problem("row-width", table, count, "", row, str(width)) for row, count in wrong[:MOST]]
    if len(wrong) > MOST:
        found.append(problem("more", table, len(wrong) - MOST))
    if wrong:
        rows = [(cells + [""] * width)[:width] for cells in rows]
    columns: Columns = {}
    for name, cells in zip(header, zip(*rows, strict=True) if rows else [()] * width, strict=True):
        columns.setdefault(name, list(cells))
    return columns, frozenset(row for row, _ in wrong), found
