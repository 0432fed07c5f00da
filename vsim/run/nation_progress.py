"""How far the districts of a batch have come, kept on disk between two epochs: written whole, removed when used.

A file holds arrays packed by zstd, and at its end a list of them with a checksum. A file that is not as its list says
counts as not there; what it held is run again from the first week.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.run.district import Progress
from vsim.run.nation_folder import PROGRESS
from vsim.run.simulate import Counts
from vsim.world.ledgers import Book, Ledgers, longer

TAIL = 8                      # bytes at the end: how long the list of contents before them is


@dataclass(frozen=True, slots=True)
class Kept:
    """One district as it is kept: what arrays there are, and their bytes, packed."""

    contents: Sequence[tuple[str, str, Sequence[int], int]]       # name, type, shape, packed bytes
    packed: memoryview

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name."""
        import pyarrow as pa

        out, at = {}, 0
        for name, kind, shape, size in self.contents:
            wide = int(np.prod(shape)) * np.dtype(kind).itemsize
            data = pa.decompress(pa.py_buffer(self.packed[at : at + size]), wide, codec="zstd", asbytes=True)
            out[name] = np.frombuffer(bytearray(data), dtype=kind).reshape(shape)
            at += size
        return out


def progress_file(out: Path, epoch: int, number: int) -> Path:
    """Return the file of a batch at the edge of an epoch."""
    return out / PROGRESS / f"epoch-{epoch:03d}" / f"batch-{number:04d}.bin"


def save(path: Path, ends: Iterable[Progress]) -> None:
    """Write the progress of districts one after the other as they come; the file is whole or not there."""
    import pyarrow as pa

    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    heads, check = [], 0
    with temporary.open("wb") as stream:
        for end in ends:
            contents = []
            for name, array in _arrays(end):
                data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
                packed = pa.compress(pa.py_buffer(data), codec="zstd", asbytes=True)
                check = zlib.crc32(packed, check)
                stream.write(packed)
                contents.append((name, array.dtype.str, array.shape, len(packed)))
            heads.append({"week": end.week, "contents": contents})
        listed = json.dumps({"districts": heads, "crc32": check}).encode()
        stream.write(listed + len(listed).to_bytes(TAIL, "little"))
    os.replace(temporary, path)


def load(path: Path, districts: int, week: int) -> list[Kept] | None:
    """Return each district as it is kept, or None when the file is not there, not whole or of another week."""
    try:
        whole = memoryview(path.read_bytes())
        end = len(whole) - TAIL - int.from_bytes(whole[-TAIL:], "little")
        listed = json.loads(bytes(whole[max(end, 0) : -TAIL]))
        found, at = [], 0
        for head in listed["districts"]:
            size = sum(int(item[3]) for item in head["contents"])
            found.append(Kept(head["contents"], whole[at : at + size]))
            at += size
        same = at == end and len(found) == districts and all(head["week"] == week for head in listed["districts"])
        return found if same and zlib.crc32(whole[:end]) == listed["crc32"] else None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def restored(kept: Kept, fresh: Progress, week: int) -> Progress:
    """Return a progress as it was; `fresh` is from `begin`: its books are about as long as will be needed."""
    arrays, ledgers = kept.arrays(), fresh.ledgers
    for book in Book:
        rows = arrays[f"ledgers.{Ledgers._fields[book]}"]
        while ledgers[book].shape[0] < len(rows):
            ledgers = longer(ledgers, book)
        ledgers[book][: len(rows)] = rows
    rest = {name: arrays[f"ledgers.{name}"] for name in Ledgers._fields[len(Book) :]}
    return Progress(
        type(fresh.state)(**{name: arrays[f"state.{name}"] for name in fresh.state._fields}),
        type(fresh.bodies)(**{name: arrays[f"bodies.{name}"] for name in fresh.bodies._fields}),
        ledgers._replace(**rest), Counts(arrays["counts.people"], arrays["counts.tasks"]), week,
    )


def _arrays(end: Progress) -> Iterable[tuple[str, NDArray[Any]]]:
    """Yield every array by name; of the books only the rows in use."""
    for part, group in (("state", end.state), ("bodies", end.bodies), ("ledgers", end.ledgers)):
        for place, name in enumerate(group._fields):
            array: NDArray[Any] = getattr(group, name)
            used = part == "ledgers" and place < len(Book)
            yield f"{part}.{name}", array[: int(end.ledgers.counts[place])] if used else array
    yield "counts.people", end.counts.people
    yield "counts.tasks", end.counts.tasks
