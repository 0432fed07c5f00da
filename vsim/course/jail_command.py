"""The command line of a jail, and the limits and the environment that go with it. Nothing here runs anything.

Order matters. Mounts are made before the user is changed, since the Python may lie where only root can look. Limits
are set inside, where only the jail's own processes count. Empty file systems come first, what is shown is laid on top.
`die-with-parent` binds bubblewrap to `timeout`, and `setpriv --pdeathsig` binds `timeout` to the grading process.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vsim.course.jail_view import View

TOOLS = ("bwrap", "setpriv", "prlimit", "timeout")
FIRST_USER = 64321                          # a slot's user is this plus the slot; nobody on a machine has such a number
SCRATCH = "/tmp"
WORK = Path("/") / "home" / "student"       # the working folder: empty, of limited size, gone with the kernel
KERNEL_FILE = Path("/run/vsim-kernel.json")
SHM = 64 * 2**20
LATER = 5                                   # seconds that the outermost clock gives to those that can say why


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one notebook may use; bytes and seconds."""

    wall: int = 180                  # for the whole notebook, then everything in the jail is killed
    memory: int = 4 * 2**30          # address space of one process, and resident memory of all together
    disk: int = 256 * 2**20          # working folder, and as much again for temporary files
    file: int = 64 * 2**20           # one file
    processes: int = 128             # threads count
    files: int = 256                 # open at a time, in one process


@dataclass(frozen=True, slots=True)
class Place:
    """The run's own folder outside, and what the jail gets to see of the world beside the system."""

    folder: Path
    slot: int = 0
    inputs: Path | None = None                                        # a folder: its entries, read-only, in WORK
    kept: Mapping[str, Path] = field(default_factory=dict)            # place in the jail: file or folder, read-only

    @property
    def user(self) -> int:
        """The number of the user inside."""
        return FIRST_USER + self.slot

    def write_people(self) -> None:
        """Write the lists of users and groups that the jail sees: one of each."""
        (self.folder / "passwd").write_text(f"student:x:{self.user}:{self.user}::{WORK}:/bin/sh\n", encoding="utf-8")
        (self.folder / "group").write_text(f"student:x:{self.user}:\n", encoding="utf-8")
        for name in ("passwd", "group"):
            (self.folder / name).chmod(0o644)

    def given(self) -> list[Path]:
        """Return the inputs, links left out."""
        if self.inputs is None:
            return []
        return [path for path in sorted(self.inputs.iterdir()) if not path.is_symlink()]


def found(tool: str) -> str | None:
    """Return where a tool of the system lies, also for a user whose PATH lacks the system's folders."""
    return shutil.which(tool) or shutil.which(tool, path="/usr/bin:/bin:/usr/sbin:/sbin")


def limits(bounds: Bounds) -> list[str]:
    """Return the command that sets the limits on what follows it."""
    return [
        found("prlimit") or "prlimit", f"--cpu={bounds.wall}", f"--as={bounds.memory}", f"--fsize={bounds.file}",
        f"--nproc={bounds.processes}", f"--nofile={bounds.files}", "--core=0", "--",
    ]


def mounts(seen: View, place: Place, bounds: Bounds) -> list[str]:
    """Return what is laid over the empty root, in order, in bubblewrap's words (`jail_mounts` reads them too)."""
    out = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for folder, size in ((SCRATCH, bounds.disk), ("/dev/shm", SHM), (str(WORK), bounds.disk)):
        out += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    for holder in (*seen.folders, KERNEL_FILE.parent, Path("/etc")):
        out += ["--perms", "0755", "--dir", str(holder)]
    for target, link in seen.links:
        out += ["--symlink", target, str(link)]
    for path in seen.shown:
        if str(path) != "/usr":
            out += ["--ro-bind", str(path), str(path)]
    for name in ("passwd", "group"):
        out += ["--ro-bind", str(place.folder / name), f"/etc/{name}"]
    if (place.folder / KERNEL_FILE.name).exists():
        out += ["--ro-bind", str(place.folder / KERNEL_FILE.name), str(KERNEL_FILE)]
    for inside, path in place.kept.items():
        parents = [parent for parent in Path(inside).parents if str(parent) not in ("/", SCRATCH)]
        for parent in reversed(parents):
            out += ["--perms", "1777", "--dir", str(parent)]
        out += ["--ro-bind", str(path), inside]
    for path in place.given():
        out += ["--ro-bind", str(path), str(WORK / path.name)]
    return [*out, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(WORK)]


def bwrap(
    way: Literal["root", "user"], seen: View, place: Place, bounds: Bounds, argv: Sequence[str],
    environment: Mapping[str, str] | None = None, trusted: Sequence[str] = (), calls: int | None = None,
) -> list[str]:
    """Return the whole command: the clock, the jail, the limits, and what runs in it.

    Parameters
    ----------
    way : {"root", "user"}
        Drop root's rights to a user of the slot, or make a user namespace.
    seen : View
    place : Place
    bounds : Bounds
    argv : sequence of str
        What runs inside.
    environment : mapping, optional
        All that is set inside.
    trusted : sequence of str
        Rights, such as "sys_admin", that our own program keeps in a jail of root; without any, what runs inside takes
        the user of the slot and the limits.
    calls : int, optional
        An open file with a filter of system calls (`jail_filter.handed`).
    """
    tools = {name: found(name) or name for name in TOOLS}
    out = [tools["setpriv"], "--pdeathsig", "KILL", "--", tools["timeout"], "-s", "KILL", str(bounds.wall + LATER)]
    out += [tools["bwrap"], "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    out += ["--hostname", "jail", "--die-with-parent"]
    if way == "user":
        out += ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
        out += ["--uid", str(place.user), "--gid", str(place.user)]
    if calls is not None:
        out += ["--seccomp", str(calls)]
    out += mounts(seen, place, bounds)
    out += ["--clearenv"]
    for name, value in (environment or {}).items():
        out += ["--setenv", name, value]
    out += ["--"]
    if trusted:
        kept = ",".join(["-all", *(f"+{name}" for name in trusted)])
        return [*out, tools["setpriv"], "--clear-groups", "--inh-caps=-all", f"--bounding-set={kept}", "--", *argv]
    if way == "root":
        user = str(place.user)
        out += [tools["setpriv"], f"--reuid={user}", f"--regid={user}", "--clear-groups", "--inh-caps=-all"]
        out += ["--bounding-set=-all", "--no-new-privs", "--"]
    return [*out, *limits(bounds), *argv]


def environment(work: Path, scratch: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a student's kernel: nothing of the trainer's but the way to this Python.

    Parameters
    ----------
    work, scratch : Path
        Working folder and folder of temporary files, as the kernel sees them.
    more : mapping, optional
        Further variables, or other values.
    """
    libraries = ("OPENBLAS", "OMP", "MKL", "NUMBA")
    one = {f"{name}_NUM_THREADS": "1" for name in libraries} | {"VECLIB_MAXIMUM_THREADS": "1"}
    folders = {
        "HOME": str(work), "TMPDIR": str(scratch), "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_CONFIG_DIR": str(scratch / "jupyter"), "JUPYTER_DATA_DIR": str(scratch / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "jupyter"), "MPLCONFIGDIR": str(scratch / "matplotlib"),
        "VSIM_CACHE": str(scratch / "vsim"), "XDG_CACHE_HOME": str(scratch / "cache"),
    }
    system = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])}
    if os.name == "nt":
        system = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "COMSPEC") if name in os.environ}
        folders |= {"USERPROFILE": str(work), "APPDATA": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    plain = {
        "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1", "NBGRADER_EXECUTION": "autograde",
    }
    return {**system, **folders, **one, **plain, **(more or {})}
