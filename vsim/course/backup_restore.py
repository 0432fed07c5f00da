"""Restoring a course from its backup: everything is verified first, and the folder appears whole or not at all.

The file may come from anywhere. Its list and its members must agree in every name, size and SHA-256; no member may
point out of the folder, be a link, or come twice. A backup of a newer format, or one that would fill the disk, is
refused.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from vsim.course.archives import BROKEN, ENTRY, odd
from vsim.course.backup import FORMAT, KIND, LIST, PIECE, listed
from vsim.course.backup_files import OWNER_ONLY, foreign, is_backup
from vsim.course.faults import shown
from vsim.course.folder import CONFIG, FOLDERS, SETTINGS, Course, open_course
from vsim.errors import DataError, UsageError, VsimError

LARGEST_LIST = 200 * 2**20        # bytes of the list, some million files
MOST_FILES = 2_000_000
SPARE = 50 * 2**20                # bytes of the disk that stay free
ASK = "Take another copy of the backup."


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup whose list was read: the course's name, when it was made and by which version, its files and bytes."""

    course: str
    made: str
    vsim: str
    files: Mapping[str, Mapping[str, Any]]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(int(line["bytes"]) for line in self.files.values())


def restore(path: Path, folder: Path, *, dry_run: bool = False) -> tuple[Verified, Course | None]:
    """Make a course folder from a backup.

    Parameters
    ----------
    path : Path
        The zip file that `backup` wrote.
    folder : Path
        New or empty.
    dry_run : bool
        Verify every byte and write nothing.

    Raises
    ------
    UsageError
        When the file is missing or is no backup, or the folder is not empty.
    DataError
        When the backup is damaged, was changed, or is of a newer format.
    VsimError
        When it cannot be written; nothing is left behind then.
    """
    name = shown(path.name)
    if not path.is_file():
        raise UsageError(f"{path}: no such file. Name a backup that vsim course backup wrote.")
    target = folder.absolute()
    if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
        raise UsageError(f"{folder}: is there already and not empty; allowed a new folder. Choose another name.")
    try:
        with zipfile.ZipFile(_plausible(path, name)) as archive:
            found = verified(archive, name)
            _check_room(target, found, name)
            if dry_run:
                for member in found.files:
                    _copy(archive, member, found.files[member], None, name)
                return found, None
            return found, _made(archive, found, target, name)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise VsimError(f"{folder}: the course could not be written ({error.strerror}). Nothing was left there; "
                            "choose another place.") from None
        raise DataError(f"{name}: is damaged ({type(error).__name__}). {ASK}") from None


def _plausible(path: Path, name: str) -> Path:
    """Refuse a file that is no backup, or whose table of contents is without end, before anything reads it."""
    if not is_backup(path):
        raise UsageError(f"{name}: is no backup of a course, or its end is missing; allowed a file that vsim course "
                         f"backup wrote. {ASK}")
    count, last = 0, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            count += (last + piece).count(ENTRY)
            last = piece[1 - len(ENTRY):]
    if count > MOST_FILES:
        raise DataError(f"{name}: holds more than {MOST_FILES:,} files. {ASK}")
    return path


def verified(archive: zipfile.ZipFile, name: str) -> Verified:
    """Return what a backup's list says, once the list and the members agree in their names and sizes.

    Raises
    ------
    DataError
        When they do not, or a member is none that a backup has.
    """
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if names.count(LIST) != 1 or archive.getinfo(LIST).file_size > LARGEST_LIST:
        raise DataError(f"{name}: has no list of its files. {ASK}")
    try:
        content = json.loads(archive.read(LIST))
        written = content["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(f"{name}: its list of files cannot be read. {ASK}") from None
    if content.get("kind") != KIND or not isinstance(written, int) or written < 1:
        raise DataError(f"{name}: is no backup of a course. {ASK}")
    if written > FORMAT:
        raise DataError(f"{name}: is of format {written}, made by vsim {shown(str(content.get('vsim')))}; this vsim "
                        f"reads {FORMAT}. Install a newer vsim.")
    files = listed(content)
    folded: dict[str, str] = {}
    for entry in entries:
        member = entry.filename
        code = odd(entry, member) or ("member-name" if "\\" in member or member != member.strip("/") else "")
        if code or entry.flag_bits & 1 or not all(part not in ("", ".") for part in member.split("/")):
            raise DataError(f"{name}: the member {shown(member)!r} is none that a backup has ({code or 'its name'}). "
                            f"Somebody made or changed the file; do not use it. {ASK}")
        if os.name == "nt" and (foreign(member) or folded.setdefault(member.casefold(), member) != member):
            raise DataError(f"{name}: Windows cannot hold a file named {shown(member)!r}. Restore it on Linux.")
        if member != LIST and (member not in files or files[member]["bytes"] != entry.file_size):
            raise DataError(f"{name}: the member {shown(member)!r} does not agree with the list. {ASK}")
    if len(names) != len(set(names)) or set(files) != set(names) - {LIST}:
        missing = sorted(set(files) - set(names))
        what = f"the file {shown(missing[0])!r} is missing" if missing else "a file is in it twice"
        raise DataError(f"{name}: {what}. {ASK}")
    for needed in (SETTINGS, CONFIG):
        if needed not in files:
            raise DataError(f"{name}: holds no {needed}, so it is no whole course. {ASK}")
    return Verified(str(content.get("course")), str(content.get("made")), str(content.get("vsim")), files)


def _check_room(target: Path, found: Verified, name: str) -> None:
    place = next(parent for parent in target.parents if parent.is_dir())
    free = shutil.disk_usage(place).free
    if found.size + SPARE > free:
        raise VsimError(f"{name}: needs {found.size / 2**20:,.0f} MB, free are {free / 2**20:,.0f} MB. Make room, or "
                        "choose another disk.")


def _made(archive: zipfile.ZipFile, found: Verified, target: Path, name: str) -> Course:
    """Write every file below a folder that does not bear its name yet, and give it the name when all are verified."""
    staged = target.with_name(f".{target.name[:80]}.partial-{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        staged.mkdir(parents=True, mode=0o755)
        for member, line in found.files.items():
            place = staged.joinpath(*member.split("/"))
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy(archive, member, line, place, name)
        for part in FOLDERS:
            (staged / part).mkdir(exist_ok=True)
        open_course(staged)
        if hasattr(os, "sync"):                # once for all files; Windows knows it for single files only
            os.sync()
        if target.is_dir():
            target.rmdir()
        os.replace(staged, target)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return open_course(target)


def _copy(archive: zipfile.ZipFile, member: str, line: Mapping[str, Any], place: Path | None, name: str) -> None:
    """Read a member to its end, write it where a place is named, and refuse one that is not as the list says."""
    digest, left = sha256(), int(line["bytes"])
    mode = 0o600 if member in OWNER_ONLY else 0o644
    into = None if place is None else os.fdopen(
        os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb")
    try:
        with archive.open(member) as source:
            while left >= 0 and (piece := source.read(PIECE)):
                left -= len(piece)
                digest.update(piece)
                if into is not None:
                    into.write(piece)
    finally:
        if into is not None:
            into.close()
    if left != 0 or digest.hexdigest() != line["sha256"]:
        raise DataError(f"{name}: the file {shown(member)!r} is not as it was saved. {ASK}")
