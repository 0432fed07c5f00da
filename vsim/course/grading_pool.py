"""Several graders at once: each a process of its own that imports once, holds a jail and a user, and marks one by one.

Work is handed out one learner at a time. A grader that dies takes the one submission with it that it had; that is one
row, and another grader takes its place. When the process that hands out is killed, so are its graders.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from vsim.course.folder import Course
from vsim.i18n import language, set_language

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

DEATH_SIGNAL, KILL = 1, 9
END = 20                     # seconds that an idle grader has to end


Begin = Callable[["Path", str, "dict[str, bool]"], AbstractContextManager[Callable[[str], Any]]]


def _serve(line: Connection, begin: Begin, root: Path, name: str, lang: str, options: dict[str, bool]) -> None:
    """Mark the learners who are named on a line, until none is."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(DEATH_SIGNAL, KILL)
    from vsim.course import kernel_fork

    set_language(lang)
    with begin(root, name, options) as mark, suppress(EOFError):
        line.send(None)
        while (learner := line.recv()) is not None:
            line.send(mark(learner))
    kernel_fork.close_all()


class _Grader:
    """One process, and the learner whom it marks."""

    def __init__(self, arguments: tuple[Any, ...]) -> None:
        context = get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_serve, args=(theirs, *arguments), daemon=False)
        self.process.start()
        theirs.close()
        self.learner: str | None = None
        self.ready = False

    def end(self) -> None:
        """Let it end, or end it."""
        with suppress(OSError):
            self.line.send(None)
        self.process.join(END if self.ready and self.learner is None else 0)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.line.close()


def graded(
    course: Course, name: str, learners: Iterable[str], jobs: int, *, force: bool, weak: bool, begin: Begin,
    failed: Callable[[str, str], Any],
) -> Iterator[Any]:
    """Yield what became of each learner, in the order in which they are done.

    Parameters
    ----------
    course : Course
    name : str
    learners : iterable of str
    jobs : int
        Processes at a time.
    force, weak : bool
        As for `vsim.course.grading.grade`.
    begin : callable
        `begin(root, name, options)`, a function of a module, opens the course in a process and gives what marks one.
    failed : callable
        Makes the row of (learner, reason) where a grader died.
    """
    waiting = deque(learners)
    arguments = (begin, course.root, name, language(), {"force": force, "weak": weak})
    graders = [_Grader(arguments) for _ in range(min(jobs, len(waiting)))]
    try:
        while graders:
            heard = wait([grader.line for grader in graders])
            for grader in [one for one in graders if one.line in heard]:
                try:
                    row = grader.line.recv()
                except (EOFError, OSError):
                    graders.remove(grader)
                    grader.process.join()
                    lost, code = grader.learner, grader.process.exitcode
                    if lost is not None:
                        yield failed(lost, f"the grading process ended in its midst (exit code {code})")
                    elif not grader.ready:
                        yield from (failed(one, f"no grading process starts (exit code {code})") for one in waiting
                                    if not graders)
                        waiting = waiting if graders else deque()
                    if waiting and (grader.ready or graders):
                        graders.append(_Grader(arguments))
                    continue
                if grader.ready:
                    yield row
                grader.ready, grader.learner = True, waiting.popleft() if waiting else None
                if grader.learner is None:
                    graders.remove(grader)
                    grader.end()
                else:
                    grader.line.send(grader.learner)
    finally:
        for grader in graders:
            grader.end()
