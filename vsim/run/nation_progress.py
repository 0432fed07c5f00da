"""How far the districts of a batch have come, kept on disk between two epochs: written whole, removed when used.

A file is a line of JSON (what follows, and its checksum) and then the arrays, each packed by zstd. A file that is not
as its first line says counts as not there; what it held is run again from the first week.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vsim.run.district import Progress
from vsim.run.nation_folder import PROGRESS
from vsim.run.simulate import Counts
from vsim.world.ledgers import Book, Ledgers, longer

Arrays = Mapping[str, NDArray[Any]]


def progress_file(out: Path, epoch: int, number: int) -> Path:
    """Return the file of a batch at the edge of an epoch."""
    return out / PROGRESS / f"epoch-{epoch:03d}" / f"batch-{number:04d}.bin"


def save(path: Path, ends: Sequence[Progress]) -> None:
    """Write the progress of districts, whole or not at all."""
    import pyarrow as pa

    heads, packed = [], []
    for end in ends:
        head = []
        for name, array in _arrays(end):
            data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
            packed.append(pa.compress(pa.py_buffer(data), codec="zstd", asbytes=True))
            head.append([name, array.dtype.str, list(array.shape), len(packed[-1])])
        heads.append({"week": end.week, "arrays": head})
    body = b"".join(packed)
    first = json.dumps({"districts": heads, "bytes": len(body), "crc32": zlib.crc32(body)})
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as stream:
        stream.write(first.encode() + b"\n")
        stream.write(body)
    os.replace(temporary, path)


def load(path: Path, districts: int, week: int) -> list[Arrays] | None:
    """Return the arrays of each district, or None when the file is not there, not whole or of another week."""
    import pyarrow as pa

    try:
        with path.open("rb") as stream:
            first = json.loads(stream.readline())
            body = memoryview(stream.read())
        if len(body) != first["bytes"] or zlib.crc32(body) != first["crc32"]:
            return None
        found: list[Arrays] = []
        at = 0
        for head in first["districts"]:
            arrays: dict[str, NDArray[Any]] = {}
            for name, kind, shape, size in head["arrays"]:
                wide = int(np.prod(shape)) * np.dtype(kind).itemsize
                data = pa.decompress(pa.py_buffer(body[at : at + size]), wide, codec="zstd", asbytes=True)
                arrays[name] = np.frombuffer(bytearray(data), dtype=kind).reshape(shape)
                at += size
            if head["week"] != week:
                return None
            found.append(arrays)
        return found if len(found) == districts else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def restored(arrays: Arrays, fresh: Progress, week: int) -> Progress:
    """Return a progress from its arrays; `fresh` is from `begin`: its books are about as long as will be needed."""
    ledgers = fresh.ledgers
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
