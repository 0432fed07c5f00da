"""Writing what was built: several files together or none, and never over somebody's work."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from vsim.errors import UsageError

MANIFEST = ".built.json"


def write_whole(files: Mapping[Path, bytes], beside: Path | None = None) -> None:
    """Write several files: each to a temporary name first, then all of them into place.

    When something goes wrong before the last step, every file is as it was.

    Parameters
    ----------
    files : mapping of Path to bytes
    beside : Path, optional
        Folder of the temporary files, on the same disk; by default the own folder of each.
    """
    partial = {path: (beside or path.parent) / f".{path.name[:80]}.partial-{os.getpid()}" for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path in files:
            os.replace(partial[path], path)
    finally:
        for left in partial.values():
            left.unlink(missing_ok=True)


def write_built(out: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write built files below `out` and return the copies of those that somebody had changed since.

    `out`/.built.json remembers what was written last; a file that differs from it was worked in, and is put aside
    under a name of its own before it is written over.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is a file; allowed a folder. Choose another name.")
    known = _manifest(out)
    changed = {name: content for name, content in files.items() if _content(out / name) != content}
    kept = []
    for name in changed:
        found = _content(out / name)
        if found is not None and sha256(found).hexdigest() != known.get(name):
            kept.append(_put_aside(out / name))
    known |= {name: sha256(content).hexdigest() for name, content in files.items()}
    manifest = f"{json.dumps(dict(sorted(known.items())), indent=1)}\n".encode()
    write_whole({out / name: content for name, content in changed.items()} | {out / MANIFEST: manifest})
    return tuple(kept)


def _manifest(out: Path) -> dict[str, str]:
    try:
        found = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(sum_) for name, sum_ in found.items()} if isinstance(found, dict) else {}


def _content(path: Path) -> bytes | None:
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; allowed a file. Move it away.")
    return path.read_bytes() if path.exists() else None


def _put_aside(path: Path) -> Path:
    """Copy a file to the first free name-kept-N beside it."""
    number = 1
    while (aside := path.with_name(f"{path.stem}-kept-{number}{path.suffix}")).exists():
        number += 1
    write_whole({aside: path.read_bytes()})
    return aside
