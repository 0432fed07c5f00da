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
from typing import Literal

Reason = Literal["deadline", "memory", "flood"]
PROC = Path("/proc")
LATER = 3                         # seconds that the watch gives to whoever keeps the clock of the notebook
STEP = 0.1                        # seconds
MOST_GROWTH = 768 * 2**20         # bytes that messages may take up in the grading process
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a kernel's process and all of its group; a jail dies with it. Does nothing to one that has ended."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
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


def together(root: int, bound: int) -> int:
    """Return the memory of a process and of all that descend from it, in bytes; exact only above the bound."""
    parents: dict[int, int] = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_bytes().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    mine, more = {root}, {root}
    while more:
        more = {pid for pid, parent in parents.items() if parent in more} - mine
        mine |= more
    most = sum(resident(pid) for pid in mine)
    return most if most <= bound else sum(_share(pid) for pid in mine)


class Watch(threading.Thread):
    """Watch one kernel until it has ended or `stop` is called."""

    def __init__(self, process: subprocess.Popen[bytes], wall: float, memory: int) -> None:
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
