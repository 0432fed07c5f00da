"""An environment for each peer, made on demand: build/bench/<peer>, with the versions of benchmarks/peers/<peer>.txt.

Where this Python has the peer in the version that is pinned, it is its environment. What cannot be made is told, never
left out in silence.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.children import note

ROOT = Path(__file__).resolve().parent.parent
PINS = Path(__file__).parent / "peers"
FOLDER = ROOT / "build" / "bench"


@dataclass(frozen=True, slots=True)
class Environment:
    """The Python that runs a peer, or why there is none; and the peer's version."""

    python: str | None
    reason: str = ""
    pin: str = ""


def pins(peer: str, folder: Path = PINS) -> list[str]:
    """Return the pinned packages of a peer, the peer itself first."""
    lines = (folder / f"{peer}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def is_here(pin: str) -> bool:
    """Return whether this Python has a package in the pinned version."""
    name, _, wanted = pin.partition("==")
    try:
        return version(name) == wanted
    except PackageNotFoundError:
        return False


def environment(peer: str, pinned: Path = PINS, folder: Path = FOLDER) -> Environment:
    """Return the environment of a peer, made if it is not there yet."""
    wanted = pins(peer, pinned)
    if is_here(wanted[0]):
        return Environment(sys.executable, pin=wanted[0])
    home = folder / peer
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = home / ".ready"
    words = "\n".join([platform.python_version(), str(home), *wanted])
    digest = hashlib.sha256(words.encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest and python.exists():
        return Environment(str(python), pin=wanted[0])
    note(f"  making the environment of {peer}")
    shutil.rmtree(home, ignore_errors=True)
    venv.create(home, with_pip=True)
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
         "-r", str(pinned / f"{peer}.txt")],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )
    if done.returncode != 0:
        last = next((line for line in reversed(done.stderr.splitlines()) if "ERROR" in line), "it said nothing")
        reason = f"pip could not fetch what benchmarks/peers/{peer}.txt pins: {last.strip()}"
        return Environment(None, reason, wanted[0])
    stamp.write_text(digest, encoding="utf-8")
    return Environment(str(python), pin=wanted[0])
