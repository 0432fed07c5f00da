"""What can be wrong with a ledger: an end that a killed process left half written, and lines that somebody changed.

A line that was changed or taken away is told, never mended: the ledger is the truth, and only a backup knows better.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from vsim.course import ledger
from vsim.course.doctor_finding import Finding
from vsim.course.standing import moment
from vsim.i18n import t

AHEAD = timedelta(minutes=10)
BACK = timedelta(hours=1)
Row = dict[str, Any]


def lines(root: Path) -> Iterator[Finding]:
    """Yield what is wrong with the ledger of a course folder."""
    try:
        with FileLock(root / ledger.LOCK, timeout=0):
            pass
    except Timeout:
        yield Finding("at-work", ledger.LOCK, t("A command is writing into the ledger right now."),
                      t("What is found may be the middle of its work."), t("Ask again when it is done."), grave=False)
        return
    path = root / ledger.FILE
    if not path.is_file() or not path.stat().st_size:
        return
    raw = path.read_bytes()
    whole, _, torn = raw.rpartition(b"\n")
    if torn and _read(torn):                  # only the end of the line is missing, which the next line brings
        whole, torn = raw, b""
    if torn:
        yield Finding("torn", ledger.FILE, t("The last line was left half written ({n} bytes).").format(n=len(torn)),
                      t("A command was killed while it wrote. The marking of that line did not count and is done "
                        "again by "
                        "the next vsim course grade."),
                      t("--mend puts the half line into a file beside it."), mend=lambda: _cut(path))
    found: list[Row] = []
    for number, line in enumerate(whole.split(b"\n"), start=1):
        row = _read(line)
        if row is None:
            yield _edited(number, t("The line is no line of a ledger."))
        elif row:
            found.append(row)
            if why := _impossible(row):
                yield _edited(number, why)
    yield from _order(found)


def _cut(path: Path) -> None:
    """Move what stands behind the last whole line into a file of its own."""
    with FileLock(path.with_name(ledger.LOCK)):
        raw = path.read_bytes()
        keep = raw.rfind(b"\n") + 1
        number = 1
        while (aside := path.with_name(f"{path.name}.torn-{number}")).exists():
            number += 1
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(raw[keep:])
            file.flush()
            os.fsync(file.fileno())
        with path.open("r+b") as file:
            file.truncate(keep)
            os.fsync(file.fileno())


def _read(line: bytes) -> Row | None:
    """Return a line as the ledger reads it: {} for one that was torn and closed later, None for one that is none."""
    text = line.decode("utf-8", "replace")
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        return {} if ledger.was_torn(text, error) else None
    except RecursionError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("kind"), str) else None


def _edited(number: int, what: str) -> Finding:
    return Finding("edited", f"{ledger.FILE}:{number}", what,
                   t("The ledger is the truth of marks and is only ever added to: somebody changed it, or the disk "
                     "did."),
                   t("Compare it with the ledger of a backup (vsim course restore BACKUP FOLDER) and put the line "
                     "back as it "
                     "was. To change a mark, give one by hand in formgrader."))


def _impossible(row: Row) -> str:
    """Return what no marking can have written into a line, or ""."""
    if row["kind"] != "marked":
        return ""
    try:
        for task, score in row["scores"].items():
            earned, points = float(score["earned"]), float(score["points"])
            if not 0 <= earned <= points:
                return t("{task}: {earned:g} of {points:g} points.").format(task=task, earned=earned, points=points)
            if earned > 0 and score["criteria"] and all(one["credit"] <= 0 for one in score["criteria"]):
                return t("{task}: {earned:g} points, but no criterion was met.").format(task=task, earned=earned)
        if not isinstance(row["attempt"], int) or not row["learner"] or not row["unit"] or not row["sha256"]:
            return t("A marking without its learner, unit, attempt or file.")
    except (KeyError, TypeError, ValueError, AttributeError):
        return t("A marking without its learner, unit, attempt or file.")
    return ""


def _order(found: list[Row]) -> Iterator[Finding]:
    """Yield attempts that are out of their order, and times that cannot be."""
    seen: dict[tuple[str, str], list[str]] = {}
    told: set[tuple[str, str]] = set()
    for row in found:
        if row["kind"] != "marked" or _impossible(row):
            continue
        who = str(row["learner"]), str(row["unit"])
        files = seen.setdefault(who, [])
        if row["sha256"] not in files:
            files.append(row["sha256"])
        if row["attempt"] != files.index(row["sha256"]) + 1 and who not in told:
            told.add(who)
            yield Finding("attempts", ledger.FILE,
                          t("{learner}, {unit}: attempt {n} does not follow on what stands before it.").format(
                              learner=who[0], unit=who[1], n=row["attempt"]),
                          t("A line is missing, was changed or was moved, and with it an attempt that may have "
                            "counted."),
                          t("Compare with the ledger of a backup, and put the line back."))
    times = [when for row in found if (when := moment(row.get("time"))) is not None]
    if times and max(times) > datetime.now(UTC) + AHEAD:
        yield Finding("clock", ledger.FILE, t("A line is of {when}, which is still to come.").format(
            when=max(times).isoformat()), t("The clock of a machine was or is wrong; arrivals and lateness follow it."),
                      t("Look at the clock of this machine. Who was late by a wrong clock gets an extension: "
                        "extensions.csv"))
    if any(later < earlier - BACK for earlier, later in pairwise(times)):
        yield Finding("clock-back", ledger.FILE, t("Lines go back in time by more than an hour."),
                      t("A clock was put back, or lines were moved."), t("Nothing, when you know why."), grave=False)
