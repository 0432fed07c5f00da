"""The file systems of a jail made by hand, from the same words that bubblewrap is given.

`jail_command.mounts` says what is laid over an empty root, in bubblewrap's own options. Here they are read one by one
inside fresh name spaces: a small file system in memory becomes the root, the machine's own root lies in /.old while
what is shown is bound from there, and then it is taken away. Nothing here may import more than the standard library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vsim.course.jail_call import call, mount, set_attributes

OLD = "/.old"
NO_SUID, NO_DEVICES, NO_PROGRAMS, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
DETACH = 2
READ_ONLY = 1                                  # attributes of mount_setattr: the same bits as the flags
DEVICES = ("null", "zero", "full", "random", "urandom")
STREAMS = (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2"))
ENTRIES = 200_000                              # files and folders of one file system in memory
ROOT_SIZE = 4 * 2**20
OPTIONS = {"--perms": 1, "--size": 1, "--tmpfs": 1, "--dir": 1, "--proc": 1, "--dev": 1, "--remount-ro": 1,
           "--chdir": 1, "--ro-bind": 2, "--symlink": 2}


@dataclass(slots=True)
class Laid:
    """What was laid, for the rules that follow, and what is still to be closed."""

    read: list[str] = field(default_factory=list)
    write: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)          # folders that hold what is shown, and nothing else
    closing: list[str] = field(default_factory=list)
    folder: str = "/"


def words(options: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Return the options one by one, each with its arguments.

    Raises
    ------
    ValueError
        When an option is not known here: it may say what the jail must not do without.
    """
    at = 0
    while at < len(options):
        name = options[at]
        if name not in OPTIONS:
            raise ValueError(f"option '{name}' is not known; allowed {', '.join(OPTIONS)}")
        take = OPTIONS[name]
        yield name, list(options[at + 1:at + 1 + take])
        at += 1 + take


def _own_root(folder: str) -> None:
    """Make a small file system in memory the root; the machine's own lies in /.old."""
    mount("none", "/", None, RECURSIVE | PRIVATE)
    mount("jail", folder, "tmpfs", NO_SUID | NO_DEVICES, f"size={ROOT_SIZE},nr_inodes={ENTRIES},mode=755")
    os.mkdir(folder + OLD)
    os.chdir(folder)
    call("pivot_root", b".", OLD[1:].encode(), what="pivot_root")
    os.chdir("/")


def _file_or_folder(target: str, source: str) -> None:
    """Make what a file or folder can be bound to, and the folders that hold it."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if not os.path.lexists(target):
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o444))


def _bind(source: str, target: str) -> None:
    """Show a file or folder of the machine, read-only, with all that is mounted below it."""
    _file_or_folder(target, OLD + source)
    mount(OLD + source, target, None, BIND | RECURSIVE)
    set_attributes(target, READ_ONLY | NO_SUID | NO_DEVICES, below=True)


def _devices(folder: str) -> None:
    """Show the devices that any program may want, and no terminal."""
    os.makedirs(folder, exist_ok=True)
    mount("dev", folder, "tmpfs", NO_SUID, f"size={ROOT_SIZE},nr_inodes=64,mode=755")
    for name in DEVICES:
        _file_or_folder(f"{folder}/{name}", f"{OLD}/dev/{name}")
        mount(f"{OLD}/dev/{name}", f"{folder}/{name}", None, BIND)
    for name, target in STREAMS:
        os.symlink(target, f"{folder}/{name}")
    os.mkdir(f"{folder}/shm")


def _in_memory(folder: str, size: str, mode: str) -> None:
    os.makedirs(folder, exist_ok=True)
    mount("memory", folder, "tmpfs", NO_SUID | NO_DEVICES, f"size={size},nr_inodes={ENTRIES},mode={mode}")


def lay(options: Sequence[str], folder: str) -> Laid:
    """Lay everything, leave the machine's own root, and return what was laid.

    Parameters
    ----------
    options : sequence of str
        Options of bubblewrap, as `jail_command.mounts` gives them.
    folder : str
        A folder of the machine that the new root may be mounted on.
    """
    os.umask(0o022)
    _own_root(folder)
    out, given = Laid(), {"--perms": "755", "--size": str(ROOT_SIZE)}
    for name, arguments in words(options):
        if name in given:
            given[name] = arguments[0]
        elif name == "--tmpfs":
            _in_memory(arguments[0], given["--size"], given["--perms"])
            out.write.append(arguments[0])
        elif name == "--dir":
            if not os.path.isdir(arguments[0]):
                os.makedirs(arguments[0])
                os.chmod(arguments[0], int(given["--perms"], 8))
            out.listed.append(arguments[0])
        elif name == "--ro-bind":
            _bind(*arguments)
            out.read.append(arguments[1])
        elif name == "--symlink":
            os.symlink(arguments[0], arguments[1])
        elif name == "--proc":
            os.makedirs(arguments[0], exist_ok=True)
            mount("proc", arguments[0], "proc", NO_SUID | NO_DEVICES | NO_PROGRAMS, "hidepid=2")
            out.read.append(arguments[0])
        elif name == "--dev":
            _devices(arguments[0])
        elif name == "--remount-ro":
            out.closing.append(arguments[0])
        else:
            out.folder = arguments[0]
    call("umount2", OLD.encode(), DETACH, what="umount")
    os.rmdir(OLD)
    return out


def close(laid: Laid) -> None:
    """Make read-only what nothing may be written to any more: the root, /dev with its entries, and /proc."""
    for path in ("/proc", *laid.closing):
        set_attributes(path, READ_ONLY | NO_SUID, below=False)
