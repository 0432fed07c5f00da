"""Calls of the Linux kernel that Python has no word for, by ctypes, and what a refused one says.

Only the launcher of a jail uses them (`jail_start`), so nothing here may import more than the standard library.
"""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 4, 24, 38, 47
CLEAR_ALL = 4                                # of PR_CAP_AMBIENT
CAPABILITY_VERSION = 0x20080522
MOUNT_SETATTR = 442                          # the newer calls have one number on every machine
RECURSIVE = 0x8000
LAST_CAPABILITY = "/proc/sys/kernel/cap_last_cap"


class RefusedError(OSError):
    """The kernel did not do what was asked."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(number, f"{what}: {os.strerror(number)}")

    def __str__(self) -> str:
        return str(self.args[1])


def call(name: str, *arguments: object, what: str = "") -> int:
    """Call a function of the C library and return what it gave.

    Raises
    ------
    RefusedError
        When it gave a negative number.
    """
    ctypes.set_errno(0)
    given = int(getattr(_LIBC, name)(*arguments))
    if given < 0:
        raise RefusedError(what or name, ctypes.get_errno())
    return given


def number(value: int) -> ctypes.c_ulong:
    """Return a whole number as wide as a register, which functions with any number of arguments want."""
    return ctypes.c_ulong(value)


def system(which: int, *arguments: object, what: str) -> int:
    """Make a system call by its number, and return what it gave."""
    return call("syscall", ctypes.c_long(which), *arguments, what=what)


def prctl(option: int, *arguments: int) -> int:
    """Change or ask something of this process."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return call("prctl", option, *map(number, padded), what=f"prctl {option}")


def bar_capabilities() -> None:
    """See to it that nothing this process ever starts gets a capability again; its own stay."""
    prctl(PR_CAP_AMBIENT, CLEAR_ALL)
    with open(LAST_CAPABILITY, encoding="ascii") as file:
        last = int(file.read())
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)


def drop_capabilities() -> None:
    """Give up the capabilities that this process can use or hand on."""
    head = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    call("capset", head, (ctypes.c_uint32 * 6)(), what="capset")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount a file system, or bind a file or folder to a second place."""
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind)]
    call("mount", *words, number(flags), os.fsencode(options) if options else None, what=f"mount {target}")


def set_attributes(target: str, attributes: int, *, below: bool) -> None:
    """Give a mount, and perhaps all below it, further attributes: read-only, no devices, no set-user-id."""
    wanted = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    system(MOUNT_SETATTR, -100, os.fsencode(target), ctypes.c_uint(RECURSIVE if below else 0), wanted,
           number(ctypes.sizeof(wanted)), what=f"mount_setattr {target}")
