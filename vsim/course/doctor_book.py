"""Whether the ledger and nbgrader's grade book say the same, and the grade book made again from the ledger.

The ledger is the truth; the grade book is what formgrader shows. Marks that a person gave stand first in the grade book
and reach the ledger when the unit is graded or exported next: until then they are no disagreement, only unread.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vsim.course import ledger
from vsim.course.backup_files import BOOK
from vsim.course.calendar import due
from vsim.course.folder import Course
from vsim.course.standing import CHECK, moment
from vsim.course.unit import Unit
from vsim.errors import DataError

Kind = Literal["auto", "stray", "lost", "unread"]
WAIT = 60                    # seconds for which another program may hold the grade book
NEAR = 1e-9
GRADES = """
select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score
from grade
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join assignment on assignment.id = submitted_assignment.assignment_id
join base_cell on base_cell.id = grade.cell_id
where assignment.name = ?
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A mark that ledger and grade book do not agree on.

    Attributes
    ----------
    learner, cell : str
    kind : {"auto", "stray", "lost", "unread"}
        The computer's mark differs or is missing in the book; the book has one that the ledger never gave; the book has
        lost a mark of a person; the book has one of a person that the ledger has not read yet.
    ledger, book : float or None
        What each says.
    """

    learner: str
    cell: str
    kind: Kind
    ledger: float | None
    book: float | None


def agree(course: Course, unit: Unit) -> tuple[Difference, ...]:
    """Return every mark of a unit on which ledger and grade book differ; none where they agree.

    Parameters
    ----------
    course : Course
    unit : Unit
        The course's frozen copy.

    Raises
    ------
    DataError
        When either cannot be read.
    """
    book = book_marks(course.root / BOOK, unit.id)
    hand = {who: {str(cell): float(mark) for cell, mark in row["marks"].items()}
            for who, row in ledger.latest(course.root, unit.id, "hand").items()}
    auto = {who: {task + CHECK: float(score["earned"]) for task, score in row["scores"].items()}
            for who, row in ledger.latest(course.root, unit.id).items()}
    found: list[Difference] = []
    for who, marks in auto.items():
        for cell, mark in marks.items():
            there = book.get((who, cell), (None, None))[0]
            if not _same(mark, there):
                found.append(Difference(who, cell, "auto", mark, there))
    for (who, cell), (there, person) in book.items():
        if cell.endswith(CHECK) and there is not None and cell not in auto.get(who, {}):
            found.append(Difference(who, cell, "stray", None, there))
        known = hand.get(who, {}).get(cell)
        if person is not None and not _same(person, known):
            found.append(Difference(who, cell, "unread", known, person))
    for who, marks in hand.items():
        for cell, mark in marks.items():
            if book.get((who, cell), (None, None))[1] is None:
                found.append(Difference(who, cell, "lost", mark, None))
    return tuple(sorted(found, key=lambda one: (one.learner, one.cell, one.kind)))


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, abs_tol=NEAR)


def book_marks(path: Path, unit: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """Return the computer's and the person's mark by learner and cell of a grade book; none where there is no book.

    Raises
    ------
    DataError
        When the file cannot be read: damaged, of another schema, or kept locked.
    """
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT)) as book:
            return {(str(who), str(cell)): (auto, person)
                    for who, cell, auto, person in book.execute(GRADES, (unit,))}
    except sqlite3.Error as error:
        raise DataError(f"{path}: cannot be read ({error}). See: vsim course doctor") from None


def mend_book(course: Course, unit: Unit) -> tuple[Difference, ...]:
    """Bring the grade book into agreement with the ledger, and make it where it is missing; return what still differs.

    The computer's marks and the marks of a person that the book has lost are put in. A mark of a person that stands in
    the book stays as it is.

    Raises
    ------
    DataError
        When the book cannot be read, or the release is missing, from which the cells of the unit are taken.
    """
    from vsim.course.grader import grade_book, quiet
    from vsim.course.release import name_learners

    behind = agree(course, unit)
    if not any(one.kind in ("auto", "lost") for one in behind):
        return behind
    with quiet():
        name_learners(course, unit.id, due(course, unit.id, ""))
        _see_to_cells(course, unit)
        hand = ledger.latest(course.root, unit.id, "hand")
        with grade_book(course) as book:
            marked = ledger.latest(course.root, unit.id)
            for who in {**marked, **hand}:
                _see_to_learner(book, unit, who, marked.get(who, {"scores": {}}),
                                hand.get(who, {"marks": {}, "comments": {}}))
            book.db.commit()
    return agree(course, unit)


def _see_to_cells(course: Course, unit: Unit) -> None:
    """Put the unit and its cells into the grade book where they are missing: as the release has them."""
    import nbformat
    from nbgrader.api import MissingEntry
    from nbgrader.preprocessors import SaveCells

    from vsim.course.grader import grade_book

    path = course.place("release", unit.id, f"{unit.id}.ipynb")
    with grade_book(course) as book:
        book.update_or_create_assignment(unit.id)
        try:
            book.find_notebook(unit.id, unit.id)
            return
        except MissingEntry:
            pass
    if not path.is_file():
        raise DataError(f"{path}: not found; the grade book takes the cells from it. Put it back from a backup.")
    names = {"notebook": unit.id, "assignment": unit.id, "db_url": f"sqlite:///{course.root / BOOK}"}
    SaveCells().preprocess(nbformat.read(path, as_version=4), {"nbgrader": names})


def _see_to_learner(book: Any, unit: Unit, who: str, row: Mapping[str, Any], hand: Mapping[str, Any]) -> None:
    """Set a learner's marks in the open grade book."""
    arrived = moment(row.get("arrived"))
    book.update_or_create_student(who)
    stamp = {} if arrived is None else {"timestamp": str(arrived)}
    submission = book.update_or_create_submission(unit.id, who, **stamp)
    earned = {task + CHECK: float(score["earned"]) for task, score in row["scores"].items()}
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.name in earned and grade.auto_score != earned[grade.name]:
                grade.auto_score = earned[grade.name]
                grade.needs_manual_grade = grade.manual_score is not None        # a person looks at it again
            elif grade.name in row.get("blank", ()):
                grade.auto_score, grade.needs_manual_grade = 0.0, False
            if grade.manual_score is None and grade.name in hand["marks"]:
                grade.manual_score, grade.needs_manual_grade = float(hand["marks"][grade.name]), False
        for comment in notebook.comments:
            if comment.manual_comment is None and comment.name in hand["comments"]:
                comment.manual_comment = str(hand["comments"][comment.name])
