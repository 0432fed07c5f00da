"""Ledger and grade book: every kind of disagreement is found, and the book made again from the ledger is the book."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.course.kept import ID, copied, marked, released
from vsim.course import ledger
from vsim.course.doctor_book import Difference, agree, book_marks, mend_book
from vsim.course.folder import Course
from vsim.course.grader import grade_book
from vsim.course.grading import read_hand_marks
from vsim.errors import DataError

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                                           "ignore::sqlalchemy.exc.SAWarning")]
WORDS = {"blank": [], "arrived": "2026-11-28T08:00:00+00:00"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Release a unit, and mark two learners as far as the ledger; the grade book knows the unit alone."""
    course = copied(released(tmp_path_factory), tmp_path_factory.mktemp("book"))
    ledger.append(course.root, {**marked("ada", "1", earned=1.5), **WORDS})
    ledger.append(course.root, {**marked("bo", "1"), **WORDS, "blank": ["words"]})
    return course


@pytest.fixture
def course(template: Course) -> Course:
    """Bring the grade book and the ledger back to where they were."""
    kept = template.root / "kept"
    names = ("gradebook.db", "ledger.jsonl")
    if not kept.exists():
        kept.mkdir()
        (kept / "new.db").write_bytes(_plain(template.root / "gradebook.db"))
        mend_book(template, template.unit(ID))
        for name in names:
            (kept / name).write_bytes(_plain(template.root / name))
    for name in (*names, "gradebook.db-wal", "gradebook.db-shm"):
        (template.root / name).unlink(missing_ok=True)
    for name in names:
        (template.root / name).write_bytes((kept / name).read_bytes())
    return template


def _plain(path: Path) -> bytes:
    if path.suffix == ".db":
        with closing(sqlite3.connect(path)) as book:
            book.execute("pragma wal_checkpoint(truncate)")
    return path.read_bytes()


def change(course: Course, text: str, *values: Any) -> None:
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book, book:
        assert book.execute(text, values).rowcount > 0


OF = """where cell_id in (select id from base_cell where name = ?) and notebook_id in (
        select submitted_notebook.id from submitted_notebook join submitted_assignment
        on submitted_assignment.id = submitted_notebook.assignment_id where student_id = ?)"""


def dump(course: Course) -> dict[str, list[tuple[Any, ...]]]:
    """Return the grade book without its random keys."""
    asked = {
        "cells": "select name, cell_type, locked, source, checksum from source_cell order by 1",
        "grade cells": "select name, max_score, cell_type from grade_cells join base_cell using (id) order by 1",
        "students": "select id, first_name from student order by 1",
        "submissions": "select student_id, timestamp from submitted_assignment order by 1",
        "grades": """select student_id, base_cell.name, auto_score, manual_score, needs_manual_grade from grade
                  join submitted_notebook on submitted_notebook.id = grade.notebook_id
                  join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
                  join base_cell on base_cell.id = grade.cell_id order by 1, 2""",
        "comments": """select student_id, base_cell.name, manual_comment from comment
                  join submitted_notebook on submitted_notebook.id = comment.notebook_id
                  join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
                  join base_cell on base_cell.id = comment.cell_id order by 1, 2""",
    }
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        return {name: book.execute(text).fetchall() for name, text in asked.items()}


def test_marks_go_into_the_book_and_then_they_agree(course: Course) -> None:
    assert agree(course, course.unit(ID)) == ()
    found = book_marks(course.root / "gradebook.db", ID)
    assert found["ada", "q1-check"] == (1.5, None)
    assert found["bo", "words"] == (0.0, None)
    assert found["ada", "words"] == (None, None)


def test_each_kind_of_disagreement_is_told_and_mended_without_touching_a_persons_mark(course: Course) -> None:
    change(course, f"update grade set auto_score = 9 {OF}", "q1-check", "ada")
    change(course, f"update grade set manual_score = 2.5 {OF}", "words", "ada")
    ledger.append(course.root, {"kind": "hand", "unit": ID, "learner": "bo", "marks": {"words": 1.0},
                                "comments": {"words": "Short."}})
    assert agree(course, course.unit(ID)) == (
        Difference("ada", "q1-check", "auto", 1.5, 9.0),
        Difference("ada", "words", "unread", None, 2.5),
        Difference("bo", "words", "lost", 1.0, None),
    )
    assert mend_book(course, course.unit(ID)) == (Difference("ada", "words", "unread", None, 2.5),)
    assert read_hand_marks(course, course.unit(ID)) == 1
    assert agree(course, course.unit(ID)) == ()
    hand = ledger.latest(course.root, ID, "hand")
    assert (hand["ada"]["marks"], hand["bo"]["marks"]) == ({"words": 2.5}, {"words": 1.0})


def test_a_mark_that_the_ledger_never_gave_is_told(course: Course) -> None:
    path = course.root / "ledger.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert {(one.learner, one.cell, one.kind) for one in agree(course, course.unit(ID))} == {
        ("bo", "q1-check", "stray"), ("bo", "q2-check", "stray")}


@pytest.mark.slow
def test_a_lost_book_is_made_again_as_it_was(course: Course) -> None:
    with grade_book(course) as book:
        mark = book.find_grade("words", ID, ID, "ada")
        mark.manual_score, mark.needs_manual_grade = 2.5, False
        book.find_comment("words", ID, ID, "ada").manual_comment = "Well said."
        book.db.commit()
    assert read_hand_marks(course, course.unit(ID)) == 1
    before = dump(course)
    for path in course.root.glob("gradebook.db*"):
        path.unlink()
    assert {one.kind for one in agree(course, course.unit(ID))} == {"auto", "lost"}
    assert mend_book(course, course.unit(ID)) == ()
    assert dump(course) == before


def test_reading_marks_from_a_book_that_was_lost_takes_none_away(course: Course) -> None:
    """A new book knows no marks by hand: that is no person taking them back."""
    ledger.append(course.root, {"kind": "hand", "unit": ID, "learner": "ada", "marks": {"words": 2.0}, "comments": {}})
    (course.root / "gradebook.db").write_bytes((course.root / "kept" / "new.db").read_bytes())
    assert {one.book for one in agree(course, course.unit(ID))} == {None}
    read_hand_marks(course, course.unit(ID))
    read_hand_marks(course, course.unit(ID))
    assert ledger.latest(course.root, ID, "hand")["ada"]["marks"] == {"words": 2.0}
    assert agree(course, course.unit(ID)) == ()


def test_a_book_that_cannot_be_read_is_an_error_and_not_an_agreement(tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(DataError, match="vsim course doctor"):
        book_marks(tmp_path / "gradebook.db", ID)
    assert book_marks(tmp_path / "none.db", ID) == {}


def test_a_rescored_mark_is_the_one_that_counts(course: Course) -> None:
    ledger.append(course.root, {**marked("ada", "1", earned=2.0), **WORDS, "by": ledger.RESCORE})
    assert [(one.cell, one.ledger, one.book) for one in agree(course, course.unit(ID))] == [("q1-check", 2.0, 1.5)]
