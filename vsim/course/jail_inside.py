"""What a hostile notebook would try, tried inside a jail: a program that prints a line of JSON for each attempt.

It stands for the learner, so it is run in the jail like a kernel, by the plain Python, and knows nothing of vsim. An
attempt that raises was refused; of one that does not, what it got is told, and `jail_probes` outside judges it. Run it
nowhere else: what it tries is meant. The first argument is JSON: what the machine outside has that is worth reaching.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

MIB = 2**20
NEW_USER, CHILD_SIGNAL = 0x10000000, 17
PUSH = 0x5412                                  # TIOCSTI: put a letter into a terminal's input
SHARED = 0o1666                                # make a System V segment that everybody may use
LIBC = ctypes.CDLL(None, use_errno=True)
Try = Callable[[], Any]


def call(name: str, *arguments: Any) -> int:
    """Call the C library; an error is raised."""
    ctypes.set_errno(0)
    given = int(getattr(LIBC, name)(*arguments))
    if given < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return given


def connect(family: int, kind: int, address: Any, words: bytes = b"") -> str:
    """Reach somebody, and say something where words are given."""
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        if words:
            one.sendto(words, address)
        else:
            one.connect(address)
    return "reached"


def write(path: str) -> str:
    """Write a file that is not there yet, and take it away again."""
    with open(path, "x", encoding="ascii") as file:
        file.write("x")
    os.remove(path)
    return "written"


def fill(folder: str, most: int) -> int:
    """Write files of a MiB until it is refused or there are so many; return how many there were."""
    done, names = 0, []
    try:
        while done < most:
            names.append(os.path.join(folder, f"fill-{done}"))
            with open(names[-1], "wb") as file:
                file.write(b"x" * MIB)
            done += 1
    except OSError:
        pass
    for name in names:
        if os.path.exists(name):
            os.remove(name)
    return done


def large(size: int) -> int:
    """Write one file; return its size."""
    try:
        with open("large", "wb") as file:
            for _ in range(size // MIB):
                file.write(b"x" * MIB)
                file.flush()
    except OSError:
        pass
    size = os.path.getsize("large")
    os.remove("large")
    return size


def forks(most: int) -> int:
    """Start processes that wait, until it is refused or there are so many; return how many there were."""
    pids: list[int] = []
    try:
        while len(pids) < most:
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            pids.append(pid)
    except OSError:
        pass
    for pid in pids:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    return len(pids)


def opened(most: int) -> int:
    """Open files until it is refused; return how many."""
    files: list[int] = []
    try:
        while len(files) < most:
            files.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        pass
    for file in files:
        os.close(file)
    return len(files)


def clone_user() -> int:
    """Start a process in a user name space of its own."""
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    pid = call("syscall", number, NEW_USER | CHILD_SIGNAL, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)[0]


def seen_commands(mark: str) -> bool:
    """Return whether a process can be seen whose command has a mark backwards, as no command of ours has it."""
    for name in os.listdir("/proc"):
        with suppress(OSError):
            if name.isdigit() and mark[::-1].encode() in Path("/proc", name, "cmdline").read_bytes():
                return True
    return False


def stay(mark: str) -> str:
    """Start a process that leaves session and parent, to be there when everything else has ended."""
    if os.fork() == 0:
        try:
            os.setsid()
            if os.fork() == 0:
                for number in (0, 1, 2):                   # else whoever reads our words waits for it
                    os.close(number)
                os.execv("/bin/sh", ["sh", "-c", f"sleep {mark}; :"])
        finally:
            os._exit(0)
    os.wait()
    return "started"


def rights() -> list[int]:
    """Return the capabilities in use, permitted and to be handed on, those that may ever come, and no_new_privs."""
    words = (ctypes.c_uint32 * 6)()
    call("capget", (ctypes.c_uint32 * 2)(0x20080522, 0), words)
    return [*words, sum(LIBC.prctl(23, bit, 0, 0, 0) == 1 for bit in range(64)), call("prctl", 39, 0, 0, 0, 0)]


def there(most: int) -> list[int]:
    """Return the open files of this process."""
    found = []
    for number in range(most):
        with suppress(OSError):
            os.fstat(number)
            found.append(number)
    return found


def append(path: str) -> str:
    """Write to the end of a file."""
    with open(path, "a", encoding="ascii") as file:
        file.write("x")
    return "written"


def attempts(about: dict[str, Any]) -> dict[str, Try]:
    """Return every attempt by its name, in the order in which they are to be made."""
    course, calls = about["course"], about["calls"]

    def read(path: str) -> Try:
        return lambda: Path(path).read_text(encoding="utf-8")[:40]

    def syscall(name: str) -> Try:
        return lambda: call("syscall", calls[name], *map(ctypes.c_ulong, (0,) * 6))

    stream, letters = socket.SOCK_STREAM, socket.SOCK_DGRAM
    return {
        "tcp-host": lambda: connect(socket.AF_INET, stream, ("127.0.0.1", about["tcp"])),
        "tcp-out": lambda: connect(socket.AF_INET, stream, ("192.0.2.1", 9)),
        "udp-host": lambda: connect(socket.AF_INET, letters, ("127.0.0.1", about["udp"]), b"x"),
        "udp-out": lambda: connect(socket.AF_INET, letters, ("192.0.2.1", 9), b"x"),
        "socket-abstract": lambda: connect(socket.AF_UNIX, stream, "\0" + about["abstract"]),
        "socket-path": lambda: connect(socket.AF_UNIX, stream, about["socket"]),
        "vsock": lambda: socket.socket(40, stream).close(),
        "packet": lambda: socket.socket(17, socket.SOCK_RAW).close(),
        "read-gradebook": read(f"{course}/gradebook.db"),
        "read-key": read(f"{course}/secret.key"),
        "read-others": read(f"{course}/submitted/ben/unit.ipynb"),
        "read-shadow": read("/etc/shadow"),
        "read-people": lambda: Path("/etc/passwd").read_text(encoding="utf-8").count("\n"),
        "read-home": lambda: sorted(os.listdir(about["home"])),
        "read-host-process": lambda: Path(f"/proc/{about['host']}/environ").read_bytes().count(b"PLANTED"),
        "environment": lambda: "PLANTED_SECRET" in os.environ,
        "files-inherited": lambda: there(1024),
        "write-packages": lambda: write(os.path.join(os.path.dirname(json.__file__), "x.py")),
        "write-vsim": lambda: write(os.path.join(os.path.dirname(__file__), "x.py")),
        "write-system": lambda: write("/usr/x"),
        "write-root": lambda: write("/x"),
        "write-devices": lambda: write("/dev/x"),
        "write-course": lambda: write(f"{course}/x"),
        "write-input": lambda: append("card.json"),
        "remove-input": lambda: os.remove("card.json"),
        "write-settings": lambda: append("/proc/sys/kernel/hostname"),
        "disk": lambda: fill(".", about["disk"]),
        "disk-temporary": lambda: fill(os.environ["TMPDIR"], about["disk"]),
        "file-size": lambda: large(about["file"]),
        "memory": lambda: len(bytearray(about["memory"])),
        "forks": lambda: forks(about["forks"]),
        "files-open": lambda: opened(about["files"]),
        "see-processes": lambda: seen_commands(about["mark"]),
        "kill-host": lambda: os.kill(about["host"], 9),
        "kill-first": lambda: os.kill(1, 0),
        "memory-parent": lambda: open(f"/proc/{os.getppid()}/mem", "r+b").close(),
        "ptrace-parent": lambda: call("ptrace", 16, os.getppid(), 0, 0),
        "process-vm": syscall("process_vm_readv"),
        "rights": rights,
        "filter": lambda: call("prctl", 21, 0, 0, 0, 0),
        "user": lambda: [os.getuid(), os.geteuid(), os.getgid(), 0 in os.getgroups()],
        "setuid": lambda: os.setuid(0 if os.getuid() else 1),
        "spaces": lambda: {name: os.readlink(f"/proc/self/ns/{name}") for name in about["spaces"]},
        "unshare-user": lambda: call("unshare", NEW_USER),
        "clone-user": clone_user,
        "setns": lambda: call("setns", os.open("/proc/self/ns/mnt", os.O_RDONLY), 0),
        "mount": lambda: call("mount", b"x", b"/tmp", b"tmpfs", 0, None),
        "chroot": lambda: os.chroot("."),
        "device": lambda: os.mknod("disk-device", 0o60600, os.makedev(8, 0)),
        "hostname": lambda: socket.sethostname("owned"),
        "clock": lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()),
        "terminal": lambda: os.close(os.open("/dev/tty", os.O_RDWR)),
        "terminal-push": lambda: fcntl.ioctl(0, PUSH, b"x"),
        **{f"call-{name}": syscall(name) for name in ("keyctl", "bpf", "io_uring_setup", "perf_event_open",
                                                      "userfaultfd", "open_by_handle_at")},
        **({"kill-all": lambda: os.kill(-1, 9)} if about["kill_all"] else {}),
        "left-file": lambda: Path("/tmp", about["left"]).write_text("x", encoding="ascii"),
        "left-segment": lambda: call("shmget", about["segment"], 4096, SHARED),
        "left-process": lambda: stay(about["stay"]),
    }


def main() -> None:
    """Try everything once."""
    for name, attempt in attempts(json.loads(sys.argv[1])).items():
        try:
            got, refused = attempt(), False
        except (OSError, MemoryError, AttributeError) as error:
            got, refused = f"{type(error).__name__}: {error}", True
        sys.stdout.write(json.dumps([name, refused, got]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
