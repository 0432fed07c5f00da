"""The run store: what a run came to, in a folder named by the hash of all that the run is a function of.

`<store>/<key>/` holds `result.npz`, arrays of integers, and `meta.json`, which says what the key is the hash of. A
folder is written under another name and renamed, so under its key it is whole or not there, whoever is killed and
however many write at the same time. So the store is the cache of a sweep, its journal when it is stopped, and what a
number in a table is traced to.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import shutil
import threading
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import DataError, UsageError
from vsim.spec.plain_yaml import one_line

RESULT, META, PART = "result.npz", "meta.json", ".part-"
LEVEL = 3                     # of compression: a third of the time of the usual one, a tenth more bytes
TRIES = 10                    # writes of one folder, each of which another process may sweep away when it begins
Int = NDArray[np.int64]
Arrays = Mapping[str, Int]


@dataclass(frozen=True, slots=True)
class Packed:
    """What is kept of a run, as the bytes of its two files; the same run gives the same bytes.

    Attributes
    ----------
    key : str
    result, meta : bytes
        Of `result.npz` and of `meta.json`.
    """

    key: str
    result: bytes
    meta: bytes


def key_of(content: Mapping[str, Any]) -> str:
    """Return the key of what a run is a function of: SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(value: Any) -> bytes:
    """Return JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True).encode()


def pack(content: Mapping[str, Any], arrays: Arrays, checksum: str = "") -> Packed:
    """Return a run as it is kept.

    Parameters
    ----------
    content : mapping
        All that the run is a function of.
    arrays : mapping of str to ndarray of int64
        What it came to, of any shape.
    checksum : str
        Of the whole last state, where there is one.
    """
    whole = {name: np.ascontiguousarray(array, dtype="<i8") for name, array in sorted(arrays.items())}
    result, key = _zipped(whole), key_of(content)
    meta = {"key": key, "content": content, "checksum": checksum, "values": digest(whole), "bytes": len(result),
            "sha256": hashlib.sha256(result).hexdigest()}
    return Packed(key, result, (json.dumps(meta, indent=1, sort_keys=True) + "\n").encode())


def _zipped(arrays: Arrays) -> bytes:
    """Return arrays as `numpy.load` reads them: quick to write, and without a time of writing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, array in arrays.items():
            raw = io.BytesIO()
            np.lib.format.write_array(raw, array, allow_pickle=False)
            file.writestr(zipfile.ZipInfo(f"{name}.npy"), raw.getvalue(), zipfile.ZIP_DEFLATED, LEVEL)
    return stream.getvalue()


def digest(arrays: Arrays) -> str:
    """Return SHA-256 over names, shapes and integers of arrays, whatever the compression of the file."""
    found = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        found.update(f"{name}{array.shape}".encode())
        found.update(np.ascontiguousarray(array, dtype="<i8").data)
    return found.hexdigest()


class Store:
    """A folder of runs by key.

    Parameters
    ----------
    folder : Path
        Made when the first run is kept.

    Raises
    ------
    UsageError
        When there is a file of this name.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"store: {folder} is a file; allowed a folder. Name another.")
        self.folder = folder

    def meta(self, key: str) -> dict[str, Any] | None:
        """Return what is known of a run, or None when the store does not hold it whole."""
        try:
            found = json.loads((self.folder / key / META).read_text(encoding="utf-8"))
            whole = found["key"] == key == key_of(found["content"])
            return found if whole and (self.folder / key / RESULT).stat().st_size == found["bytes"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def __contains__(self, key: str) -> bool:
        return self.meta(key) is not None

    def missing(self, keys: Iterable[str]) -> list[str]:
        """Return the keys that the store does not hold, each once, in their order."""
        return [key for key in dict.fromkeys(keys) if key not in self]

    def load(self, key: str) -> dict[str, Int]:
        """Return the arrays of a run.

        Raises
        ------
        DataError
            When the store does not hold it, or its file is not what was written.
        """
        meta = self.meta(key)
        if meta is None:
            raise DataError(f"store: {self.folder} does not hold run {key}. Run the sweep again; it computes what is "
                            "missing.")
        raw = (self.folder / key / RESULT).read_bytes()
        if hashlib.sha256(raw).hexdigest() != meta["sha256"]:
            raise DataError(f"store: {self.folder / key / RESULT} is not what was written (its SHA-256 differs). "
                            "Remove the folder of this run, and run the sweep again.")
        with np.load(io.BytesIO(raw)) as file:
            return {name: file[name] for name in file.files}

    def put(self, packed: Packed) -> None:
        """Keep a run; when another process has kept it already, nothing is changed.

        Raises
        ------
        DataError
            When the store holds other values under this key.
        """
        for _ in range(TRIES):
            part = self.folder / f"{PART}{packed.key[:16]}-{platform.node()}-{os.getpid()}-{threading.get_ident()}"
            try:
                part.mkdir(parents=True, exist_ok=True)
                (part / RESULT).write_bytes(packed.result)
                (part / META).write_bytes(packed.meta)
                if self._settle(part, packed):
                    return
            except FileNotFoundError:               # swept away by a process that has just begun
                continue
        raise DataError(f"store: run {packed.key} could not be kept in {self.folder}; something removes what is "
                        "written. Look at what else works in this folder.")

    def _settle(self, part: Path, packed: Packed) -> bool:
        """Give a whole folder its name; return whether the run is kept now."""
        final = self.folder / packed.key
        try:
            part.rename(final)
        except FileNotFoundError:
            raise
        except OSError:                             # there is one: of another process, or spoilt
            if self.meta(packed.key) is None:
                final.rename(part.with_name(f"{part.name}-spoilt"))
                _remove(part.with_name(f"{part.name}-spoilt"))
                return False
            _remove(part)
            self.check(packed)
        return True

    def check(self, packed: Packed) -> None:
        """Hold a run that was run again against the one that is kept.

        Raises
        ------
        DataError
            When they differ; the run is named.
        """
        kept, new = self.meta(packed.key), json.loads(packed.meta)
        if kept is None:
            raise DataError(f"store: {self.folder} does not hold run {packed.key}.")
        for name in ("checksum", "values"):
            if kept[name] != new[name]:
                said = f"{name} {one_line(kept[name], 16)} is kept, {one_line(new[name], 16)} came out now"
                raise DataError(f"store: run {packed.key} in {self.folder} is not what this version gives: {said}. "
                                "The store is of another version or spoilt; name another folder.")
        self.load(packed.key)

    def sweep(self) -> int:
        """Remove what killed processes left half written; return how many folders. One that lives writes again."""
        left = sorted(self.folder.glob(f"{PART}*"))
        for part in left:
            try:
                gone = part.rename(part.with_name(f"{part.name}-gone{os.getpid()}"))
            except OSError:
                continue
            _remove(gone)
        return len(left)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
