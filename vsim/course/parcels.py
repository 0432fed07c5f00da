"""Opens what was dropped for a trainer - a notebook under any name, a zip file, a folder - and yields its notebooks.

Links are never followed, nothing but ordinary files is ever opened, nothing is unpacked onto the disk, and whatever is
wrong is one fault with a message. The time of arrival is the collector's own; the times that files bear are ignored.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from vsim.course.archives import Budget, is_other_archive, is_zip, members
from vsim.course.faults import LARGEST, LARGEST_ALL, MOST, Fault, fault, shown

__all__ = ["Fault", "Parcel", "unpack"]

SIDECAR = "learner.json"
CARDS = (SIDECAR, "unit.json")
LARGEST_SIDECAR = 16_384
DEEPEST = 3                   # folders within what was dropped
JUNK = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
NEVER = (                     # endings of files that lie beside notebooks and are not read
    ".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".docx", ".pptx", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg",
    ".py", ".md", ".html", ".htm", ".css", ".js", ".yaml", ".yml", ".mp4", ".db",
)
SYSTEM = {errno.ELOOP: "symlink", errno.EACCES: "no-permission", errno.EPERM: "no-permission", errno.ENOENT: "gone"}
MODE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that should be a notebook: its name as shown, its bytes, the sidecars beside it, when it was collected."""

    name: str
    raw: bytes = field(repr=False)
    beside: Mapping[str, bytes] = field(repr=False)
    arrived: datetime
    sha256: str


def unpack(path: Path, arrived: datetime) -> Iterator[Parcel | Fault]:
    """Yield every notebook in what was dropped, and every fault; at least one thing, unless a system left it there.

    Parameters
    ----------
    path : Path
        A file or a folder.
    arrived : datetime
        The collector's clock.
    """
    if junk(path.name):
        return
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError) as error:
        yield _system_fault(path.name, error)
        return
    if not stat.S_ISDIR(mode):
        raw = _plain_file(path, path.name)
        if isinstance(raw, Fault):
            yield raw
        elif raw is not None:
            yield from _alone(path.name, raw, arrived, Budget())
        return
    if path.name.lower().endswith(".ipynb"):
        yield fault(path.name, "folder-name")
        return
    found: list[tuple[str, bytes]] = []
    left, broken = LARGEST_ALL, False
    for thing in _folder(path, "", path.name, [MOST]):
        if isinstance(thing, Fault):
            yield thing
            broken = True
            if thing.code == "too-many":
                return
        else:
            found.append(thing)
            left -= len(thing[1])
            if left < 0:
                yield fault(path.name, "too-big-unpacked")
                return
    yield from _together(path.name, found, arrived, Budget(), -1, broken)


def junk(name: str) -> bool:
    """Return whether a name is one that systems and editors leave behind."""
    return name in JUNK or (name.startswith(".") and name != ".ipynb")


def _alone(name: str, raw: bytes, arrived: datetime, budget: Budget) -> Iterator[Parcel | Fault]:
    if not raw:
        yield fault(name, "empty")
    elif is_zip(raw):
        yield from _zip(name, raw, arrived, budget, 0)
    elif is_other_archive(raw):
        yield fault(name, "other-archive")
    elif not _like_a_notebook(name, raw):
        yield fault(name, "not-a-notebook")
    else:
        yield _parcel(name, raw, {}, arrived)


def _zip(name: str, raw: bytes, arrived: datetime, budget: Budget, depth: int) -> Iterator[Parcel | Fault]:
    found: list[tuple[str, bytes]] = []
    broken = False
    for thing in members(name, raw, _wanted, budget):
        if isinstance(thing, Fault):
            broken = True
            yield thing
        else:
            found.append(thing)
    if found or not broken:
        yield from _together(name, found, arrived, budget, depth, broken)


def _together(
    name: str, files: list[tuple[str, bytes]], arrived: datetime, budget: Budget, depth: int, broken: bool = False,
) -> Iterator[Parcel | Fault]:
    """Yield the notebooks among the files of a folder or an archive, each with the sidecars of its own folder."""
    cards = {path: raw for path, raw in files if PurePosixPath(path).name == SIDECAR and len(raw) <= LARGEST_SIDECAR}
    nothing = not broken
    for path, raw in sorted(files):
        shown_as = f"{name}/{path}"
        if is_zip(raw):
            nothing = False
            if depth > 0:
                yield fault(shown_as, "nested")
            else:
                yield from _guarded_zip(shown_as, raw, arrived, budget, depth + 1)
        elif PurePosixPath(path).name in CARDS or not _like_a_notebook(path, raw):
            continue
        elif not raw:
            nothing = False
            yield fault(shown_as, "empty")
        else:
            nothing = False
            card = cards.get((PurePosixPath(path).parent / SIDECAR).as_posix())
            yield _parcel(shown_as, raw, {} if card is None else {SIDECAR: card}, arrived)
    if nothing:
        yield fault(name, "not-a-notebook")


def _guarded_zip(name: str, raw: bytes, arrived: datetime, budget: Budget, depth: int) -> Iterator[Parcel | Fault]:
    """Open one zip file among others: whatever happens inside, the others are still looked at."""
    try:
        yield from _zip(name, raw, arrived, budget, depth)
    except Exception as error:  # noqa: BLE001 - the file may be anything
        yield fault(name, "failed", type(error).__name__)


def _parcel(name: str, raw: bytes, beside: Mapping[str, bytes], arrived: datetime) -> Parcel:
    return Parcel(shown(name), raw, beside, arrived, hashlib.sha256(raw).hexdigest())


def _wanted(path: str) -> bool:
    """Return whether a file of a folder or archive is worth reading."""
    parts = path.rstrip("/").split("/")
    if any(junk(part) and part != ".." for part in parts if part not in ("", ".")):
        return False
    return ".ipynb" in parts[-1].lower() or not path.lower().endswith((*NEVER, "/"))


def _like_a_notebook(name: str, raw: bytes) -> bool:
    """Return whether a file is a notebook by its name, or by what it holds where the name says something else."""
    if ".ipynb" in name.rpartition("/")[2].lower():
        return True
    text = raw.replace(b"\0", b"")
    start = text[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"{") and (b'"cells"' in text or b'"worksheets"' in text)


def _folder(path: Path, inside: str, root: str, left: list[int]) -> Iterator[tuple[str, bytes] | Fault]:
    """Yield the files of a folder that are worth reading, and its faults; `left` counts what may still be looked at."""
    name_of = f"{root}/{inside}".rstrip("/")
    try:
        with os.scandir(path) as entries:
            names = sorted(entry.name for entry, _ in zip(entries, range(MOST + 1), strict=False))
    except OSError as error:
        yield _system_fault(name_of, error)
        return
    for name in names:
        here = f"{inside}/{name}".lstrip("/")
        if junk(name):
            continue
        left[0] -= 1
        if left[0] < 0:
            if left[0] == -1:
                yield fault(root, "too-many")
            return
        try:
            folder = stat.S_ISDIR((path / name).lstat().st_mode)
        except OSError as error:
            yield _system_fault(f"{root}/{here}", error)
            continue
        if folder and name.lower().endswith(".ipynb"):
            yield fault(f"{root}/{here}", "folder-name")
        elif folder and here.count("/") >= DEEPEST:
            yield fault(f"{root}/{here}", "too-deep")
        elif folder:
            yield from _folder(path / name, here, root, left)
        else:
            raw = _plain_file(path / name, f"{root}/{here}", _wanted(here))
            if raw is not None:
                yield raw if isinstance(raw, Fault) else (here, raw)


def _plain_file(path: Path, name: str, wanted: bool = True) -> bytes | Fault | None:
    """Return the bytes of an ordinary file of bearable size, None when it is not wanted, or why not."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            return fault(name, "symlink" if stat.S_ISLNK(mode) else "special")
        if not wanted:
            return None
        with os.fdopen(os.open(path, MODE), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                return fault(name, "special")
            raw = file.read(LARGEST + 1) if state.st_size <= LARGEST else None
    except OSError as error:
        return _system_fault(name, error)
    return fault(name, "too-big") if raw is None or len(raw) > LARGEST else raw


def _system_fault(name: str, error: Exception) -> Fault:
    number = getattr(error, "errno", None)
    return fault(name, SYSTEM.get(number or 0, "cannot-read"), str(getattr(error, "strerror", None) or error))
