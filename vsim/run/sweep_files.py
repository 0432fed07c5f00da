"""What a sweep writes beside its store: the table, its runs and points, and the manifest that binds them.

The manifest's `content` is a function of the study and of the model alone and carries its own hash; how the work was
done - where, how much was left to do, in what time, with which packages - stands apart from it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vsim.errors import UsageError
from vsim.run.run import MODEL_VERSION
from vsim.run.store import canonical
from vsim.run.sweep_plan import Runs, content_of

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
PACKAGES = ("vsim", "numpy", "numba", "pandas", "pyarrow", "scipy", "SALib", "distributed")
DIGITS = 12                   # significant digits in CSV


@dataclass(frozen=True, slots=True)
class Work:
    """How a sweep was done: runs computed now, keys run again, where, and in how many seconds."""

    computed: int
    again: list[str]
    where: str
    seconds: float


def write_out(folder: Path, runs: Runs, table: pd.DataFrame, work: Work) -> None:
    """Write the files of a sweep, each whole, the manifest last."""
    texts = {
        "table.csv": csv_of(table), "design.csv": csv_of(runs.points.rename_axis("point").reset_index()),
        "runs.csv": csv_of(runs.table()),
    }
    for name, raw in texts.items():
        write_bytes(folder / name, raw)
    parquet = _parquet(table)
    write_bytes(folder / "table.parquet", parquet)
    content = {
        "study": runs.study.plan.model_dump(mode="json"), "function": content_of(runs), "model_version": MODEL_VERSION,
        "runs": len(runs.table()), "sha256": {name: hashlib.sha256(raw).hexdigest() for name, raw in texts.items()},
    }
    manifest = {
        "content": content, "content_sha256": hashlib.sha256(canonical(content)).hexdigest(),
        "circumstances": {
            "computed": work.computed, "run_again": work.again, "where": work.where,
            "wall_seconds": round(work.seconds, 3), "python": platform.python_version(), "platform": sys.platform,
            "machine": platform.machine(), "packages": versions(),
            "table.parquet": hashlib.sha256(parquet).hexdigest(),
        },
    }
    write_bytes(folder / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())


def check_out(folder: Path, content: dict[str, Any], force: bool) -> None:
    """Refuse a folder that holds the table of another study, or something else.

    Raises
    ------
    UsageError
        Unless `force`.
    """
    if force or not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"sweep: {folder} is a file; allowed a folder. Name another.")
    path = folder / MANIFEST
    if path.exists():
        try:
            function = json.loads(path.read_text(encoding="utf-8"))["content"]["function"]
        except (OSError, ValueError, KeyError, TypeError):
            function = None
        if function != json.loads(canonical(content)):
            raise UsageError(f"sweep: {folder} holds the table of another study. Name another folder (to share its "
                             f"runs: --store {folder / 'runs'}), or write over it with --force.")
    elif any(entry.name != "runs" for entry in folder.iterdir()):
        raise UsageError(f"sweep: {folder} is not empty and holds no sweep. Name another folder, or use --force.")


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file so that it is either whole or not there, whoever is killed or writes at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def csv_of(table: pd.DataFrame) -> bytes:
    """Return a table as CSV: UTF-8, twelve significant digits, one kind of line end."""
    stream = io.StringIO(newline="")
    table.to_csv(stream, index=False, lineterminator="\n", float_format=f"%.{DIGITS}g")
    return stream.getvalue().encode()


def _parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet; a factor of lists becomes text, since a column has one type."""
    plain = table.copy()
    for name in plain.columns:
        if plain[name].map(lambda cell: isinstance(cell, list)).any():
            plain[name] = plain[name].map(lambda cell: json.dumps(cell) if isinstance(cell, list) else cell)
        elif plain[name].dtype == object:
            plain[name] = plain[name].infer_objects()
    stream = io.BytesIO()
    plain.to_parquet(stream, index=False)
    return stream.getvalue()


def versions(names: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
