"""What a backup of a course holds: everything in its folder that cannot be made again.

Left out is what a command makes again (handouts, marked notebooks, pages of feedback), what commands keep for
themselves while they work (locks, half-written files), and earlier backups. Links are not followed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from vsim.course.badge_keys import PRIVATE
from vsim.course.keys import SECRET_FILE
from vsim.course.ledger import FILE as LEDGER

BOOK = "gradebook.db"
FOLDER = "backups"                            # where a backup goes when no file is named
AGAIN = ("handouts", "autograded", "feedback", "exchange-cache", FOLDER)
NEVER = ("__pycache__", ".ipynb_checkpoints", ".git")
OWNER_ONLY = (SECRET_FILE, PRIVATE, LEDGER)   # files that nobody but their owner may read
MARK = b"backup of a course of vsim"          # the comment of the zip file
PARTIAL = re.compile(r"\..*\.partial-\d+")
LOCKS = re.compile(r"\..*\.lock")
TRANSIENT = re.compile(r"\.releasing-.*")
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
FOREIGN = re.compile(r'[<>:"|?*\x00-\x1f]')
Why = Literal["link", "special", "name"]


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is not in a backup although nothing makes it again: its path, and why."""

    path: str
    why: Why


def entries(root: Path) -> Iterator[Path | Left]:
    """Yield every file of a course folder that belongs in a backup, in the order of names, and what must stay out.

    Parameters
    ----------
    root : Path
        The course folder. A file that goes away meanwhile is passed over.
    """
    yield from _below(root, root)


def _below(root: Path, folder: Path) -> Iterator[Path | Left]:
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        return
    top = folder == root
    for path in found:
        name = path.name
        if name in NEVER or PARTIAL.fullmatch(name) or (top and _of_commands(name)):
            continue
        inside = path.relative_to(root).as_posix()
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue
        if "\\" in name or not _writable(name):
            yield Left(inside.encode("utf-8", "replace").decode(), "name")
        elif stat.S_ISDIR(mode):
            yield from _below(root, path)
        elif stat.S_ISREG(mode):
            if not (name.endswith(".zip") and is_backup(path)):
                yield path
        else:
            yield Left(inside, "link" if stat.S_ISLNK(mode) else "special")


def _of_commands(name: str) -> bool:
    """Return whether something in the course folder itself is made again, or kept by commands while they work."""
    return bool(name in AGAIN or LOCKS.fullmatch(name) or TRANSIENT.fullmatch(name)
                or name in (f"{BOOK}-wal", f"{BOOK}-shm", f"{BOOK}-journal"))


def _writable(name: str) -> bool:
    """Return whether a name can stand in a zip file."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\n" not in name and "\r" not in name


def is_backup(path: Path) -> bool:
    """Return whether a file is a backup of a course, by its end."""
    try:
        with path.open("rb") as file:
            file.seek(-min(len(MARK), file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.read() == MARK
    except OSError:
        return False


def foreign(path: str) -> bool:
    """Return whether Windows cannot hold a file of that path.

    >>> foreign("received/u/ada/a:b.ipynb"), foreign("inbox/aux.ipynb"), foreign("inbox/ada./x"), foreign("a/b.ipynb")
    (True, True, True, False)
    """
    return any(FOREIGN.search(part) or DEVICES.fullmatch(part) or part.endswith((".", " "))
               for part in PurePosixPath(path).parts)
