"""The line to a kernel: requests go out, messages come in, and nothing that comes in is believed.

A message is taken apart here, not by Jupyter's session, since the process at the other end may write what it likes:
parts without end, numbers of a million digits, lists in lists in lists. What cannot be read is dropped. The signature
is checked although the kernel knows the key: without a jail another process of the machine could be at the other end.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import zmq

DELIMITER = b"<IDS|MSG>"
MOST_PARTS = 64
MOST_HEADER = 2**16
AT_ONCE = 200               # messages taken before the clocks are looked at again
MOST_WAITING = 100          # messages of a socket that wait to be taken
EMPTY = b"{}"


@dataclass(frozen=True, slots=True)
class Message:
    """One readable message of a kernel."""

    channel: str
    kind: str
    parent: str                   # the request that it belongs to
    content: bytes                # JSON, read only by whoever wants it


def no_number(name: str) -> float:
    """Refuse what JSON does not have: NaN and the infinities."""
    raise ValueError(f"{name} is no JSON")


def read_json(raw: bytes) -> dict[str, Any] | None:
    """Return a JSON object, or None for anything else, however it is built."""
    try:
        found = json.loads(raw.decode("utf-8", "replace"), parse_constant=no_number)
    except (ValueError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, dict) else None


def signature(key: bytes, parts: list[bytes]) -> bytes:
    """Return the signature of the four parts of a message."""
    return hmac.digest(key, b"".join(parts), "sha256").hex().encode("ascii")


def take_apart(channel: str, parts: list[bytes], key: bytes) -> Message | None:
    """Return a message from its parts, or None when it is not one."""
    if DELIMITER not in parts[:4] or len(parts) > MOST_PARTS:
        return None
    parts = parts[parts.index(DELIMITER) + 1 :]
    if len(parts) < 5 or max(len(parts[1]), len(parts[2])) > MOST_HEADER:
        return None
    if not hmac.compare_digest(signature(key, parts[1:5]), parts[0]):
        return None
    header, parent = read_json(parts[1]), read_json(parts[2])
    if header is None or parent is None:
        return None
    kind, belongs = header.get("msg_type"), parent.get("msg_id", "")
    if not isinstance(kind, str) or not isinstance(belongs, str):
        return None
    return Message(channel, kind, belongs, parts[4])


class Line:
    """Three sockets of one kernel: requests and replies, what it publishes, and control.

    Parameters
    ----------
    places : mapping
        Where each channel is reached.
    key : bytes
        Signs what goes out and what comes in.
    longest : int
        Bytes of the longest part of a message that is taken; a longer one shuts the socket that it came by.
    """

    def __init__(self, places: Mapping[str, str], key: bytes, longest: int) -> None:
        self.places, self.key, self.asked = places, key, 0
        self.context = zmq.Context()
        self.context.setsockopt(zmq.MAXMSGSIZE, longest)
        self.context.setsockopt(zmq.RCVHWM, MOST_WAITING)
        self.context.setsockopt(zmq.LINGER, 0)
        self.sockets: dict[str, zmq.Socket[bytes]] = {}
        self.open()

    def open(self) -> None:
        """Open the sockets, in place of those that may be shut since the kernel sent too long a message."""
        self._shut()
        self.poller = zmq.Poller()
        for name, place in self.places.items():
            socket = self.context.socket(zmq.SUB if name == "iopub" else zmq.DEALER)
            if name == "iopub":
                socket.subscribe(b"")
            socket.connect(place)
            self.poller.register(socket, zmq.POLLIN)
            self.sockets[name] = socket

    def ask(self, kind: str, content: dict[str, Any], channel: str = "shell") -> str:
        """Send a request and return its id; a line that takes nothing more is no error."""
        self.asked += 1
        name = f"vsim-{self.asked}"
        header = {
            "msg_id": name, "msg_type": kind, "username": "vsim", "session": "vsim", "version": "5.3",
            "date": datetime.now(UTC).isoformat(),
        }
        parts = [json.dumps(part).encode("utf-8", "replace") for part in (header, {}, {}, content)]
        with suppress(zmq.ZMQError):
            self.sockets[channel].send_multipart([DELIMITER, signature(self.key, parts), *parts], zmq.NOBLOCK)
        return name

    def hear(self, seconds: float) -> Iterator[Message]:
        """Yield the messages that are there, waiting so long for the first."""
        names = {socket: name for name, socket in self.sockets.items()}
        for socket, _ in self.poller.poll(int(1000 * seconds)):
            for _ in range(AT_ONCE):
                try:
                    parts = socket.recv_multipart(zmq.NOBLOCK)
                except zmq.ZMQError:
                    break
                message = take_apart(names[socket], parts, self.key)
                if message is not None:
                    yield message

    def in_step(self, seconds: float, alive: Callable[[], bool], again: float = 0.2) -> dict[str, Any] | None:
        """Wait until the kernel answers and what it publishes arrives; return its description, or None."""
        end = time.monotonic() + seconds
        asked: set[str] = set()
        described: dict[str, Any] | None = None
        heard = False
        while time.monotonic() < end and alive():
            if not asked or described is not None:
                asked.add(self.ask("kernel_info_request", {}))
            until = min(end, time.monotonic() + again)
            while time.monotonic() < until and not (heard and described is not None):
                for message in self.hear(max(0.0, until - time.monotonic())):
                    if message.parent in asked and message.kind == "kernel_info_reply":
                        described = read_json(message.content) or {}
                    heard |= message.channel == "iopub" and message.parent in asked
            if heard and described is not None:
                return described
        return None

    def _shut(self) -> None:
        for socket in self.sockets.values():
            socket.close(linger=0)
        self.sockets = {}

    def close(self) -> None:
        """Close the sockets; what has not been sent is not."""
        self._shut()
        self.context.term()
