"""The folder of a large run: what it is a function of, notes of the batches that are done, and who is writing.

`nation.json` is the plan, `notes/` holds a note of each batch, written when its files are whole. `lock` is locked by
the process that writes; the lock ends with the process, however it ends, so a killed run leaves nothing to be removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vsim.errors import UsageError
from vsim.kernels.build import write_whole
from vsim.spec.plain_yaml import one_line

PLAN, NOTES, LOCK, PROGRESS = "nation.json", "notes", "lock", "progress"
FAR = 1 << 30                 # the byte that Windows locks, behind what others read
Int = NDArray[np.int64]
Note = dict[str, Any]
FUNCTION = ("scenario_hash", "seed", "records", "counties", "batch", "edges", "model_version")     # of a run
NEEDED = {
    "run": str, "checksums": list, "residents": int, "attended": int, "rows": dict, "size": dict, "inputs": list,
    "parts": dict,
}


def read_plan(out: Path) -> dict[str, Any]:
    """Return what the run in a folder is a function of.

    Raises
    ------
    UsageError
        When the folder holds no run.
    """
    try:
        found: dict[str, Any] = json.loads((out / PLAN).read_text(encoding="utf-8"))
        numbers = {name: int(found[name]) for name in ("counties", "batch")}
        edges = [int(edge) for edge in found["edges"]]
        if min(numbers.values()) < 1 or not edges or edges != sorted(set(edges)):
            raise ValueError("no plan")
        return {**found, **numbers, "edges": edges}
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(f"nation: {out} holds no run ({PLAN} is missing or spoilt). Name the folder of one.") from None


def check_folder(out: Path) -> None:
    """Refuse a folder that is something else; nothing is written.

    Raises
    ------
    UsageError
        When there is a file of this name, or the folder holds other things than a run.
    """
    if (out / PLAN).exists():
        read_plan(out)
    elif out.exists() and (not out.is_dir() or any(path.name != LOCK for path in out.iterdir())):
        raise UsageError(f"nation: {out} is not empty and holds no run. Name another folder.")


def claim(out: Path, plan: dict[str, Any]) -> None:
    """Make the folder that of this run, or make sure that it already is; sweep what a killed run left half written.

    Raises
    ------
    UsageError
        When it holds something else, or another run.
    """
    check_folder(out)
    if (out / PLAN).exists():
        other = read_plan(out)
        for name, value in json.loads(json.dumps(plan, default=str)).items():
            if other.get(name) != value and name != "scenario":
                said = f"{one_line(other.get(name))}, not {one_line(value)}"
                raise UsageError(f"nation: {out} holds a run with {name} {said}. Name another folder, or go on with "
                                 "what that run was started with.")
    else:
        write_whole(out / PLAN, json.dumps(plan, indent=2, sort_keys=True, default=str) + "\n")
    for pattern in ("*/*.part", "*/*.tmp", "*.tmp", "*/*/*.part", "*/*/*.tmp"):
        for rest in out.glob(pattern):
            rest.unlink(missing_ok=True)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the folder for this process; a second one is refused as long as this one lives.

    Raises
    ------
    UsageError
        When another process is writing; it is named.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("a+", encoding="utf-8") as stream:
        if not _taken(stream):
            stream.seek(0)
            who = one_line(stream.read(40).strip()) or "unknown"
            raise UsageError(f"nation: another run is writing to {out} (process {who}). Wait for it, or stop it; then "
                             "run this again.")
        stream.seek(0)
        stream.truncate()
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield


def _taken(stream: IO[str]) -> bool:
    """Return whether the lock could be taken; the system lets go of it when the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(stream.fileno(), FAR, os.SEEK_SET)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def file_of(out: Path, table: str, number: int) -> Path:
    """Return the file of a table of one batch."""
    return out / table / f"batch-{number:04d}.parquet"


def run_id(plan: dict[str, Any]) -> str:
    """Return what marks the notes of this run: a note of another run, copied here, is none of this one."""
    text = json.dumps([plan[name] for name in FUNCTION], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def note_of(out: Path, number: int, plan: dict[str, Any]) -> Note | None:
    """Return the note of a batch when it is whole, of this run, and its files are as it says, else None."""
    note = _read(out / NOTES / f"batch-{number:04d}.json")
    districts = min(plan["batch"], plan["counties"] - number * plan["batch"])
    try:
        whole = all(isinstance(note[name], kind) for name, kind in NEEDED.items()) and note["run"] == run_id(plan)
        lists = (note["checksums"], note["inputs"], *note["parts"].values())
        whole = whole and all(len(each) == districts for each in lists)
        whole = whole and set(note["size"]) == set(note["rows"]) == set(note["parts"]) and "weekly" in note["rows"]
        whole = whole and all(sum(note["parts"][name]) == rows for name, rows in note["rows"].items())
        return note if whole and all(
            file_of(out, name, number).stat().st_size == size for name, size in note["size"].items()) else None
    except (OSError, KeyError, TypeError, AttributeError, ValueError):
        return None


def write_note(out: Path, number: int, note: Note) -> None:
    """Write the note of a batch, when its files are whole."""
    write_whole(out / NOTES / f"batch-{number:04d}.json", json.dumps(note) + "\n")


def _read(path: Path) -> Note:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def epoch_note(out: Path, epoch: int, number: int, plan: dict[str, Any], metrics: int) -> Int | None:
    """Return what a batch came to in the weeks of an epoch, shape (weeks, metrics), or None when that is not known."""
    note = _read(_epoch_path(out, epoch, number))
    weeks = plan["edges"][epoch] - (plan["edges"][epoch - 1] if epoch else 0)
    try:
        totals = np.array(note["totals"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    whole = note.get("run") == run_id(plan) and totals.shape == (weeks, metrics) and totals.dtype == np.int64
    return totals if whole else None


def write_epoch_note(out: Path, epoch: int, number: int, plan: dict[str, Any], totals: Int) -> None:
    """Write what a batch came to in the weeks of an epoch."""
    write_whole(_epoch_path(out, epoch, number), json.dumps({"run": run_id(plan), "totals": totals.tolist()}) + "\n")


def _epoch_path(out: Path, epoch: int, number: int) -> Path:
    return out / NOTES / f"epoch-{epoch:03d}" / f"batch-{number:04d}.json"
