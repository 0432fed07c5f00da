"""A backup of a course: one zip file with everything that cannot be made again, written whole or not at all.

It may be made while others grade. Under the lock of the ledger no line is added; the grade book is copied by SQLite's
own backup, which waits for nobody and sees one moment of it; then the ledger is copied. The ledger gets each marking
before the grade book does, so no mark stands in the copied book that the copied ledger lacks. Originals and
certificates come last: whatever the copied ledger speaks of is among them.

`backup.json` lists every file with its SHA-256. The same content gives the same bytes, but for the time in that list.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

from vsim.course import ledger
from vsim.course.backup_files import BOOK, FOLDER, MARK, Left, entries, foreign
from vsim.course.certify import LOCK
from vsim.course.folder import Course
from vsim.course.handout import STAMP
from vsim.errors import UsageError, VsimError

FORMAT = 1
KIND = "course backup"
LIST = "backup.json"
PIECE = 2**20
PATIENCE = 60                     # seconds that a backup waits for the grade book
PAUSE = 0.1
PLAIN = 0o100644 << 16            # an ordinary file, as zip files say it


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written.

    Attributes
    ----------
    path : Path
    files : int
        Files in it.
    size : int
        Bytes of the zip file.
    left : tuple of Left
        What lies in the course folder and could not be taken.
    foreign : tuple of str
        What was taken, but cannot be restored on Windows.
    elsewhere : tuple of str
        Folders of units that course.yaml names outside the course folder: released units are in the backup, these are
        not.
    book : str
        "whole"; "none" where there is none; "raw" where it is damaged and was copied as it stands.
    """

    path: Path
    files: int
    size: int
    left: tuple[Left, ...]
    foreign: tuple[str, ...]
    elsewhere: tuple[str, ...]
    book: str


def default_path(course: Course, now: datetime) -> Path:
    """Return where a backup goes when no file is named: into `backups/` of the course."""
    return course.place(FOLDER, f"{course.name}-{now.astimezone(UTC):%Y%m%d-%H%M%S}.zip")


def backup(
    course: Course,
    path: Path | None = None,
    *,
    force: bool = False,
    now: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backup:
    """Write a backup of a course; its secret key is in it, so that only the owner may read the file.

    Parameters
    ----------
    course : Course
    path : Path, optional
        The zip file; by default one with the time in its name, in `backups/` of the course.
    force : bool
        Write over a file that is there.
    now : datetime, optional
        The time that the list states.
    progress : callable, optional
        Called with (files done, files in all).

    Raises
    ------
    UsageError
        When the file is there already.
    VsimError
        When it cannot be written; nothing is left behind then.
    """
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    target = (path or default_path(course, moment)).absolute()
    if target.is_dir() or (target.exists() and not force):
        raise UsageError(f"{target}: is there already; allowed a new file. Choose another name, or --force.")
    partial = target.with_name(f".{target.name[:80]}.partial-{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600),
                       "w+b") as file:
            made = _written(course, file, moment, progress)
            file.flush()
            os.fsync(file.fileno())
        size = partial.stat().st_size
        os.replace(partial, target)
    except OSError as error:
        raise VsimError(f"{target}: the backup could not be written ({error.strerror or error}). Nothing was left "
                        "there; choose another place.") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    elsewhere = tuple(unit for unit in course.settings.units
                      if not (course.root / unit).resolve().is_relative_to(course.root))
    return Backup(target, made.files, size, tuple(made.left), tuple(made.foreign), elsewhere, made.book)


@dataclass
class _Made:
    files: int
    left: list[Left]
    foreign: list[str]
    book: str


def _written(course: Course, file: BinaryIO, moment: datetime, progress: Callable[[int, int], None] | None) -> _Made:
    """Write the zip file: first what is copied under the lock, then the rest in the order of names."""
    known: dict[str, dict[str, object]] = {}
    root = course.root
    with (zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, FileLock(course.place(LOCK)),
          tempfile.TemporaryDirectory(prefix="vsim-backup-") as scratch):
        copy = Path(scratch) / BOOK
        with FileLock(root / ledger.LOCK):
            book = copy_book(root / BOOK, copy)
            if book != "none":
                known[BOOK] = _add(archive, BOOK, copy)
            if (root / ledger.FILE).is_file():
                known[ledger.FILE] = _add(archive, ledger.FILE, root / ledger.FILE)
        found = list(entries(root))
        left = [one for one in found if isinstance(one, Left)]
        paths = [one for one in found if not isinstance(one, Left)]
        for done, path in enumerate(paths, start=1):
            name = path.relative_to(root).as_posix()
            if name not in known and name not in (LIST, BOOK, ledger.FILE):
                with suppress(FileNotFoundError):
                    known[name] = _add(archive, name, path)
            if progress is not None:
                progress(done, len(paths))
        content = {"format": FORMAT, "kind": KIND, "course": course.name, "made": moment.isoformat(timespec="seconds"),
                   "vsim": version("vsim"), "files": dict(sorted(known.items()))}
        archive.writestr(_entry(LIST), json.dumps(content, ensure_ascii=False, indent=1).encode())
        archive.comment = MARK
    return _Made(len(known), left, [name for name in known if foreign(name)], book)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, PLAIN, 3
    return entry


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    """Copy a file into the archive and return its line of the list."""
    digest, size = sha256(), 0
    with path.open("rb") as source:
        entry = _entry(name)
        entry.file_size = path.stat().st_size           # says whether the long form of sizes is wanted
        with archive.open(entry, "w") as into:
            while piece := source.read(PIECE):
                into.write(piece)
                digest.update(piece)
                size += len(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def copy_book(book: Path, copy: Path) -> str:
    """Copy a grade book as it stands at one moment, while others write; return "whole", "none" or "raw".

    A file that is no grade book any more is copied byte by byte: what is left in it may be all that is left.
    """
    if not book.is_file():
        return "none"
    until = time.monotonic() + PATIENCE

    def waited(status: int, _left: int, _all: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise VsimError(f"{book}: another program has kept the grade book locked for {PATIENCE} seconds. Close "
                            "formgrader, or whatever writes into it, and try again.")

    try:
        with (closing(sqlite3.connect(f"{book.resolve().as_uri()}?mode=ro", uri=True)) as source,
              closing(sqlite3.connect(copy)) as target):
            source.backup(target, progress=waited, sleep=PAUSE)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError:
        copy.write_bytes(book.read_bytes())
        return "raw"
    return "whole"


def listed(content: object) -> Mapping[str, Mapping[str, object]]:
    """Return the files that a list names; {} where it is no such list."""
    files = content.get("files") if isinstance(content, dict) else None
    good = isinstance(files, dict) and all(
        isinstance(line, dict) and isinstance(line.get("sha256"), str) and isinstance(line.get("bytes"), int)
        for line in files.values())
    return files if good and isinstance(files, dict) else {}
