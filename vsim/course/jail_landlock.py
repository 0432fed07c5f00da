"""Landlock: rules by which the kernel itself refuses files, the network and signals to a process and its children.

No right is needed to set them and none can take them back. The kernel is asked first which version it has (ABI); what a
version lacks is left to the walls around: reading and writing of files since 1, moving between folders 2, cutting
files 3, TCP 4, commands to devices 5, signals and abstract sockets of others 6. Only the launcher of a jail uses this,
so nothing here may import more than the standard library. Source: Documentation/userspace-api/landlock.rst of Linux.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from dataclasses import dataclass

from vsim.course.jail_call import RefusedError, number, system

CREATE, ADD, RESTRICT = 444, 445, 446
ASK = 1                                        # flag: tell the version
BENEATH = 1                                    # kind of rule: a file, or a folder with all below
EXECUTE, WRITE, READ, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE = sum(1 << bit for bit in range(4, 13))   # remove and make entries
MOVE, CUT, DEVICE = 1 << 13, 1 << 14, 1 << 15
SINCE = {2: MOVE, 3: CUT, 5: DEVICE}
OF_FILES = EXECUTE | WRITE | READ | CUT | DEVICE
TCP_SINCE, SCOPE_SINCE = 4, 6
TCP, SCOPE = 3, 3                              # bind and connect; abstract sockets and signals


def abi() -> int:
    """Return the version of Landlock that this kernel has; 0 where there is none."""
    try:
        return system(CREATE, None, number(0), ctypes.c_uint(ASK), what="Landlock")
    except RefusedError:
        return 0


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed of files; everything else is refused."""

    read: tuple[str, ...]            # and run
    write: tuple[str, ...]           # read, write, make and remove
    devices: tuple[str, ...] = ()    # read and write, nothing made
    listed: tuple[str, ...] = ()     # entries told: Python looks for packages so


def _files(version: int) -> int:
    """Return all rights of files that a version knows."""
    rights = EXECUTE | WRITE | READ | LIST | MAKE
    for since, more in SINCE.items():
        rights |= more if version >= since else 0
    return rights


def _add(rules: int, path: str, rights: int) -> None:
    """Allow rights on a file, or on a folder and all below it."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return                                 # what is not there needs no rule
    try:
        if not os.path.isdir(path):
            rights &= OF_FILES
        packed = rights.to_bytes(8, "little") + place.to_bytes(4, "little")
        system(ADD, rules, BENEATH, packed, ctypes.c_uint(0), what=f"Landlock: rule for {path}")
    finally:
        os.close(place)


def restrict(allowed: Allowed, version: int) -> None:
    """Put this process under the rules; it must have given up new rights before.

    Raises
    ------
    RefusedError
        When one of the rules could not be set; then none is in force.
    """
    handled = _files(version)
    words = (ctypes.c_uint64 * 3)(handled, TCP if version >= TCP_SINCE else 0, SCOPE if version >= SCOPE_SINCE else 0)
    size = 8 * (3 if version >= SCOPE_SINCE else 2 if version >= TCP_SINCE else 1)
    rules = system(CREATE, words, number(size), ctypes.c_uint(0), what="Landlock")
    try:
        for path in allowed.read:
            _add(rules, path, EXECUTE | READ | LIST)
        for path in allowed.write:
            _add(rules, path, handled & ~(EXECUTE | DEVICE) | EXECUTE)
        for path in allowed.listed:
            _add(rules, path, LIST)
        for path in allowed.devices:
            _add(rules, path, (WRITE | READ | LIST | CUT) & handled)
        system(RESTRICT, rules, ctypes.c_uint(0), what="Landlock")
    finally:
        os.close(rules)


def in_force(version: int, closed: str = "/") -> Iterable[tuple[str, bool]]:
    """Return what was tried to see that the rules hold, and whether they do.

    Parameters
    ----------
    version : int
    closed : str
        A folder that no rule allows to list.
    """
    try:
        os.listdir(closed)
    except PermissionError:
        yield "Landlock's rules of files", True
    else:
        yield "Landlock's rules of files", False
    if version >= TCP_SINCE:
        yield "Landlock's rules of TCP", _tcp_refused()
    if version >= SCOPE_SINCE:
        yield "Landlock's rules of signals", _signal_refused()


def _tcp_refused() -> bool:
    import socket

    try:
        with socket.socket(socket.AF_INET) as one:
            one.connect(("127.0.0.1", 9))
    except PermissionError:
        return True
    except OSError as error:
        return error.errno == 97               # the filter of calls does not even give such a socket
    return False


def _signal_refused() -> bool:
    try:
        os.kill(os.getppid(), 0)
    except (PermissionError, ProcessLookupError):
        return True
    return False
