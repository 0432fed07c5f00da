"""Puts a whole folder in place at once: either all of it is there, or what was there before."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from vsim.errors import UsageError

STALE = 3600.0                          # seconds after which the rest of a killed write may be cleared away
MARK = ".partial-"


def check_target(folder: Path, force: bool, mark_file: str) -> None:
    """Refuse a target that must not be written over.

    Raises
    ------
    UsageError
        When the target exists without `force`, or is something else than a folder of the same kind: a file, a
        link, or a folder that has files but no `mark_file`.
    """
    if folder.is_symlink():
        raise UsageError(f"{folder}: is a link; allowed a folder. Name the folder that it points to.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: is a file; allowed a folder. Choose another name.")
    if not any(folder.iterdir()):
        return
    if not (folder / mark_file).is_file():
        raise UsageError(f"{folder}: holds other files and no {mark_file}; allowed a new or empty folder. "
                         "Choose another name; --force does not help here.")
    if not force:
        raise UsageError(f"{folder}: exists already; allowed a new folder. "
                         "Choose another name or write over it with --force.")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside the target; on leaving it takes the target's place, on failure it goes.

    Whatever happens inside (an error, Ctrl-C), the target is then either as it was or complete. A process
    that is killed outright leaves at most a hidden `.name.partial-...` beside it, which a later write clears.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_stale(folder)
    partial = folder.parent / f".{folder.name}{MARK}{uuid4().hex}"
    try:
        partial.mkdir()
        yield partial
        _put_in_place(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _put_in_place(partial: Path, folder: Path) -> None:
    if not folder.exists():
        os.rename(partial, folder)
        return
    old = folder.parent / f".{folder.name}{MARK}{uuid4().hex}"
    os.rename(folder, old)
    try:
        os.rename(partial, folder)
    except BaseException:
        os.rename(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _clear_stale(folder: Path) -> None:
    for left in folder.parent.iterdir():
        if not left.name.startswith(f".{folder.name}{MARK}"):
            continue
        try:
            if time.time() - left.stat().st_mtime > STALE and folder.exists():
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their path inside the folder, in order."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
