"""The filter of system calls (seccomp) of student code: what no notebook needs and the kernel's worst holes were in.

A program in the kernel's own little language (classic BPF) looks at the number of each call and at some arguments.
Refused are name spaces and mounts of one's own, keys, io_uring, bpf, performance counters, looking into other
processes, modules, and words put into another's terminal; sockets are local ones or, in a jail with a network of its
own, internet ones as well. The families left out cross the borders of a network name space (vsock reaches the machine
below a virtual one) or are full of holes. Numbers of calls are those of linux/arch/x86/entry/syscalls/syscall_64.tbl
and include/uapi/asm-generic/unistd.h. Nothing here may import more than the standard library.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterable

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
X32 = 0x40000000                               # calls of a second table that x86_64 has
REFUSED = {                                    # name: number on x86_64, number on aarch64
    "acct": (163, 89), "add_key": (248, 217), "bpf": (321, 280), "chroot": (161, 51), "clock_settime": (227, 112),
    "delete_module": (176, 106), "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fsopen": (430, 430), "fspick": (433, 433), "init_module": (175, 105),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219), "mount": (165, 40),
    "mount_setattr": (442, 442), "move_mount": (429, 429), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "open_tree": (428, 428), "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438), "pivot_root": (155, 41), "process_madvise": (440, 440),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60),
    "reboot": (169, 142), "request_key": (249, 218), "setns": (308, 268), "settimeofday": (164, 170),
    "swapoff": (168, 225), "swapon": (167, 224), "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
LEAVING = {"setpgid": (109, 154), "setsid": (112, 157)}     # ways out of the group that is killed with a kernel
CLONE, CLONE3, SOCKET, IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)
NAMESPACES = 0x7E020000                        # flags of clone that make a name space
TERMINAL = (0x5412, 0x541C)                    # TIOCSTI, TIOCLINUX
LOCAL, INTERNET = (1, 16), (2, 10)             # families of sockets; the second local one tells of interfaces

LOAD, EQUAL, AT_LEAST, ANY_OF, GIVE = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24          # places in what the kernel shows of a call


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _when(number: int, body: list[bytes]) -> list[bytes]:
    """Return steps that are taken for one call only; every body ends in an answer or loads the number again."""
    return [_step(EQUAL, number, 0, len(body)), *body]


def _fail(number: int = errno.EPERM) -> bytes:
    return _step(GIVE, FAIL | number)


def _argument_in(place: int, values: Iterable[int], *, refused: bool, number: int = errno.EPERM) -> list[bytes]:
    """Return a body that refuses an argument which is among the values, or one which is not."""
    listed, other = (_fail(number), _step(GIVE, ALLOW)) if refused else (_step(GIVE, ALLOW), _fail(number))
    out = [_step(LOAD, place)]
    for value in values:
        out += [_step(EQUAL, value, 0, 1), listed]
    return [*out, other]


def program(machine: str, *, internet: bool = True, leaving: bool = True) -> bytes | None:
    """Return the filter as the kernel reads it, or None for a kind of machine whose numbers are not known here.

    Parameters
    ----------
    machine : str
        "x86_64" or "aarch64".
    internet : bool
        Whether sockets of the internet may be made: where the network itself is cut off they lead nowhere.
    leaving : bool
        Whether a process may leave the group it was started in.
    """
    if machine not in ARCHITECTURES:
        return None
    architecture, column = ARCHITECTURES[machine]
    families = LOCAL + (INTERNET if internet else ())
    out = [_step(LOAD, ARCHITECTURE), _step(EQUAL, architecture, 1, 0), _step(GIVE, KILL), _step(LOAD, NUMBER)]
    if column == 0:
        out += [_step(AT_LEAST, X32, 0, 1), _fail()]
    for numbers in (*REFUSED.values(), *(() if leaving else LEAVING.values())):
        out += _when(numbers[column], [_fail()])
    out += _when(CLONE3[column], [_fail(errno.ENOSYS)])      # its flags lie in memory; the C library takes clone then
    out += _when(CLONE[column], [_step(LOAD, FIRST), _step(ANY_OF, NAMESPACES, 0, 1), _fail(), _step(GIVE, ALLOW)])
    out += _when(SOCKET[column], _argument_in(FIRST, families, refused=False, number=errno.EAFNOSUPPORT))
    out += _when(IOCTL[column], _argument_in(SECOND, TERMINAL, refused=True))
    return b"".join([*out, _step(GIVE, ALLOW)])


def handed(code: bytes) -> int:
    """Return an open file that holds a filter, as bubblewrap wants it; the caller closes it."""
    file = os.memfd_create("filter", 0)
    os.write(file, code)
    os.lseek(file, 0, os.SEEK_SET)
    return file


def install(code: bytes) -> None:
    """Put this process and all that it starts under a filter, for good; new rights must have been given up before."""
    import ctypes

    from vsim.course.jail_call import call, number

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    filled = Program(len(code) // 8, code)
    call("prctl", 22, number(2), ctypes.byref(filled), number(0), number(0), what="seccomp")
