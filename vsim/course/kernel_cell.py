"""One kernel through one notebook, and one cell in it: ask, listen, look at the clocks, and know when it is over.

A cell is done when the kernel has answered and has said that it is idle. Either may get lost (a message that is too
long closes the line, a flood drops what does not fit), so one of the two is enough after a moment, and the line is
then put in step again before the next cell. A cell whose time is over is interrupted once a second, then killed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from jupyter_client.session import new_id_bytes

from vsim.course.kernel_fork import Forked
from vsim.course.kernel_launch import Launch, Plan
from vsim.course.kernel_line import Line, Message, read_json
from vsim.course.kernel_outputs import CellOutputs, error, plain, text
from vsim.course.kernel_watch import LATER, Watch, kill, spent
from vsim.course.kernel_words import timed_out
from vsim.errors import VsimError

TICK = 0.1                  # seconds between looks at the clocks
GRACE = 1.5                 # seconds that one half of the end of a cell waits for the other
REST = 0.3                  # seconds in which a dead kernel's last words arrive
STEP_WAIT = 10              # seconds to get in step again


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one cell."""

    outputs: Sequence[dict[str, Any]]
    finished: bool
    cut: bool


class Session:
    """One kernel from its start to its end."""

    def __init__(self, plan: Plan, end: float, output_bytes: int) -> None:
        self.plan, self.end, self.output_bytes = plan, end, output_bytes
        self.died: str | None = None
        self.late = False
        self.cpu = 0.0                           # seconds that the kernel took, known once it is stopped
        self.launch: Launch | None = None
        self.line: Line | None = None
        self.watch: Watch | None = None

    @property
    def kernel(self) -> str:
        """How the kernel came to be: "forked" or "fresh"."""
        process = self.launch.process if self.launch is not None else None
        return "forked" if isinstance(process, Forked) else "fresh"

    def over(self) -> bool:
        """Whether no cell can run any more."""
        return self.late or self.died is not None

    def alive(self) -> bool:
        """Whether the kernel's process is there."""
        process = self.launch.process if self.launch is not None else None
        return process is not None and process.poll() is None

    def start(self, seconds: float) -> dict[str, Any]:
        """Start the kernel and return what it says about its language.

        Raises
        ------
        VsimError
            When it does not start: no student code has run, so the machine is at fault.
        """
        key = new_id_bytes()
        self.launch = launch = Launch(self.plan, key.decode("ascii"))
        process = launch.start()
        self.watch = Watch(process, self.plan.bounds.wall + LATER, self.plan.bounds.memory)
        self.watch.start()
        places = {channel: launch.address_of(channel) for channel in ("shell", "iopub", "control")}
        self.line = Line(places, key, longest=8 * self.output_bytes + 2**20)
        described = self.line.in_step(min(seconds, self.end - time.monotonic()), self.alive)
        if described is None:
            raise VsimError(
                f"kernel: did not start within {seconds:g} s ({launch.said() or 'it said nothing'});"
                " run `vsim doctor`, and try again when the machine is less busy."
            )
        language = described.get("language_info")
        return cast(dict[str, Any], plain(language)) if isinstance(language, dict) else {"name": "python"}

    def note(self) -> None:
        """Find out why the kernel has ended."""
        reason = self.watch.reason if self.watch is not None else None
        if reason == "deadline" or time.monotonic() >= self.end:
            self.late = True
        elif self.died is None:
            self.died = reason or "ended"

    def finish(self, reason: str | None) -> None:
        """Kill the kernel, for a reason of `DIED` or, with None, since the time is over."""
        self.late |= reason is None
        self.died = self.died or reason
        if self.launch is not None and self.launch.process is not None:
            kill(self.launch.process)

    def give_up(self) -> None:
        """Kill a kernel that does not answer, or find out why one that has ended has."""
        if self.alive():
            self.finish("lost" if time.monotonic() < self.end else None)
        else:
            self.note()

    def stop(self) -> None:
        """Kill the kernel and take everything away that was made for it."""
        if self.line is not None:
            self.line.close()
        if self.launch is not None:
            if self.launch.process is not None:
                self.cpu = spent(self.launch.process.pid)
            self.launch.end()
        if self.watch is not None:
            self.watch.stop()


class _Turn:
    """What has been heard of one request."""

    def __init__(self, line: Line, asked: str, outputs: CellOutputs) -> None:
        self.line, self.asked, self.outputs = line, asked, outputs
        self.reply: dict[str, Any] | None = None
        self.idle = False
        self.half: float | None = None           # when the first half of the end came

    def listen(self, seconds: float) -> bool:
        """Take what has come; whether there was anything."""
        heard = False
        for message in self.line.hear(seconds):
            heard = True
            if message.parent == self.asked:
                self._take(message)
        if self.half is None and (self.idle or self.reply is not None):
            self.half = time.monotonic()
        return heard

    def _take(self, message: Message) -> None:
        if message.channel == "shell":
            if message.kind == "execute_reply":
                self.reply = read_json(message.content) or {}
        elif message.channel == "iopub" and message.kind == "status":
            self.idle |= (read_json(message.content) or {}).get("execution_state") == "idle"
        elif message.channel == "iopub":
            self.outputs.take(message)

    @property
    def whole(self) -> bool:
        """Whether both halves of the end have come."""
        return self.idle and self.reply is not None

    def done(self) -> bool:
        """Whether the cell has ended."""
        return self.whole or (self.half is not None and time.monotonic() > self.half + GRACE)

    def rest(self) -> None:
        """Take the last words of a kernel that is no more."""
        until = time.monotonic() + REST
        while time.monotonic() < until and self.listen(TICK):
            pass


def _wait(session: Session, turn: _Turn, timeout: float, patience: float) -> bool:
    """Listen until the cell has ended; whether it had to be interrupted."""
    line = turn.line
    stop_at = time.monotonic() + timeout if timeout > 0 else float("inf")
    asked_at = 0.0
    while True:
        turn.listen(TICK)
        now = time.monotonic()
        if turn.done():
            return asked_at > 0
        if not session.alive():
            turn.rest()
            session.note()
            return False
        if now >= session.end:
            session.finish(None)
            return False
        if now >= stop_at + patience:
            session.finish("stuck")
            return False
        if now >= stop_at and now >= asked_at + 1:
            line.ask("interrupt_request", {}, "control")
            asked_at = now


def run_cell(session: Session, source: str, count: int, timeout: int, patience: int) -> Ran:
    """Run one cell to its end, whatever the end is.

    Parameters
    ----------
    session : Session
        With a kernel that has started.
    source : str
    count : int
        Number of the cell among those that run.
    timeout, patience : int
        Seconds until it is interrupted, and from there until it is killed.
    """
    assert session.line is not None
    outputs = CellOutputs(session.output_bytes, count)
    asked = session.line.ask("execute_request", {
        "code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
        "stop_on_error": False,
    })
    turn = _Turn(session.line, asked, outputs)
    interrupted = _wait(session, turn, timeout, patience)
    shown = list(outputs.finished())
    if session.over():
        return Ran(shown, finished=False, cut=outputs.cut)
    if not turn.whole:
        outputs.cut = True
        shown = list(outputs.finished())
        session.line.open()
        if session.line.in_step(min(STEP_WAIT, session.end - time.monotonic()), session.alive) is None:
            session.give_up()
    failed = turn.reply is not None and turn.reply.get("status") in ("error", "aborted")
    if interrupted:
        shown.append(error(*timed_out(timeout)))
    elif failed and not any(output["output_type"] == "error" for output in shown):
        reply = turn.reply or {}
        shown.append(error(text(reply.get("ename"))[:200] or "Error", text(reply.get("evalue"))[:1000]))
    return Ran(shown, finished=not interrupted and not session.over(), cut=outputs.cut)
