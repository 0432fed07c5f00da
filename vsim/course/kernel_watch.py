"""A thread that kills a kernel which the grading process itself may be too busy, or too full, to stop.

Three things are watched several times a second: the clock of the whole notebook, the memory of everything in the jail
together (the limit of the system counts each process for itself), and the growth of the grading process (messages
without an end pile up there before anybody can look at them). Where the system does not tell, the clock remains.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Literal, Protocol

Reason = Literal["deadline", "memory", "flood"]
PROC = Path("/proc")
LATER = 3                         # seconds that the watch gives to whoever keeps the clock of the notebook
STEP = 0.1                        # seconds
MOST_GROWTH = 768 * 2**20         # bytes that messages may take up in the grading process
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class Process(Protocol):
    """A kernel's first process: one that was started here, or one that was forked in a jail."""

    @property
    def pid(self) -> int:
        """Its number."""

    def poll(self) -> int | None:
        """Return None while it is there."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""

    def kill(self) -> None:
        """Kill it."""


def kill(process: Process) -> None:
    """Kill a kernel's process and all of its group; a jail dies with it. Does nothing to one that has ended."""
    if process.poll() is not None:
        return
    if isinstance(process, subprocess.Popen) and hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
            return
        except OSError:
            pass
    process.kill()


def resident(pid: int | str = "self") -> int:
    """Return the resident memory of a process in bytes; 0 where the system does not tell."""
    try:
        return int((PROC / str(pid) / "statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _share(pid: int) -> int:
    """Return the memory of a process with what it shares counted by shares; resident memory where that is not told."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return resident(pid)


def family(root: int) -> dict[int, int]:
    """Return a process and all that descend from it, by number, each with the ticks of CPU that it has used."""
    found: dict[int, tuple[int, int]] = {}
    for name in os.listdir(PROC) if PROC.is_dir() else ():
        if name.isdigit():
            try:
                words = (PROC / name / "stat").read_bytes().rpartition(b")")[2].split()
                found[int(name)] = int(words[1]), sum(map(int, words[11:15]))
            except (OSError, ValueError, IndexError):
                continue
    children: dict[int, list[int]] = {}
    for pid, (parent, _) in found.items():
        children.setdefault(parent, []).append(pid)
    mine, more = {root: found.get(root, (0, 0))[1]}, [root]
    while more:
        more = [pid for parent in more for pid in children.get(parent, ()) if pid not in mine]
        mine |= {pid: found[pid][1] for pid in more}
    return mine


def together(root: int, bound: int) -> int:
    """Return the memory of a process and of all that descend from it, in bytes; exact only above the bound."""
    mine = family(root)
    most = sum(resident(pid) for pid in mine)
    return most if most <= bound else sum(_share(pid) for pid in mine)


def spent(root: int) -> float:
    """Return the CPU seconds of a process and of all that descend from it, those that have ended included."""
    ticks = sum(family(root).values())
    return ticks / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.0


class Watch(threading.Thread):
    """Watch one kernel until it has ended or `stop` is called."""

    def __init__(self, process: Process, wall: float, memory: int) -> None:
        super().__init__(name="vsim-watch", daemon=True)
        self.process, self.wall, self.memory = process, wall, memory
        self.reason: Reason | None = None
        self._over = threading.Event()
        self._begun = time.monotonic()
        self._grown = resident() + MOST_GROWTH

    def _judge(self, turn: int) -> Reason | None:
        if time.monotonic() - self._begun > self.wall:
            return "deadline"
        if resident() > self._grown:
            return "flood"
        if turn % 5 == 0 and together(self.process.pid, self.memory) > self.memory:
            return "memory"
        return None

    def run(self) -> None:
        """Look, and kill when something is over its bound."""
        turn = 0
        while not self._over.wait(STEP) and self.process.poll() is None:
            turn += 1
            self.reason = self._judge(turn)
            if self.reason:
                kill(self.process)
                return

    def stop(self) -> None:
        """Stop watching, and wait until the thread has seen it."""
        self._over.set()
        if self.is_alive():
            self.join(timeout=5)
