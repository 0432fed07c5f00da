"""The command line of a jail without bubblewrap: name spaces by `unshare`, then a program that closes the jail itself.

The jail is the same one: the same view, place and bounds, and the same words for what is mounted. `unshare` makes the
name spaces, as root, or for anybody else within a name space of users; `jail_start` does inside what bubblewrap does.
`closed` is the poor relation of tier "landlock", for machines that allow no name spaces: rules of Landlock, a filter
of calls and limits around a kernel that otherwise is the trainer's own process. Nothing here runs anything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from vsim.course.jail_command import LATER, WORK, Bounds, Place, found, mounts
from vsim.course.jail_view import View

TOOLS = ("unshare", "setpriv", "timeout")
START = "import sys; sys.path.append(sys.argv[1]); from vsim.course.jail_start import main; main(sys.argv[2])"
PACKAGE = Path(__file__).resolve().parents[2]                # the folder that holds the package vsim
TOLD = tuple(f"/proc/{name}" for name in ("cpuinfo", "loadavg", "meminfo", "stat"))


def limits(bounds: Bounds) -> dict[str, int]:
    """Return the limits that one process gets."""
    return {"cpu": bounds.wall, "as": bounds.memory, "fsize": bounds.file, "nproc": bounds.processes,
            "nofile": bounds.files, "core": 0}


def _line(bounds: Bounds, between: Sequence[str], order: Mapping[str, Any]) -> list[str]:
    """Return the clock, what makes the name spaces, and the program that closes the jail."""
    tools = {name: found(name) or name for name in TOOLS}
    out = [tools["setpriv"], "--pdeathsig", "KILL", "--", tools["timeout"], "-s", "KILL", str(bounds.wall + LATER)]
    return [*out, *between, sys.executable, "-I", "-S", "-c", START, str(PACKAGE), json.dumps(order)]


def unshare(
    way: Literal["root", "user"], seen: View, place: Place, bounds: Bounds, argv: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the whole command of a jail of tier "unshare"; the parameters are those of `jail_command.bwrap`."""
    spaces = [found("setpriv") or "setpriv", "--pdeathsig", "KILL", "--"]      # else it would outlive the clock
    spaces += [found("unshare") or "unshare", "--mount", "--ipc", "--pid", "--net", "--uts", "--fork", "--kill-child"]
    if way == "user":
        spaces += ["--user", f"--map-user={place.user}", f"--map-group={place.user}", "--keep-caps"]
    order = {
        "mounts": mounts(seen, place, bounds), "folder": str(place.folder), "user": place.user, "work": str(WORK),
        "spaces": way == "user", "limits": limits(bounds), "argv": list(argv), "variables": dict(environment or {}),
    }
    return _line(bounds, [*spaces, "--"], order)


def closed(
    seen: View, place: Place, bounds: Bounds, argv: Sequence[str], environment: Mapping[str, str], *,
    work: Path, write: Sequence[Path],
) -> list[str]:
    """Return the command of a kernel of tier "landlock".

    Parameters
    ----------
    seen : View
        What may be read and run, beside what lies in the run's own folder.
    place : Place
    bounds : Bounds
    argv : sequence of str
    environment : mapping
    work : Path
        Where the kernel starts.
    write : sequence of Path
        Folders that may be written to.
    """
    order = {
        "mounts": None, "folder": str(place.folder), "user": None, "work": str(work), "spaces": False,
        "limits": limits(bounds), "argv": list(argv), "variables": dict(environment),
        "package": str(PACKAGE / "vsim"),
        "read": [*map(str, seen.shown), *TOLD, *(str(path) for path in place.kept.values())],
        "write": [str(path) for path in write],
    }
    return _line(bounds, [], order)
