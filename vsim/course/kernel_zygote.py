"""The trusted program in a worker's jail: it imports once what every notebook imports, and forks a kernel for each.

It never runs and never reads what a learner wrote. For each notebook one byte and some open files arrive; what is asked
is read by the child, so nothing of one notebook is in the memory that the next one gets. The child is the first process
of a world of its own: when it ends, Linux ends all that was started in it. It builds the notebook's jail, forks the
kernel, which has a user without rights, and waits. Its pidfd goes out: who grades can end it at any time.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from vsim.course import jail_filter, kernel_enter, kernel_main
from vsim.course.jail_command import KERNEL_FILE, SCRATCH, SHM, WORK

CONTROL = "VSIM_ZYGOTE"                # number of the handed-in socket on which requests arrive
STAGE = "/run/vsim-stage"              # a folder outside, read-only: the inputs of the notebook that is to run
KEPT = "/run/vsim-kept"
FILES = 7                              # handed in for each notebook: the request, what it says, five sockets
KEEPER = 1_000                         # a jail's first process has the learner's user plus this
READY = b"ready"
FAILED = 70
WANTED = (
    "zmq", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "jupyter_client.session",
    "IPython.core.completerlib", "IPython.core.magics", "IPython.core.pylabtools", "jedi", "numpy", "pandas",
    "pandas.io.formats.style", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "vsim", "vsim.course.desk",
)


def preload() -> None:
    """Import what notebooks import; what is not installed is left to the notebook."""
    sys.modules["debugpy"] = None      # type: ignore[assignment]
    for name in WANTED:
        try:
            import_module(name)
        except ImportError:
            continue


def main() -> None:
    """Serve until the other end of the socket is closed."""
    os.umask(0o022)
    control = socket.socket(fileno=int(os.environ.pop(CONTROL)))
    kernel_enter.out_of_reach()
    preload()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:                   # a fork copies one thread only, and locks that others hold for ever
        control.send(f"an import has started {threads - 1} threads".encode())
        return
    own = os.open("/proc/self/ns/pid", os.O_RDONLY)
    gc.collect()
    gc.freeze()
    control.send(READY)
    while True:
        word, files, _, _ = socket.recv_fds(control, 1, FILES)
        if not word:
            return
        while _reaped():
            pass
        try:
            kernel_enter.processes_apart(own)
            child = os.fork()
        except OSError as error:
            control.send(str(error).encode())
        else:
            if child == 0:
                _keep(files)
            pid_file = os.pidfd_open(child)
            socket.send_fds(control, [READY], [pid_file])
            os.close(pid_file)
        for number in files:
            os.close(number)


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _keep(files: list[int]) -> NoReturn:
    """Build the jail, start the kernel in it, and end when it ends; everything else in here ends with that."""
    status = FAILED
    try:
        kernel_enter.close_all_but(files)
        asked, said, *sockets = files
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(said, 1)
        os.dup2(said, 2)
        with socket.socket(fileno=asked) as line, line.makefile("rb") as text:
            request = json.loads(text.read())
        signal.signal(signal.SIGALRM, lambda *_: os._exit(FAILED))
        signal.alarm(request["seconds"])
        os.setsid()
        build(request)
        kernel = os.fork()
        if kernel == 0:
            _become_kernel(request, sockets)
        kernel_enter.close_all_but([])
        kernel_enter.drop(request["user"] + KEEPER)
        ended = 0
        while ended != kernel:
            ended, status = os.wait()
    except BaseException as error:     # noqa: BLE001 - the last word before the end
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def build(request: Mapping[str, Any]) -> None:
    """Lay empty folders over what could be written, show the inputs, and put everything else out of sight."""
    kernel_enter.world_apart()
    kernel_enter.own_processes()
    for place, size in ((SCRATCH, request["disk"]), ("/dev/shm", SHM), (str(WORK), request["disk"])):
        kernel_enter.empty(place, size)
    stage = Path(STAGE, request["stage"])
    shown = [(path, WORK / path.name) for path in sorted((stage / "inputs").iterdir()) if not path.is_symlink()]
    shown.append((stage / KERNEL_FILE.name, KERNEL_FILE))
    shown += [(Path(source), Path(target)) for target, source in request["kept"].items()]
    for source, target in shown:
        kernel_enter.show(source, target)
    kernel_enter.hide(STAGE)
    os.chdir(WORK)


def _become_kernel(request: Mapping[str, Any], sockets: list[int]) -> NoReturn:
    """Take the limits and the learner's user, forget what the trusted program was, and be a kernel."""
    signal.alarm(0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    kernel_enter.close_all_but([0, 1, 2, *sockets])
    kernel_enter.limit(request["limits"])
    kernel_enter.drop(request["user"])
    kernel_enter.control(kernel_enter.SET_DUMPABLE, 1, "dumpable")       # as after a start: /proc/self is its own
    code = jail_filter.program(os.uname().machine)
    if code is not None:
        jail_filter.install(code)
    os.environ.clear()
    os.environ.update(request["environment"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()                               # else all have the numbers of the first
    sys.argv = [kernel_main.__file__, *kernel_main.OPTIONS, str(KERNEL_FILE)]
    try:
        kernel_main.serve(sockets)
    except BaseException:              # noqa: BLE001 - as an interpreter would
        traceback.print_exc(file=sys.__stderr__)
    finally:
        atexit._run_exitfuncs()
        os._exit(0)


if __name__ == "__main__":
    main()
