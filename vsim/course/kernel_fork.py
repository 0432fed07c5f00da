"""Kernels that are forked from a program which has imported everything: one such program in each worker, in a jail.

A program is lent to one notebook at a time. It gets the notebook's files and sockets, and the kernel comes back as a
process that can be watched and killed. It is lent again only when everything that the last one started has ended.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from vsim.course import kernel_zygote
from vsim.course.jail import probed, seen
from vsim.course.jail_command import KERNEL_FILE, SCRATCH, WORK, Bounds, Place, bwrap, environment
from vsim.errors import VsimError

TRUSTED = ("sys_admin", "net_admin", "setuid", "setgid", "setpcap")
ALONE = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}        # pyarrow's memory needs no thread of its own
LONG = Bounds(wall=10 * 86_400)            # of the trusted program; each notebook has bounds of its own
LEAST_MEMORY = 3 * 2**29                   # bytes of address space: all imports take half of it
START = 120                                # seconds for its imports
ANSWER = 20                                # seconds for a fork
END = 5
MOST_WORDS = 1_000


class Forked:
    """A kernel's world of processes, by the pidfd of its first one."""

    def __init__(self, file: int) -> None:
        self.file = file
        lines = Path(f"/proc/self/fdinfo/{file}").read_text(encoding="ascii").splitlines()
        self.pid = int(next(line.split()[1] for line in lines if line.startswith("Pid:")))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while anything of it is there, else a number; which one is not told."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises
        ------
        subprocess.TimeoutExpired
        """
        if self.returncode is None:
            line = select.poll()
            line.register(self.file, select.POLLIN)
            if not line.poll(None if timeout is None else 1000 * timeout):
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            self.returncode = 0
        return self.returncode

    def kill(self) -> None:
        """Kill it: Linux kills everything that was started in it as well."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.file, signal.SIGKILL)

    def close(self) -> None:
        """Kill it if it is still there, and forget it."""
        self.kill()
        self.returncode = 0
        os.close(self.file)


@dataclass(frozen=True, slots=True)
class Request:
    """What a forked kernel is to be."""

    bounds: Bounds
    inputs: Path                                # a folder: its entries, read-only, in the working folder
    description: Path                           # the file that tells the kernel of its sockets
    variables: Mapping[str, str]


class Zygote:
    """The trusted program of one worker, and its jail."""

    def __init__(self, slot: int, stack: ExitStack, kept: Mapping[str, Path]) -> None:
        self.stack = stack
        base = tempfile.gettempdir()
        self.folder = Path(tempfile.mkdtemp(prefix="vsim-zygote-", dir=base))
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "stage").mkdir(mode=0o755)
        (self.folder / KERNEL_FILE.name).touch(mode=0o644)
        self.numbers = count()
        self.kernel: Forked | None = None
        self.stage: Path | None = None
        self.kept = {target: f"{kernel_zygote.KEPT}/{number}" for number, target in enumerate(kept)}
        shown = {**kept, **dict(zip(self.kept.values(), kept.values(), strict=True)),
                 kernel_zygote.STAGE: self.folder / "stage"}
        self.place = Place(self.folder, slot, None, shown)
        self.place.write_people()
        self.control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stack.callback(self.control.close)
        variables = common() | ALONE | {kernel_zygote.CONTROL: str(inside.fileno())}
        command = bwrap("root", seen(), self.place, LONG, [sys.executable, "-P", kernel_zygote.__file__],
                        environment(WORK, Path(SCRATCH), variables), trusted=TRUSTED)
        with inside, (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, pass_fds=[inside.fileno()])
        stack.callback(self.end)
        self.control.settimeout(START)
        try:
            said = self.control.recv(MOST_WORDS)
        except OSError as error:
            said = str(error).encode()
        if said != kernel_zygote.READY:
            words = said + (self.folder / "log").read_bytes()[-MOST_WORDS:]
            raise VsimError(f"kernel: forking does not work here ({words.decode('utf-8', 'replace').strip()});"
                            " set `kernel: fresh` in course.yaml to start one for each notebook.")
        self.control.settimeout(ANSWER)

    def fork(self, request: Request, log: int, sockets: Sequence[socket.socket]) -> Forked:
        """Return a forked kernel."""
        name = str(next(self.numbers))
        self.stage = stage = self.folder / "stage" / name
        stage.mkdir(mode=0o755)
        request.inputs.rename(stage / "inputs")
        shutil.copyfile(request.description, stage / KERNEL_FILE.name)
        bounds = request.bounds
        asked = {
            "stage": name, "user": self.place.user, "seconds": bounds.wall, "disk": bounds.disk, "kept": self.kept,
            "environment": environment(WORK, Path(SCRATCH), common() | dict(request.variables)),
            "limits": {"CPU": bounds.wall, "AS": bounds.memory, "FSIZE": bounds.file, "NPROC": bounds.processes,
                       "NOFILE": bounds.files, "CORE": 0},
        }
        here, there = socket.socketpair()
        with here:
            with there:
                socket.send_fds(self.control, [b"f"], [there.fileno(), log, *(one.fileno() for one in sockets)])
            here.sendall(json.dumps(asked).encode())
        said, files, _, _ = socket.recv_fds(self.control, MOST_WORDS, 1)
        if said != kernel_zygote.READY or len(files) != 1:
            raise VsimError(f"kernel: could not be forked ({said.decode('utf-8', 'replace')}); run `vsim doctor`.")
        self.kernel = Forked(files[0])
        return self.kernel

    def cleared(self) -> bool:
        """Take the last notebook's files away; whether everything that it started has ended, and another may come."""
        kernel, self.kernel = self.kernel, None
        ended = kernel is not None and kernel.poll() is not None
        if kernel is not None:
            kernel.close()
        if self.stage is not None:
            shutil.rmtree(self.stage, ignore_errors=True)
        return ended and self.alive()

    def alive(self) -> bool:
        """Whether the program is there."""
        return self.process.poll() is None

    def end(self) -> None:
        """Kill the program and its jail."""
        if self.alive():
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=END)

    def close(self) -> None:
        """Kill it, and take everything away."""
        self.stack.close()


def common() -> dict[str, str]:
    """Return the variables that every jailed kernel has beside those of its environment."""
    base = seen().user_base
    return {"JPY_PARENT_PID": "1", **({"PYTHONUSERBASE": str(base)} if base else {})}


Kept = tuple[tuple[str, Path], ...]
_idle: list[tuple[Kept, Zygote]] = []
_lock = threading.Lock()


def possible() -> bool:
    """Whether this machine lets kernels be forked: as root, in the jail of bubblewrap."""
    return probed().way == "root" and hasattr(os, "pidfd_open")


@contextmanager
def lent(kept: Mapping[str, Path], slot_of: Callable[[ExitStack], int]) -> Iterator[Zygote]:
    """Lend an idle program that shows the wanted files, or start one; take it back when its kernel has ended for sure.

    Parameters
    ----------
    kept : mapping
        Place in the jail, and what is shown there read-only.
    slot_of : callable
        Takes a slot and holds it as long as a stack.
    """
    wanted = tuple(sorted(kept.items()))
    zygote = _idle_one(wanted) or _new_one(wanted, slot_of)
    try:
        yield zygote
    finally:
        if zygote.cleared():
            with _lock:
                _idle.append((wanted, zygote))
        else:
            zygote.close()


def _idle_one(wanted: Kept) -> Zygote | None:
    with _lock:
        for entry in _idle:
            if entry[0] == wanted:
                _idle.remove(entry)
                if entry[1].alive():
                    return entry[1]
                entry[1].close()
                break
    return None


def _new_one(wanted: Kept, slot_of: Callable[[ExitStack], int]) -> Zygote:
    with ExitStack() as stack:
        zygote = Zygote(slot_of(stack), stack, dict(wanted))
        zygote.stack = stack.pop_all()
    return zygote


def prepare(kept: Mapping[str, Path], slot_of: Callable[[ExitStack], int]) -> None:
    """Start a program that shows the wanted files when none is idle."""
    wanted = tuple(sorted(kept.items()))
    zygote = _idle_one(wanted) or _new_one(wanted, slot_of)
    with _lock:
        _idle.append((wanted, zygote))


def close_all() -> None:
    """End every idle program."""
    with _lock:
        entries, _idle[:] = list(_idle), []
    for _, zygote in entries:
        zygote.close()


atexit.register(close_all)
