"""The ledger of a course: one line for each thing that was marked, only ever added to. It is the truth of marks.

nbgrader's grade book is a view that formgrader needs; it can be made again, this cannot.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from vsim.course.ledger_index import Index
from vsim.errors import DataError

FILE = "ledger.jsonl"
LOCK = ".ledger.lock"
RESCORE = "rescore"  # what "by" says in a line that rescoring added
LONGEST = 4_000_000  # characters of a line; an answer is at most 1 MB


def append(root: Path, row: Mapping[str, Any]) -> None:
    """Add one line to the ledger of a course folder, whole or not at all, and see it on the disk.

    Parameters
    ----------
    root : Path
        The course folder.
    row : mapping
        Plain values; `time` is added.
    """
    line = json.dumps(
        {"time": datetime.now(UTC).isoformat(timespec="seconds"), **row},
        ensure_ascii=True,
        allow_nan=False,
        separators=(",", ":"),
    )
    if len(line) > LONGEST:
        raise DataError(f"ledger: a line of {len(line):,} characters is too long; allowed {LONGEST:,}.")
    path = root / FILE
    with FileLock(root / LOCK):        # else a line that is just being written looks like one left half done
        torn = path.exists() and path.stat().st_size > 0 and not _ends_whole(path)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", buffering=0) as file:
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")
            os.fsync(file.fileno())


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def rows(root: Path, unit: str | None = None, learner: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the lines of the ledger in order; a line that a killed process left half written is passed over.

    A whole line that does not even name the unit is not read: an answer may be a megabyte long. One learner's lines are
    found by their places, so asking for each of a class in turn reads the ledger once.

    Raises
    ------
    DataError
        When a whole line is no JSON: somebody edited the file.
    """
    path = root / FILE
    if learner is not None:
        index = _indexes.setdefault(path, Index(path, lambda line, number: _parsed(path, line, number)))
        yield from (row for row in index.of(learner) if unit is None or row.get("unit") == unit)
        return
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        lines = file.readlines()
    for number, line in enumerate(lines, start=1):
        if unit is not None and line.startswith("{") and line.endswith("}\n") and unit not in line:
            continue
        row = _parsed(path, line, number)
        if row is not None and (unit is None or row.get("unit") == unit):
            yield row


_indexes: dict[Path, Index] = {}


def _parsed(path: Path, line: str, number: int) -> dict[str, Any] | None:
    """Return a line as a row; None for one that was never finished."""
    try:
        row: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        if was_torn(line, error):
            return None
        raise DataError(f"{path}:{number}: is no line of the ledger. Put the line back as it was.") from None
    return row


def was_torn(line: str, error: json.JSONDecodeError) -> bool:
    """Return whether a line is the beginning of one that was never finished: what is missing is missing at its end."""
    return error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated string")


def latest(
    root: Path, unit: str, kind: str = "marked", learner: str | None = None
) -> dict[str, dict[str, Any]]:
    """Return the last line of a kind for each learner of a unit, or for one learner, which takes less time.

    A marking that rescoring added counts only for the file that was graded last; it makes no older file the last.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows(root, unit, learner):
        if row.get("kind") == kind:
            before = found.get(str(row["learner"]))
            if row.get("by") == RESCORE and before is not None and before["attempt"] != row["attempt"]:
                continue
            found[str(row["learner"])] = row
    return found


def attempt(root: Path, unit: str, learner: str, known: str) -> int:
    """Return the number of the attempt that a file is, from 1: a file that was marked before keeps its number."""
    seen: list[str] = []
    for row in rows(root, unit, learner):
        if row.get("kind") == "marked" and row.get("sha256") not in seen:
            seen.append(str(row.get("sha256")))
    return seen.index(known) + 1 if known in seen else len(seen) + 1


def sha_of(nb: Any) -> str:
    """Return the checksum that a notebook is known by: of the file that was handed in, else of its own sources."""
    noted = nb.metadata.get("vsim", {}).get("sha256")
    if isinstance(noted, str) and len(noted) == 64:
        return noted
    sources = [[cell.cell_type, cell.source] for cell in nb.cells]
    return sha256(json.dumps(sources, ensure_ascii=True).encode()).hexdigest()
