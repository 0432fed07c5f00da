"""The program that runs inside a jail: an IPython kernel on sockets that were opened outside and handed in.

The sockets lie in a folder that the jail cannot see, so student code can neither fill that folder nor put a link in the
place of a socket. VSIM_SOCKETS names the handed-in sockets; it is taken out of the environment before anything runs.
Started as a file, with -P, so it finds IPython and nothing of vsim; nothing may be imported from vsim here.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import Any

LONGEST = 400_000                   # characters of one message of a stream; more becomes several messages
COMPILED = "VSIM_COMPILED"          # a folder of compiled kernels, copied to VSIM_CACHE: numba wants to write there
VARIABLE = "VSIM_SOCKETS"           # five numbers: shell, iopub, stdin, heartbeat, control, as in `kernel_launch`
OPTIONS = ("--HistoryManager.hist_file=:memory:", "-f")      # then the file that tells of the sockets


def main() -> None:
    """Start the kernel on the sockets that the environment names."""
    serve([int(number) for number in os.environ.pop(VARIABLE).split(",")])


def serve(handed_in: Sequence[int]) -> None:
    """Start the kernel, without a debugger and without a heartbeat: the process outside is watched instead."""
    compiled = os.environ.pop(COMPILED, "")
    if compiled and not os.path.exists(os.environ["VSIM_CACHE"]):
        shutil.copytree(compiled, os.environ["VSIM_CACHE"])
    sys.modules["debugpy"] = None   # type: ignore[assignment]
    import zmq
    from ipykernel.kernelapp import IPKernelApp
    from jupyter_client.session import Session

    class ShortMessages(Session):
        """Cut what is printed into pieces that the line takes; a longer message would close it."""

        def send(self, stream: Any, msg_or_type: Any, *args: Any, **named: Any) -> Any:
            content = msg_or_type.get("content") if isinstance(msg_or_type, dict) else None
            if isinstance(content, dict) and isinstance(content.get("text"), str):
                words, parent = content["text"], msg_or_type["parent_header"]
                while len(words) > LONGEST:
                    piece = self.msg("stream", {**content, "text": words[:LONGEST]}, parent=parent)
                    super().send(stream, piece, *args, **named)
                    words = words[LONGEST:]
                msg_or_type = {**msg_or_type, "content": {**content, "text": words}}
            return super().send(stream, msg_or_type, *args, **named)

    class JailedKernel(IPKernelApp):  # type: ignore[misc, unused-ignore]
        def _try_bind_socket(self, socket: Any, port: int) -> int:
            socket.setsockopt(zmq.USE_FD, handed_in[port - 1])
            socket.bind(f"ipc://{self.ip}-{port}")
            return port

        def _session_default(self) -> Session:
            return ShortMessages(parent=self)

        def init_heartbeat(self) -> None:
            os.close(handed_in[3])

    JailedKernel.launch_instance()


if __name__ == "__main__":
    main()
