"""The trusted program that closes a jail around itself and becomes a student's kernel: the way without bubblewrap.

It runs before any student code, in name spaces that `unshare` has just made (tier "unshare") or in none (tier
"landlock"). As the first process of its name space it lays the file systems, then starts a second process which sets
limits, gives up every right, puts itself under Landlock and a filter of calls, looks whether each is in force, and only
then becomes the kernel. The first process stays to see it end; when it ends, the system kills everything in the jail.

Where any step fails nothing is started: it says which step and ends with code 125. It is run by
`python -I -S -c START package order`; the order is JSON, made by `jail_unshare`. Imports stay in the standard library.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO

from vsim.course import jail_filter, jail_landlock, jail_mounts
from vsim.course.jail_call import (
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    bar_capabilities,
    drop_capabilities,
    prctl,
)

NOT_STARTED = 125
LIMITS = {"cpu": resource.RLIMIT_CPU, "as": resource.RLIMIT_AS, "fsize": resource.RLIMIT_FSIZE,
          "nproc": resource.RLIMIT_NPROC, "nofile": resource.RLIMIT_NOFILE, "core": resource.RLIMIT_CORE}
NO_MORE_SPACES = "/proc/sys/user/max_user_namespaces"
NO_RIGHT = "0000000000000000"
SHELL_STOPS = 128                              # code of a process that a signal ended, less the signal


def refuse(why: str) -> NoReturn:
    """Say why no kernel is started, and end."""
    sys.stderr.write(f"jail: {why}\n")
    sys.stderr.flush()
    os._exit(NOT_STARTED)


def _set_limits(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        hard = resource.getrlimit(LIMITS[name])[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(LIMITS[name], (value, value))


def _become(user: int | None) -> None:
    """Take the user of the slot, where this one may, and give up every capability."""
    if user is not None or os.geteuid() == 0:
        bar_capabilities()
    if user is not None and os.getuid() != user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def _stands(order: dict[str, Any], version: int, about: TextIO) -> Iterator[tuple[str, bool]]:
    """Return each wall by its name and whether it stands, as this process itself sees it."""
    with about:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in about if ":\t" in line)
    rights = ("CapInh", "CapPrm", "CapEff", "CapAmb", *(("CapBnd",) if order["mounts"] or os.geteuid() == 0 else ()))
    yield "giving up capabilities", all(status[name] == NO_RIGHT for name in rights)
    yield "no_new_privs", status["NoNewPrivs"] == "1"
    yield "the filter of calls", status["Seccomp"] == "2"
    for name, most in order["limits"].items():
        yield f"the limit of {name}", 0 <= resource.getrlimit(LIMITS[name])[0] <= most
    if order["mounts"]:
        yield "the name space of processes", os.getppid() == 1
        yield "the user of the slot", os.getresuid() == (order["user"],) * 3
        yield "the read-only root", bool(os.statvfs("/").f_flag & os.ST_RDONLY)
        yield "the name space of the network", _only_own_network()
    yield from jail_landlock.in_force(version)


def _only_own_network() -> bool:
    with open("/proc/self/net/dev", encoding="ascii") as file:
        return [line.split(":")[0].strip() for line in file if ":" in line] in ([], ["lo"])


def _allowed(order: dict[str, Any], laid: jail_mounts.Laid | None) -> jail_landlock.Allowed:
    devices = tuple(f"/dev/{name}" for name in jail_mounts.DEVICES)
    if laid is None:
        return jail_landlock.Allowed(tuple(order["read"]), tuple(order["write"]), devices, (_packages(order),))
    return jail_landlock.Allowed((*laid.read, "/dev"), tuple(laid.write), devices, tuple(laid.listed))


def _packages(order: dict[str, Any]) -> str:
    """Make a folder with a link to vsim and nothing else: not even the names beside it are told."""
    folder = os.path.join(order["folder"], "packages")
    os.makedirs(folder, exist_ok=True)
    os.symlink(order["package"], os.path.join(folder, "vsim"))
    order["variables"]["PYTHONPATH"] = folder
    return folder


def _turn_into_kernel(order: dict[str, Any], laid: jail_mounts.Laid | None) -> NoReturn:
    """Close the jail around this process, see that it is closed, and run what was asked for."""
    version = jail_landlock.abi()
    code = jail_filter.program(os.uname().machine, internet=order["mounts"] is not None,
                               leaving=order["mounts"] is not None)
    if version < 1:
        refuse("this kernel has no Landlock")
    if code is None:
        refuse(f"no filter of calls is known for {os.uname().machine}")
    os.chdir(order["work"])
    allowed = _allowed(order, laid)
    _become(order["user"])
    _set_limits(order["limits"])
    about = os.fdopen(os.open("/proc/self/status", os.O_RDONLY), encoding="ascii")    # told when read, not when opened
    jail_landlock.restrict(allowed, version)
    jail_filter.install(code)
    for wall, stands in _stands(order, version, about):
        if not stands:
            refuse(f"{wall} could not be put in force")
    os.execve(order["argv"][0], order["argv"], order["variables"])


def _watch(child: int) -> NoReturn:
    """Stay the first process: take in what has ended, and end with the kernel and as it did."""
    drop_capabilities()
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else SHELL_STOPS - code)


def main(text: str) -> NoReturn:
    """Carry out an order."""
    order: dict[str, Any] = json.loads(text)
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if order["mounts"] is None:
            _turn_into_kernel(order, None)
        if os.getpid() != 1:
            refuse("this is not the first process of a name space")
        laid = jail_mounts.lay(order["mounts"], order["folder"])
        import socket

        socket.sethostname("jail")
        if order["spaces"]:
            with open(NO_MORE_SPACES, "w", encoding="ascii") as file:
                file.write("0")
        jail_mounts.close(laid)
        prctl(PR_SET_DUMPABLE, 0)
        child = os.fork()
        if child == 0:
            _turn_into_kernel(order, laid)
        _watch(child)
    except Exception as error:      # noqa: BLE001 - whatever it is, no kernel is started
        refuse(str(error) or type(error).__name__)
