"""Grading a unit: each learner through nbgrader's own chain, one at a time; whatever happens to one is one row.

Marks that a person gave in formgrader are read into the ledger before anything is made again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from vsim.course import ledger
from vsim.course.folder import Course, open_course
from vsim.course.grader import api_of, grade_book, last_error, quiet
from vsim.course.grading_pool import graded
from vsim.course.jail import require
from vsim.course.standing import cell_points
from vsim.course.unit import Unit
from vsim.errors import UsageError, did_you_mean, listing

TAIL = 64                       # bytes at the end of a page in which it is closed
Status = Literal["marked", "unchanged", "missing", "failed"]


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one learner's submission.

    Attributes
    ----------
    learner : str
    status : {"marked", "unchanged", "missing", "failed"}
    earned, points : float
        Points of the tasks that the computer marks, and the most that can be.
    hand : float or None
        Points that a person gave, None while they are open.
    seconds : float
        Wall time of this marking.
    flags : tuple of str
        What the intake had to mend, in short words.
    message : str
        Why it failed, in one line.
    tier : str
        Of the jail in which the notebook ran; "" where none has run.
    """

    learner: str
    status: Status
    earned: float = 0.0
    points: float = 0.0
    hand: float | None = None
    seconds: float = 0.0
    flags: tuple[str, ...] = ()
    message: str = ""
    tier: str = ""


def grade(
    course: Course,
    name: str,
    *,
    learners: Collection[str] = (),
    force: bool = False,
    allow_weak: bool = False,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Graded]:
    """Grade the submissions of a unit and write the feedback.

    Parameters
    ----------
    course : Course
    name : str
        A unit that was released in the course.
    learners : collection of str
        Whom to grade; everybody when empty.
    force : bool
        Grade also what was graded before and has not changed.
    allow_weak : bool
        Run code of learners without a jail where there is none.
    jobs : int
        Processes that grade at the same time; 1 grades in this one. The outcome is the same.
    progress : callable, optional
        Called with (learners done, learners in all).

    Raises
    ------
    UsageError
        When there is no jail and none was agreed to, or a learner is not in the course.
    """
    unit = course.unit(name)
    require(allow_weak or course.settings.weak, course.settings.jail)
    wanted = _wanted(course, learners)
    with quiet():
        read_hand_marks(course, unit)
        rows: dict[str, Graded] = {}
        for learner in wanted:
            known = _as_it_stands(course, unit, learner, force=force)
            if known is not None:
                rows[learner] = known
        todo = [learner for learner in wanted if learner not in rows]
        for row in _marked(course, unit, todo, jobs, force=force, weak=allow_weak):
            rows[row.learner] = row
            if progress is not None:
                progress(len(rows), len(wanted))
    if progress is not None:
        progress(len(rows), len(wanted))
    return [rows[learner] for learner in wanted]


def _marked(course: Course, unit: Unit, todo: list[str], jobs: int, *, force: bool, weak: bool) -> Iterator[Graded]:
    """Yield a row for each learner, marked here or by several processes."""
    if not todo:
        return
    if jobs > 1 and len(todo) > 1:
        yield from graded(course, unit.id, todo, jobs, force=force, weak=weak, begin=_serving,
                          failed=lambda learner, reason: _failed(course, unit, learner, "", reason))
        return
    api = api_of(course, weak=weak)
    for learner in todo:
        yield grade_one(course, unit, api, learner, force=force)


@contextmanager
def _serving(root: Path, name: str, options: dict[str, bool]) -> Iterator[Callable[[str], Graded]]:
    """Open a course in a process of its own, and yield what marks one learner."""
    course = open_course(root)
    unit = course.unit(name)
    with quiet():
        api = api_of(course, weak=options["weak"])
        yield lambda learner: grade_one(course, unit, api, learner, force=options["force"])


def _as_it_stands(course: Course, unit: Unit, learner: str, *, force: bool) -> Graded | None:
    """Return the row of a learner for whom there is nothing to do, else None."""
    path = submitted(course, unit.id, learner)
    if not path.is_file():
        return Graded(learner, "missing", points=unit.checks.points)
    feedback = course.place("feedback", learner, unit.id, f"{unit.id}.html")
    if force or not _is_whole(feedback):
        return None
    try:
        before = ledger.latest(course.root, unit.id, learner=learner).get(learner)
        if before is None or before["sha256"] != _sha(path) or _marked_since(course, unit, learner, feedback):
            return None
        return graded_row(course, unit, before, "unchanged")
    except Exception:  # noqa: BLE001 - grading says what is wrong
        return None


def _wanted(course: Course, learners: Collection[str]) -> list[str]:
    unknown = [learner for learner in learners if learner not in course.learners]
    if unknown:
        raise UsageError(
            f"learner is '{unknown[0]}'; allowed {listing(course.learners)}.{did_you_mean(unknown[0], course.learners)}"
        )
    return [learner for learner in course.learners if not learners or learner in learners]


def submitted(course: Course, unit: str, learner: str) -> Path:
    """Return where a learner's notebook of a unit stands once it is handed in."""
    return course.place("submitted", learner, unit, f"{unit}.ipynb")


def grade_one(course: Course, unit: Unit, api: Any, learner: str, *, force: bool) -> Graded:
    """Grade one learner's submission; whatever happens is a row."""
    begun = time.monotonic()
    path = submitted(course, unit.id, learner)
    if not path.is_file():
        return Graded(learner, "missing", points=unit.checks.points)
    try:
        known = _sha(path)
        before = ledger.latest(course.root, unit.id, learner=learner).get(learner)
        feedback = course.place("feedback", learner, unit.id, f"{unit.id}.html")
        if before is not None and before["sha256"] == known and _is_whole(feedback) and not force:
            if _marked_since(course, unit, learner, feedback):
                api.generate_feedback(unit.id, learner, force=True)
            return graded_row(course, unit, before, "unchanged")
        feedback.unlink(missing_ok=True)       # written last: who is killed from here on is graded again
        answer = api.autograde(unit.id, learner, force=True, create=True)
        row = ledger.latest(course.root, unit.id, learner=learner).get(learner)
        if not answer["success"] or row is None or row["sha256"] != known:
            return _failed(course, unit, learner, known, last_error(answer))
        told = api.generate_feedback(unit.id, learner, force=True)
        if not told["success"]:
            return _failed(course, unit, learner, known, last_error(told))
        return graded_row(course, unit, row, "marked", round(time.monotonic() - begun, 2))
    except Exception as error:  # noqa: BLE001 - one submission never stops the others
        return _failed(course, unit, learner, "", f"{type(error).__name__}: {error}")


def _is_whole(page: Path) -> bool:
    """Return whether a feedback page is there to its end; one that was cut off is as good as none."""
    try:
        with page.open("rb") as file:
            file.seek(max(0, page.stat().st_size - TAIL))
            return b"</html>" in file.read()
    except OSError:
        return False


def _marked_since(course: Course, unit: Unit, learner: str, feedback: Path) -> bool:
    """Return whether a person has given marks or comments since the feedback was written."""
    hand = ledger.latest(course.root, unit.id, "hand", learner).get(learner)
    return hand is not None and datetime.fromisoformat(hand["time"]).timestamp() >= int(feedback.stat().st_mtime)


def _sha(path: Path) -> str:
    import nbformat

    return ledger.sha_of(nbformat.read(path, as_version=4))


def graded_row(course: Course, unit: Unit, row: dict[str, Any], status: Status, seconds: float = 0.0) -> Graded:
    """Return a line of the ledger as the row that people see."""
    scores = row["scores"].values()
    learner = str(row["learner"])
    hand = ledger.latest(course.root, unit.id, "hand", learner).get(learner)
    cells = cell_points(row, hand["marks"] if hand is not None else {}, unit.hand_points)
    by_hand = [cells.pop(cell, None) for cell in unit.hand_points]
    given = None if None in by_hand else sum(mark for mark in by_hand if mark is not None)
    return Graded(
        learner,
        status,
        round(sum(mark for mark in cells.values() if mark is not None), 2),
        sum(item["points"] for item in scores),
        given,
        seconds,
        tuple(":".join(part for part in flag if part) for flag in row["flags"]),
        tier=str(row.get("run", {}).get("tier", "")),
    )


def _failed(course: Course, unit: Unit, learner: str, known: str, reason: str) -> Graded:
    message = " ".join(reason.split())[:300]
    ledger.append(course.root, {"kind": "failed", "course": course.name, "unit": unit.id, "learner": learner,
                                "sha256": known, "message": message})
    return Graded(learner, "failed", points=unit.checks.points, message=message)


def read_hand_marks(course: Course, unit: Unit) -> int:
    """Read what people marked and wrote in formgrader into the ledger; return how many learners have new marks."""
    known = ledger.latest(course.root, unit.id, "hand")
    _put_back(course, unit, known)
    if not course.place("gradebook.db").is_file():
        return 0
    from nbgrader.api import MissingEntry

    new = 0
    with grade_book(course) as book:
        try:
            submissions = book.assignment_submissions(unit.id)
        except MissingEntry:
            return 0
        for submission in submissions:
            learner = submission.student.id
            marks: dict[str, float] = {}
            comments: dict[str, str] = {}
            for notebook in submission.notebooks:
                marks |= {
                    grade.name: float(grade.manual_score) for grade in notebook.grades if grade.manual_score is not None
                }
                comments |= {
                    comment.name: comment.manual_comment for comment in notebook.comments if comment.manual_comment
                }
            before = known.get(learner, {"marks": {}, "comments": {}})
            if (marks, comments) != (before["marks"], before["comments"]):
                ledger.append(
                    course.root,
                    {
                        "kind": "hand",
                        "course": course.name,
                        "unit": unit.id,
                        "learner": learner,
                        "marks": marks,
                        "comments": comments,
                    },
                )
                new += 1
    return new


def _put_back(course: Course, unit: Unit, known: Collection[str]) -> None:
    """Put the marks of people back into a grade book that was lost: else a new one would seem to take them back."""
    from vsim.course.doctor_book import book_marks, mend_book

    if known and set(known) - {who for who, _ in book_marks(course.place("gradebook.db"), unit.id)}:
        mend_book(course, unit)
