"""Running this Python as an ordinary user, for tests that are run by root: also where it lies in a folder of root's.

A mount name space of its own lays an open, empty folder over each closed one on the way, with what is needed bound back
into it; then root's rights are given up for good.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

NOBODY = 65534
ROOT = Path(__file__).resolve().parents[2]


def closed_to_others(path: Path) -> Path | None:
    """Return the outermost folder on the way to a path that others may not walk through."""
    return next((folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001), None)


def _opened() -> list[str]:
    """Return shell commands that let anybody walk to this Python and to the checkout."""
    lines: list[str] = []
    wanted: dict[Path, list[Path]] = {}
    for path in dict.fromkeys((Path(sys.base_prefix).resolve(), Path(sys.prefix), ROOT)):
        folder = closed_to_others(path / "x")
        if folder is not None:
            wanted.setdefault(folder, []).append(path)
    for number, (folder, paths) in enumerate(wanted.items()):
        aside = [f"/mnt/open-{number}-{at}" for at in range(len(paths))]
        lines.append("mount -t tmpfs -o mode=755 aside /mnt" if number == 0 else ":")
        for path, place in zip(paths, aside, strict=True):
            lines += [f"mkdir -p {place}", f"mount --rbind {shlex.quote(str(path))} {place}"]
        lines.append(f"mount -t tmpfs -o mode=755 open {shlex.quote(str(folder))}")
        for path, place in zip(paths, aside, strict=True):
            lines += [f"mkdir -p {shlex.quote(str(path))}", f"mount --rbind {place} {shlex.quote(str(path))}"]
    return lines


def as_user(code: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program text in this Python as an ordinary user, from the folder of the checkout."""
    program = [sys.executable, "-W", "ignore", "-c", code]
    variables = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT),
                 "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    if os.geteuid() == 0:
        drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--bounding-set=-all",
                "--inh-caps=-all", *program]
        script = " && ".join(["set -e", *_opened(), f"exec {shlex.join(drop)}"])
        program = ["unshare", "--mount", "sh", "-c", script]
    return subprocess.run(program, capture_output=True, text=True, timeout=timeout, cwd=ROOT, env=variables,
                          check=False)
