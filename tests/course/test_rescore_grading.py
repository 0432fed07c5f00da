"""Rescoring beside grading: ledger, grade book, marked notebooks and pages come out as if everything ran once more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.course.small_course import CHECKS, ID, small_course
from vsim.course import ledger
from vsim.course.collecting import collect_unit
from vsim.course.folder import Course
from vsim.course.grader import grade_book
from vsim.course.grading import grade
from vsim.course.release import release
from vsim.course.rescore import rescore
from vsim.course.sample_class import filled, handed_in

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail"),
              pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]
MENDED = (CHECKS.replace('t("Registered people"))', 't("Registered people"), tolerance=1)')
          .replace("lambda x: 2 * x,", "lambda x: x + x + 1,"))
DOUBLE = "def double(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = small_course(tmp_path_factory.mktemp("both"), learners="learner,name\nada,Ada\nbo,Bo\ncy,Cy\n")
    release(made, "foundation/01-small")
    answers = {
        "ada": {"q1": "registered = len(volunteers) + 1", "q2": DOUBLE, "words": "A list of people."},
        "bo": {"q1": "registered = len(volunteers)", "q2": f"{DOUBLE} + 1", "words": "People."},
        "cy": {},
    }
    for learner, cells in answers.items():
        place = made.place("inbox", learner)
        place.mkdir(parents=True)
        (place / "x.ipynb").write_bytes(handed_in(made, made.unit(ID), learner, filled(cells)))
    collect_unit(made, ID)
    grade(made, ID)
    with grade_book(made) as book:
        for cell, points in (("words", 2.5), ("q2-check", 0.5)):
            mark = book.find_grade(cell, ID, ID, "ada")
            mark.manual_score, mark.needs_manual_grade = points, False
        book.db.commit()
    return made


def seen(course: Course) -> dict[str, Any]:
    """Return what ledger, grade book, marked notebooks and pages say of each learner."""
    found: dict[str, Any] = {}
    for learner, row in ledger.latest(course.root, ID).items():
        with grade_book(course) as book:
            (notebook,) = book.find_submission(ID, learner).notebooks
            points = {grade.name: (grade.auto_score, grade.manual_score) for grade in notebook.grades}
        marked = json.loads(course.place("autograded", learner, ID, f"{ID}.ipynb").read_text(encoding="utf-8"))
        sheets = [cell["outputs"] for cell in marked["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")
                  and cell["cell_type"] == "code"]
        page = course.place("feedback", learner, ID, f"{ID}.html").read_text(encoding="utf-8")
        found[learner] = {"row": (row["attempt"], row["answers"], row["scores"], row["checks_sha256"]),
                          "points": points, "sheets": sheets, "right": page.count("Not yet")}
    return found


def test_rescored_marks_equal_those_of_a_full_regrade(course: Course) -> None:
    before = seen(course)
    mended = course.root.parent / "bank" / "foundation" / "01-small" / "checks.py"
    mended.write_text(MENDED, encoding="utf-8")
    done = rescore(course, ID)
    assert {(one.learner, one.task, one.before, one.after) for one in done.changes} == {
        ("ada", "q1", 0.0, 2.0), ("ada", "q2", 1.0, 0.0), ("bo", "q2", 0.0, 1.0)}
    assert (done.feedback, done.failed, done.drawn) == (("ada", "bo"), {}, 0)
    rescored = seen(course)
    assert rescored["ada"]["points"]["q1-check"] == (2.0, None)
    assert rescored["ada"]["points"]["q2-check"] == (0.0, 0.5)          # what a person gave stays
    assert rescored["ada"]["points"]["words"][1] == 2.5
    assert ledger.latest(course.root, ID, "hand")["ada"]["marks"] == {"words": 2.5, "q2-check": 0.5}
    assert rescored["cy"]["row"][2] == before["cy"]["row"][2]
    grade(course, ID, force=True)
    anew = seen(course)
    for learner, found in anew.items():
        assert found["points"] == rescored[learner]["points"]
        assert found["sheets"] == rescored[learner]["sheets"]
        assert found["right"] == rescored[learner]["right"]
        assert found["row"][:3] == rescored[learner]["row"][:3]


def test_a_page_that_was_left_behind_is_written_the_next_time(course: Course, tmp_path: Path) -> None:
    shutil.copyfile(course.root.parent / "bank" / "foundation" / "01-small" / "checks.py", tmp_path / "checks.py")
    (tmp_path / "checks.py").write_text(CHECKS, encoding="utf-8")
    first = rescore(course, ID, source=tmp_path, feedback=False)
    assert ({one.learner for one in first.changes}, first.feedback) == ({"ada", "bo"}, ())
    again = rescore(course, ID, source=tmp_path)
    assert (again.changes, again.feedback) == ((), ("ada", "bo"))
    page = course.place("feedback", "ada", ID, f"{ID}.html").read_text(encoding="utf-8")
    assert "This is not the value of your city." in page
