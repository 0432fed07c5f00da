"""Processes of their own for the measurements, on one thread each, and what the machine is."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS"), "1"
)


def child(
    module: str, *words: object, python: str = sys.executable, environment: dict[str, str] | None = None
) -> dict[str, Any]:
    """Run a module in a process of its own and return the JSON that it prints last."""
    done = subprocess.run(
        [python, "-m", module, *map(str, words)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT), **(environment or {})}, check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise SystemExit(f"{module} {' '.join(map(str, words))} failed: {last}")
    return json.loads(done.stdout.splitlines()[-1])


def note(line: str) -> None:
    """Say on the terminal what is being done, over the line before."""
    if sys.stderr.isatty():
        print(line.ljust(70), end="\r", file=sys.stderr, flush=True)


def commit() -> str:
    """Return the commit that is measured, marked where the tree differs from it, or that it is not known."""
    try:
        done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True,
                              check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    packages = ", ".join(f"{package} {version(package)}" for package in ("numpy", "numba", "pyarrow"))
    return {
        "processor": f"{name}, {os.cpu_count()} cores", "system": platform.system(),
        "python": platform.python_version(), "packages": packages, "load": load,
        "commit": commit(), "when": datetime.now(UTC).isoformat(timespec="seconds"),
    }
