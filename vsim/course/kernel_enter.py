"""How a forked kernel gets a jail of its own: the calls of Linux that bubblewrap makes for a program that is started.

All of this happens inside a jail that bubblewrap has built: the files, the network and the processes of the machine
are out of sight before anything here runs. What is added for each notebook is what two notebooks must not share: new
processes, a new network, new shared memory, new empty folders, and a user without rights.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import socket
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

NEWNS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x08000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
DETACH = 2
SET_DUMPABLE, CAPBSET_DROP, NO_NEW_PRIVS, CAP_AMBIENT, AMBIENT_CLEAR_ALL = 4, 24, 38, 47, 4
CAP_VERSION = 0x20080522
MOST_CAPS = 64
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1             # of a network interface
COVERED = ("sys", "sysrq-trigger", "irq", "bus")         # of /proc, as bubblewrap covers them
LIBC = ctypes.CDLL(None, use_errno=True)


def _done(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount something.

    Raises
    ------
    OSError
        As for the other calls here: when Linux refuses.
    """
    words = [text.encode() for text in (source, target, kind)]
    _done(LIBC.mount(*words, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def control(option: int, value: int, what: str, third: int = 0) -> None:
    """Call prctl."""
    _done(LIBC.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(third), 0, 0), what)


def out_of_reach() -> None:
    """Let no other process look into this one, and give it no right that it has not."""
    control(SET_DUMPABLE, 0, "dumpable")
    control(NO_NEW_PRIVS, 1, "no new privileges")


def processes_apart(own: int) -> None:
    """Let the next child be the first process of a new world of processes; `own` is the world that one is in."""
    _done(LIBC.setns(own, NEWPID), "setns")
    _done(LIBC.unshare(NEWPID), "unshare")


def world_apart() -> None:
    """Take a view of files, a network with nobody in it, and shared memory of one's own."""
    _done(LIBC.unshare(NEWNS | NEWNET | NEWIPC), "unshare")
    mount("none", "/", "none", REC | PRIVATE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        name = struct.pack("16sh", b"lo", 0)
        _, flags = struct.unpack("16sh", fcntl.ioctl(one, GET_FLAGS, name))
        fcntl.ioctl(one, SET_FLAGS, struct.pack("16sh", b"lo", flags | UP))


def own_processes() -> None:
    """Show in /proc the processes of this world and no other."""
    mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
    for name in COVERED:
        place = f"/proc/{name}"
        if os.path.exists(place) and os.access(place, os.W_OK):
            mount(place, place, "none", BIND | REC)
            mount("none", place, "none", BIND | REMOUNT | RDONLY | NOSUID | NODEV | NOEXEC)


def empty(place: str, size: int) -> None:
    """Lay an empty folder of a limited size over a place; folders that were there before are there, and empty."""
    before = [path for path in sorted(Path(place).rglob("*")) if path.is_dir() and not path.is_symlink()]
    mount("tmpfs", place, "tmpfs", NOSUID | NODEV, f"mode=1777,size={size}")
    for path in before:
        path.mkdir()
        path.chmod(0o1777)


def show(source: Path, target: Path) -> None:
    """Show a file or folder at another place; it is read-only there as it is where it comes from."""
    for parent in reversed(target.parents):
        if not parent.exists():
            parent.mkdir()
            parent.chmod(0o1777)
    if source.is_dir():
        target.mkdir(mode=0o755, exist_ok=True)
    elif not target.exists():
        target.touch(mode=0o644)
    mount(str(source), str(target), "none", BIND | REC)


def hide(place: str) -> None:
    """Take a mount away from this view of files."""
    _done(LIBC.umount2(place.encode(), DETACH), f"umount {place}")


def limit(limits: Mapping[str, int]) -> None:
    """Set limits, soft and hard, by the names of `resource`."""
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def drop(user: int) -> None:
    """Become a user without a single right, for good.

    Raises
    ------
    OSError
        When anything of it is refused, or a right is left.
    """
    control(CAP_AMBIENT, AMBIENT_CLEAR_ALL, "ambient")
    for number in range(MOST_CAPS):
        if LIBC.prctl(CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0) != 0:
            break                                            # this Linux has no more of them
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    nothing = (ctypes.c_uint32 * 6)()
    _done(LIBC.capset((ctypes.c_uint32 * 2)(CAP_VERSION, 0), nothing), "capset")
    control(NO_NEW_PRIVS, 1, "no new privileges")
    left = [line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            if line.startswith("Cap") and int(line.split()[1], 16)]
    if left or user == 0 or os.getresuid() != (user,) * 3 or os.getgroups():
        raise OSError(f"rights are left: {left}")


def close_all_but(kept: Iterable[int]) -> None:
    """Close every open file of this process but some."""
    at = 0
    for number in sorted(kept):
        if at < number:                                      # an empty range would be every file to Python 3.11
            os.closerange(at, number)
        at = number + 1
    os.closerange(at, max(at + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
