"""Every jail of this machine, tried by a hostile program: what it was refused, and what it got.

Around one start of a jail a small world is made that is worth attacking: a course with a grade book, a key and
another's work, services that listen, a process that can be killed, a secret in the environment. `jail_inside` tries to
get at it. Whether a wall held is judged from outside wherever outside can tell: whether anybody was reached, whether
the process lives, whether anything is left behind.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from vsim.course import jail_inside
from vsim.course.jail import JAILS, PATIENCE, Tier, Way, command, filter_file, probed
from vsim.course.jail_command import SCRATCH, WORK, Bounds, Place, environment
from vsim.course.jail_filter import ARCHITECTURES, REFUSED

SMALL = Bounds(wall=PATIENCE, memory=2**30, disk=24 * 2**20, file=8 * 2**20, processes=48, files=64)
SPACES = ("ipc", "mnt", "net", "pid", "uts")
REMOVE = 0                                     # IPC_RMID
MIB = 2**20
FROM_OUTSIDE = ("tcp-host", "udp-host", "socket-abstract", "socket-path", "kill-host", "kill-all", "left-file",
                "left-segment", "left-process")


@dataclass(frozen=True, slots=True)
class Probe:
    """One attempt: whether the wall held, and what it got."""

    name: str
    held: bool
    got: str


@dataclass(slots=True)
class World:
    """What a hostile program would like to reach."""

    about: dict[str, Any]
    victim: subprocess.Popen[bytes]
    services: dict[str, socket.socket]
    seen: dict[str, str]                       # name spaces of this process

    def came(self, name: str) -> bool:
        """Whether anybody reached a service."""
        service = self.services[name]
        service.settimeout(0)
        try:
            service.recv(1) if service.type == socket.SOCK_DGRAM else service.accept()[0].close()
        except OSError:
            return False
        return True


@contextmanager
def world(folder: Path, kill_all: bool) -> Iterator[World]:
    """Make the world, and take it away again; the secret stands in this process's environment meanwhile."""
    course, mark = folder / "course", sha256(f"{os.getpid()} {time.time_ns()}".encode()).hexdigest()[:16]
    (course / "submitted" / "ben").mkdir(parents=True)
    for name in ("gradebook.db", "secret.key", "submitted/ben/unit.ipynb"):
        (course / name).write_text("worth reading", encoding="utf-8")
    services = {
        "tcp-host": socket.create_server(("127.0.0.1", 0)), "udp-host": socket.socket(type=socket.SOCK_DGRAM),
        "socket-abstract": socket.socket(socket.AF_UNIX), "socket-path": socket.socket(socket.AF_UNIX),
    }
    services["udp-host"].bind(("127.0.0.1", 0))
    services["socket-abstract"].bind(f"\0{mark}")
    services["socket-path"].bind(str(folder / "socket"))
    for name in ("socket-abstract", "socket-path"):
        services[name].listen(1)
    victim = subprocess.Popen([mark[::-1], str(10 * PATIENCE)], executable=shutil.which("sleep"))
    column = ARCHITECTURES.get(platform.machine(), (0, 0))[1]
    about = {
        "course": str(course), "socket": str(folder / "socket"), "abstract": mark, "host": victim.pid, "mark": mark,
        "tcp": services["tcp-host"].getsockname()[1], "udp": services["udp-host"].getsockname()[1],
        "home": str(Path.home()), "spaces": SPACES, "calls": {name: both[column] for name, both in REFUSED.items()},
        "disk": 3 * SMALL.disk // MIB, "file": 2 * SMALL.file, "memory": 2 * SMALL.memory,
        "forks": 2 * SMALL.processes, "files": 4 * SMALL.files, "left": f"vsim-left-{mark}",
        "segment": int(mark[:7], 16), "stay": f"98{int(mark[:6], 16)}", "kill_all": kill_all,
    }
    os.environ["PLANTED_SECRET"] = "worth reading"
    try:
        yield World(about, victim, services, {name: os.readlink(f"/proc/self/ns/{name}") for name in SPACES})
    finally:
        del os.environ["PLANTED_SECRET"]
        victim.kill()
        victim.wait()
        for service in services.values():
            service.close()


def _file_left(path: Path) -> bool:
    """Whether a file is there; it is taken away."""
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _segment_left(key: int) -> bool:
    """Whether a System V segment is there; it is taken away."""
    libc = ctypes.CDLL(None, use_errno=True)
    found = int(libc.shmget(key, 0, 0))
    if found >= 0:
        libc.shmctl(found, REMOVE, None)
    return found >= 0


def _process_left(mark: str) -> bool:
    """Whether a process whose command has a mark is still there after a while; it is killed."""
    until = time.monotonic() + 2
    while True:
        left = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if f"sleep {mark}".encode() in path.read_bytes():
                    left.append(int(path.parent.name))
        if not left or time.monotonic() > until:
            break
        time.sleep(0.05)
    for pid in left:
        with suppress(OSError):
            os.kill(pid, 9)
    return bool(left)


def _judges(world: World, tier: Tier) -> dict[str, Callable[[Any], bool]]:
    """Return for attempts that may go through without harm, or that outside can judge: whether the wall held."""
    about = world.about

    def unreached(name: str) -> Callable[[Any], bool]:
        return lambda _: not world.came(name)

    return {
        **{name: unreached(name) for name in world.services},
        "read-people": lambda got: got == 1,
        "read-home": lambda got: set(got) <= {".pyenv", ".local"} or str(Path.home()) == "/",
        "read-host-process": lambda got: got == 0,
        "environment": lambda got: got is False,
        "files-inherited": lambda got: got == [0, 1, 2],
        "disk": lambda got: got <= SMALL.disk // MIB,
        "disk-temporary": lambda got: got <= SMALL.disk // MIB,
        "file-size": lambda got: got <= SMALL.file,
        "forks": lambda got: got < SMALL.processes,
        "files-open": lambda got: got <= SMALL.files,
        "see-processes": lambda got: got is False,
        "kill-host": lambda _: world.victim.poll() is None,
        "kill-first": lambda _: tier in JAILS,                 # the first of its own world, which no signal ends
        "rights": lambda got: got == [0] * 7 + [1],
        "filter": lambda got: got == 2,
        "user": lambda got: got[0] == got[1] != os.getuid() and 0 not in got[:3],
        "spaces": lambda got: all(got[name] != world.seen[name] for name in SPACES),
        "left-file": lambda _: not _file_left(Path(SCRATCH, about["left"])),
        "left-segment": lambda _: not _segment_left(about["segment"]),
        "left-process": lambda _: not _process_left(about["stay"]),
        "kill-all": lambda _: world.victim.poll() is None,
    }


def probe(tier: Tier, way: Way | None = None) -> list[Probe]:
    """Start a jail once and return what every attempt in it got.

    Parameters
    ----------
    tier : {"bwrap", "unshare", "landlock"}
    way : {"root", "user"}, optional
        As whom; by default what works here.

    Raises
    ------
    OSError
        When the jail does not start, or what runs in it ends early; the reason is its message.
    """
    way = way or probed(tier).way
    if way is None:
        raise OSError(f"{tier}: {probed(tier).why}")
    with tempfile.TemporaryDirectory(prefix="vsim-") as name, filter_file(tier) as calls:
        folder = Path(name)
        place = Place(folder / "run", inputs=folder / "inputs")
        for path in (place.folder, folder / "inputs", place.folder / "work", place.folder / "scratch"):
            path.mkdir()
        for inputs in (folder / "inputs", place.folder / "work"):
            (inputs / "card.json").write_text("{}", encoding="utf-8")
            (inputs / "card.json").chmod(0o444)
        place.write_people()
        with world(folder, tier in JAILS) as around:
            folders = (WORK, Path(SCRATCH)) if tier in JAILS else (place.folder / "work", place.folder / "scratch")
            argv = [sys.executable, "-I", "-S", jail_inside.__file__, json.dumps(around.about)]
            line = command(tier, way, place, SMALL, argv, environment(*folders), calls)
            done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE, env={},
                                  cwd="/", start_new_session=True, pass_fds=[] if calls is None else [calls],
                                  check=False)
            said = [json.loads(words) for words in done.stdout.decode("utf-8", "replace").splitlines()]
            wanted = jail_inside.attempts(around.about)
            if not said or len(said) < len(wanted):
                raise OSError(f"{tier}: {done.stderr.decode('utf-8', 'replace').strip()[-300:]} ({len(said)} of"
                              f" {len(wanted)} attempts, code {done.returncode})")
            judges = _judges(around, tier)
            return [
                Probe(name, refused if name not in judges or (refused and name not in FROM_OUTSIDE)
                      else judges[name](got), str(got))
                for name, refused, got in said
            ]
