"""What is written into a cell that did not finish: the name of the error, and a sentence for its reader."""

from __future__ import annotations

from vsim.i18n import t

DIED = {
    "ended": "The kernel has ended in this cell: it was told to leave, was killed, or crashed.",
    "stuck": "This cell did not stop when its time was over, and its kernel was killed.",
    "memory": "The kernel and what it started used more memory than allowed, and were killed.",
    "flood": "The kernel sent more than can be received, and was killed.",
    "lost": "The kernel does not answer any more, and was killed.",
}


def timed_out(seconds: int) -> tuple[str, str]:
    """Return what stands in a cell that was interrupted; nbgrader's own name for it."""
    return "CellTimeoutError", t("This cell was stopped after {seconds} seconds.").format(seconds=seconds)


def ended(died: str | None, late: bool) -> tuple[str, str]:
    """Return what stands in the cell in which the run came to its end."""
    if late or died is None:
        return "DeadlineError", t("The time for the whole notebook was over in this cell.")
    return "DeadKernelError", t(DIED[died])


def unfinished(died: str | None, late: bool) -> tuple[str, str]:
    """Return what stands in a cell that was not run at all."""
    if late or died is None:
        return "DeadlineError", t("Not run: the time for the whole notebook was over in a cell before this one.")
    return "DeadKernelError", t("Not run: the kernel has ended in a cell before this one.")
