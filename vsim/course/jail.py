"""Whether student code can be locked up on this machine, and how.

bubblewrap builds the jail: file systems, network and processes of its own. Inside, `setpriv` takes another user and
drops every capability (when a trainer is root), or a user namespace does the same (for anybody else); `prlimit` sets
the limits. `tier` tries the very command that a notebook gets, once in a process, and believes nothing else.

Where there is no jail, student code can read and write whatever the trainer can: `require` refuses that unless it is
asked for by name. The tier is noted in the report of every run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from vsim.course.jail_command import TOOLS, Bounds, Place, bwrap, found
from vsim.course.jail_view import View, view
from vsim.errors import UsageError
from vsim.i18n import t

Tier = Literal["bwrap", "none"]
PROBE = "import os, sys; sys.exit(0 if os.getpid() > 1 and not os.path.exists('/sys/class') else 1)"
PATIENCE = 20            # seconds for one probe, on a busy machine too


@dataclass(frozen=True, slots=True)
class Probed:
    """What a try of the jail gave: the way in that works, or why none does."""

    way: Literal["root", "user"] | None
    why: str


@cache
def seen() -> View:
    """Return what a jail shows of this machine; worked out once in a process."""
    return view()


def _try(way: Literal["root", "user"]) -> str:
    """Return "" when a Python starts in the jail, else what was said instead."""
    with tempfile.TemporaryDirectory(prefix="vsim-") as folder:
        place = Place(Path(folder))
        place.write_people()
        command = bwrap(way, seen(), place, Bounds(wall=PATIENCE), [sys.executable, "-I", "-S", "-c", PROBE])
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE, env={}, check=False,
                start_new_session=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
    words = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return "" if done.returncode == 0 else (words[-1] if words else f"exit code {done.returncode}")


@cache
def probed() -> Probed:
    """Try the jail, as root first where the user is root, and return the way that works."""
    if platform.system() != "Linux":
        return Probed(None, f"the jail is for Linux, this is {platform.system()}")
    lacking = [name for name in TOOLS if found(name) is None]
    if lacking:
        return Probed(None, f"{' and '.join(lacking)} not found")
    ways: tuple[Literal["root", "user"], ...] = ("root", "user") if os.geteuid() == 0 else ("user",)
    why = ""
    for way in ways:
        why = _try(way)
        if not why:
            return Probed(way, "")
    return Probed(None, f"bubblewrap does not start here: {why}")


def tier() -> Tier:
    """Return "bwrap" where student code can be jailed, else "none"; tried once in a process."""
    return "bwrap" if probed().way else "none"


def weak_warning() -> str:
    """Return what a trainer has to know who lets student code run without a jail."""
    return t(
        "No jail: student code runs with your own rights. It can read other submissions and the course folder, change"
        " files and use the network. Grade in this way only what you have read, or on a machine that holds nothing"
        " else."
    )


def require(allow_weak: bool = False) -> Tier:
    """Return the tier in which student code will run, or refuse.

    Parameters
    ----------
    allow_weak : bool
        Run without a jail where there is none; the caller shows `weak_warning`.

    Raises
    ------
    UsageError
        Where there is no jail and `allow_weak` is not given.
    """
    best = tier()
    if best == "bwrap" or allow_weak:
        return best
    advice = (
        "install bubblewrap 0.8 or newer (Debian, Ubuntu: apt-get install bubblewrap)"
        if platform.system() == "Linux" else "grade on Linux (on Windows: in WSL)"
    )
    raise UsageError(
        f"jail: student code cannot be locked up here ({probed().why}); {advice},"
        " or pass --allow-weak to run it with your own rights."
    )
