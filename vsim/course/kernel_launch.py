"""What one kernel needs before it starts and leaves behind when it ends: folder, sockets, user, command, limits.

The sockets are opened here, in a private folder, and handed to the kernel as open files; only the grading process knows
where they lie. As root every kernel gets a user of its own (a slot, held by a lock), so that a storm of processes in
one jail starves no other. Without a jail the kernel gets a private folder, a clean environment and the shell's limits.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vsim.course import kernel_fork, kernel_main
from vsim.course.jail import JAILS, Tier, command, filter_file, probed, seen
from vsim.course.jail_command import KERNEL_FILE, SCRATCH, WORK, Bounds, Place, environment
from vsim.course.kernel_watch import Process, kill
from vsim.errors import VsimError

CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
COMPILED = "/run/vsim-compiled"
SLOTS = 200
LONGEST = 60                       # of a folder, since a socket's name may have 107 bytes
SHELL = 'ulimit -c 0; ulimit -t {wall}; ulimit -f {blocks}; ulimit -v {kilobytes} 2>/dev/null; exec "$@"'


@dataclass(frozen=True, slots=True)
class Plan:
    """How one notebook is to be run."""

    tier: Tier
    bounds: Bounds = field(default_factory=Bounds)
    inputs: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Path] = field(default_factory=dict)       # place in the jail: what is shown there, read-only
    compiled: Path | None = None                                 # a folder of compiled kernels of vsim
    forked: bool = False                                         # from a program in the jail that has all imports

    def forks(self) -> bool:
        """Whether the kernel will be forked."""
        return (self.forked and self.tier == "bwrap" and self.compiled is None
                and self.bounds.memory >= kernel_fork.LEAST_MEMORY and kernel_fork.possible())

    def prepare(self) -> None:
        """Let the program be there that kernels are forked from: its start is no part of a notebook's time."""
        if self.forks():
            kernel_fork.prepare(self.kept, _slot)


def _slot(stack: ExitStack) -> int:
    """Take the first free slot and hold it as long as the stack."""
    import fcntl

    folder = Path("/run/vsim-jail")
    folder.mkdir(mode=0o700, exist_ok=True)
    for slot in range(SLOTS):
        handle = stack.enter_context((folder / str(slot)).open("w", encoding="utf-8"))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        return slot
    raise VsimError(f"jail: all {SLOTS} places are taken; allowed {SLOTS} kernels at a time, wait for the others.")


def copy_tree(source: Path, target: Path) -> None:
    """Copy files and folders so that anybody can read them and nobody write; links are left out."""
    target.mkdir(exist_ok=True)
    target.chmod(0o755)
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_symlink() or not place.parent.is_dir():
            continue
        if path.is_dir():
            place.mkdir()
            place.chmod(0o755)
        elif path.is_file():
            shutil.copy2(path, place)                    # with its time: numba looks at it
            place.chmod(0o444)


class Launch:
    """One kernel's start, from its folder to its process."""

    def __init__(self, plan: Plan, key: str) -> None:
        self.plan = plan
        self.stack = ExitStack()
        base = tempfile.gettempdir()
        self.folder = Path(tempfile.mkdtemp(prefix="vsim-", dir=base if len(base) < LONGEST else SCRATCH))
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.handed_in: list[socket.socket] = []
        self.calls: int | None = None                    # the open filter of calls
        self.process: Process | None = None
        self.by_sockets = hasattr(socket, "AF_UNIX") and os.name == "posix"
        self.key = key
        self.written: dict[str, Any] = {}
        try:
            if self.by_sockets:
                self._open_sockets()
        except BaseException:
            self.close()
            raise

    @property
    def address(self) -> str:
        """The common part of the sockets' names."""
        return str(self.folder / "s")

    def address_of(self, channel: str) -> str:
        """Return where a channel is reached from outside."""
        if self.by_sockets:
            return f"ipc://{self.address}-{CHANNELS.index(channel) + 1}"
        return f"tcp://{self.written['ip']}:{self.written[channel + '_port']}"

    def _open_sockets(self) -> None:
        """Open the sockets, and write down for the kernel all that it has to know."""
        for number in range(1, len(CHANNELS) + 1):
            one = self.stack.enter_context(socket.socket(socket.AF_UNIX))
            one.bind(f"{self.address}-{number}")
            one.listen(16)
            self.handed_in.append(one)
        ports = {f"{name}_port": number for number, name in enumerate(CHANNELS, 1)}
        known = {"transport": "ipc", "ip": "/jail", "key": self.key, "signature_scheme": "hmac-sha256", **ports}
        path = self.folder / KERNEL_FILE.name
        path.write_text(json.dumps(known), encoding="utf-8")
        path.chmod(0o644)

    def command(self, plain: list[str]) -> tuple[list[str], dict[str, str], Path]:
        """Return what to run, its environment and its folder; `plain` is the command of an ordinary kernel."""
        mine = [sys.executable, "-P", kernel_main.__file__, *kernel_main.OPTIONS]
        more = dict(self.plan.variables)
        if self.by_sockets:
            more[kernel_main.VARIABLE] = ",".join(str(one.fileno()) for one in self.handed_in)
        way = probed(self.plan.tier).way if self.plan.tier in JAILS else None
        if way is None and self.plan.tier in JAILS:
            raise VsimError(f"jail: {self.plan.tier} does not work here ({probed(self.plan.tier).why}).")
        inputs = self.folder / ("inputs" if way else "work")
        inputs.mkdir()
        if self.plan.inputs is not None:
            copy_tree(self.plan.inputs, inputs)
        kept = dict(self.plan.kept)
        if self.plan.compiled is not None and self.plan.compiled.is_dir():
            copy_tree(self.plan.compiled, self.folder / "compiled")
            kept[COMPILED] = self.folder / "compiled"
            more[kernel_main.COMPILED] = COMPILED if way else str(self.folder / "compiled")
        if way is None:
            return self._weak([*mine, str(self.folder / KERNEL_FILE.name)] if self.by_sockets else plain, more)
        base = seen().user_base
        more |= {"JPY_PARENT_PID": "1", **({"PYTHONUSERBASE": str(base)} if base else {})}
        place = Place(self.folder, _slot(self.stack) if way == "root" else 0, inputs, kept)
        place.write_people()
        inside = environment(WORK, Path(SCRATCH), more)
        argv = [*mine, str(KERNEL_FILE)]
        self.calls = self.stack.enter_context(filter_file(self.plan.tier))
        return command(self.plan.tier, way, place, self.plan.bounds, argv, inside, self.calls), {}, Path("/")

    def _weak(self, argv: list[str], more: dict[str, str]) -> tuple[list[str], dict[str, str], Path]:
        """Return the same without a jail: private folders and the shell's limits."""
        work, scratch = self.folder / "work", self.folder / "scratch"
        scratch.mkdir()
        for inside, source in self.plan.kept.items():
            if Path(SCRATCH) in Path(inside).parents and source.is_file():
                place = scratch / Path(inside).relative_to(SCRATCH)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, place)
        more["JPY_PARENT_PID"] = str(os.getpid()) if os.name == "posix" else "0"
        if self.plan.tier == "landlock":
            more["JPY_PARENT_PID"] = "1"                 # its parent is the clock, which dies with this process
            shown = {name: self.folder / name for name in (KERNEL_FILE.name, "compiled")}
            own, variables = Place(self.folder, kept=shown), environment(work, scratch, more)
            return command("landlock", "user", own, self.plan.bounds, argv, variables), {}, work
        if os.name == "posix":
            bounds = self.plan.bounds
            text = SHELL.format(wall=bounds.wall, blocks=bounds.file // 512, kilobytes=bounds.memory // 1024)
            argv = ["/bin/sh", "-c", text, "sh", *argv]
        return argv, environment(work, scratch, more), work

    def start(self, plain: list[str] | None = None) -> Process:
        """Start the kernel in a session of its own; what it says before it is a kernel goes to a file."""
        if self.plan.forks():
            process = self._fork()
        else:
            argv, variables, folder = self.command(plain or self._plain())
            with (self.folder / "log").open("wb") as log:
                process = self.process = subprocess.Popen(
                    argv, env=variables, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                    pass_fds=[*(one.fileno() for one in self.handed_in), *([self.calls] if self.calls else [])],
                )
        for one in self.handed_in:
            one.close()
        return process

    def _fork(self) -> Process:
        """Fork the kernel from a program that is lent until this launch is closed."""
        inputs = self.folder / "inputs"
        inputs.mkdir()
        if self.plan.inputs is not None:
            copy_tree(self.plan.inputs, inputs)
        lent = self.stack.enter_context(kernel_fork.lent(self.plan.kept, _slot))
        request = kernel_fork.Request(self.plan.bounds, inputs, self.folder / KERNEL_FILE.name, self.plan.variables)
        with (self.folder / "log").open("wb") as log:
            self.process = process = lent.fork(request, log.fileno(), self.handed_in)
        return process

    def _plain(self) -> list[str]:
        """Return the command of an ordinary kernel, for a system that hands no sockets to its processes."""
        if self.by_sockets:
            return []
        from jupyter_client.connect import write_connection_file

        path, known = write_connection_file(str(self.folder / KERNEL_FILE.name), key=self.key.encode("ascii"))
        self.written = dict(known)
        return [sys.executable, "-m", "ipykernel_launcher", "-f", path]

    def end(self) -> None:
        """Kill the kernel with all that it has started, and take everything away."""
        if self.process is not None:
            kill(self.process)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=5)
        self.close()

    def said(self) -> str:
        """Return the last line that the kernel's process wrote before or instead of being a kernel."""
        try:
            words = (self.folder / "log").read_bytes()[-4000:].decode("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return words[-1].strip() if words else ""

    def close(self) -> None:
        """Take away folder and sockets, and give the slot back."""
        self.stack.close()
