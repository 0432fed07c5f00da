"""Reads the members of a zip file in memory, within limits; nothing is ever unpacked onto the disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vsim.course.faults import LARGEST, LARGEST_ALL, MOST, Fault, fault

DENSEST = 200                 # times that a member of more than a megabyte may shrink
SMALL = 2**20
ENTRY = b"PK\x01\x02"         # starts each line of the table of contents
MOST_ENTRIES = MOST * (MOST + 1)
BROKEN = (                    # what the standard library raises on broken archives
    zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError, RuntimeError, IndexError,
    OverflowError,
)
OTHERS = (
    b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd",
)


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked of one thing that was dropped."""

    left: int = LARGEST_ALL


def is_zip(raw: bytes) -> bool:
    """Return whether a file is a zip file by its first bytes, whatever its name."""
    return raw.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_other_archive(raw: bytes) -> bool:
    """Return whether a file is an archive that is not read here: rar, 7z, gz, bz2, xz, zst, tar."""
    return raw.startswith(OTHERS) or raw[257:262] == b"ustar"


def members(
    name: str, raw: bytes, wanted: Callable[[str], bool], budget: Budget,
) -> Iterator[tuple[str, bytes] | Fault]:
    """Yield (path, content) of each wanted member of a zip file, and each fault.

    Parameters
    ----------
    name : str
        The file, for messages.
    raw : bytes
    wanted : callable
        Whether a member of that path is worth reading; what is not wanted is never unpacked.
    budget : Budget
        Is used up.
    """
    if raw.count(ENTRY) > MOST_ENTRIES:
        yield fault(name, "too-many")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except BROKEN:
        yield fault(name, "bad-archive")
        return
    with archive:
        entries = [(_path(entry), entry) for entry in archive.infolist()]
        if len(entries) > MOST:
            yield fault(name, "too-many")
            return
        if any(entry.flag_bits & 1 and wanted(path) for path, entry in entries):
            yield fault(name, "encrypted")
            return
        for path, entry in entries:
            if wanted(path):
                found = _member(f"{name}/{path}", archive, entry, path, budget)
                yield found if isinstance(found, Fault) else (path, found)


def _member(shown: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, budget: Budget) -> bytes | Fault:
    """Return the content of a member, or why not."""
    code = odd(entry, path)
    if code:
        pass
    elif entry.file_size > max(SMALL, DENSEST * entry.compress_size):
        code = "bomb"
    elif entry.file_size > LARGEST:
        code = "too-big"
    elif entry.file_size > budget.left:
        code = "too-big-unpacked"
    if code:
        return fault(shown, code)
    try:
        with archive.open(entry) as stream:
            content = stream.read(LARGEST + 1)
    except BROKEN:
        return fault(shown, "bad-archive")
    budget.left -= len(content)
    if len(content) > LARGEST or budget.left < 0:
        return fault(shown, "too-big" if len(content) > LARGEST else "too-big-unpacked")
    return content


def odd(entry: zipfile.ZipInfo, path: str) -> str:
    """Return the code of the fault of a member that is no ordinary file inside its archive; "" when it is one."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
        return "member-name"
    if kind == stat.S_IFLNK:
        return "symlink"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "special"
    if path.endswith("/"):
        return "folder-name"
    return "" if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else "packing"


def _path(entry: zipfile.ZipInfo) -> str:
    """Return a member's path with "/"; names that an old packer wrote in its own encoding are read as UTF-8 or GBK."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            try:
                name = entry.filename.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    return name.replace("\\", "/")
