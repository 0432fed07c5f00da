"""Grading through nbgrader's own chain: partial credit, one failure one row, hand marks, nothing done twice."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.course.small_course import ID, small_course
from vsim.course import ledger
from vsim.course.collecting import collect_unit
from vsim.course.doctor_book import agree
from vsim.course.export import export
from vsim.course.export_cells import guarded
from vsim.course.folder import Course
from vsim.course.grader import grade_book
from vsim.course.grading import Graded, grade, graded_row
from vsim.course.release import release
from vsim.course.sample_class import handed_in
from vsim.errors import UsageError

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail"),
              pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    people = "learner,name\nada,Ada\nbo,Bo\ncy,Cy; =1+1\ndi,Di\n"
    made = small_course(tmp_path_factory.mktemp("grading"), learners=people)
    release(made, "foundation/01-small")
    answers: dict[str, dict[str, str]] = {
        "ada": {"q1": "registered = len(volunteers)", "q2": "def double(x):\n    return 2 * x",
                "words": "A list of people."},
        "bo": {"q1": "import warnings\nwarnings.warn('careless')\nprint(1 / 0)\nregistered = 5",
               "q2": "def double(x):\n    return 2 * x"},
    }
    for learner, cells in answers.items():
        put(made, learner, cells)
    put(made, "cy", {})
    collect_unit(made, ID)
    return made


def put(course: Course, learner: str, cells: dict[str, str]) -> None:
    def change(found: list[Any]) -> None:
        for cell in found:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = cells.get(name, cell["source"])

    place = course.place("inbox", learner)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "x.ipynb").write_bytes(handed_in(course, course.unit(ID), learner, change))


@pytest.fixture(scope="module")
def first(course: Course) -> dict[str, Graded]:
    return {row.learner: row for row in grade(course, ID)}


def test_right_parts_count_and_errors_elsewhere_do_not(first: dict[str, Graded]) -> None:
    assert {who: (row.status, row.earned) for who, row in first.items()} == {
        "ada": ("marked", 3.0), "bo": ("marked", 1.0), "cy": ("marked", 0.0), "di": ("missing", 0.0)}


def test_the_ledger_and_the_grade_book_say_the_same(course: Course, first: dict[str, Graded]) -> None:
    rows = ledger.latest(course.root, ID)
    with grade_book(course) as book:
        for who, row in rows.items():
            auto = {grade.name: grade.auto_score for grade in book.find_submission(ID, who).notebooks[0].grades}
            assert {f"{task}-check": score["earned"] for task, score in row["scores"].items()}.items() <= auto.items()
    assert rows["ada"]["answers"]["q1"]["registered"] > 0
    assert rows["ada"]["run"]["tier"] == "bwrap"
    assert rows["bo"]["answers"]["q1"] == {}


def test_nothing_is_graded_twice_unless_asked(course: Course, first: dict[str, Graded]) -> None:
    again = grade(course, ID)
    assert [row.status for row in again] == ["unchanged", "unchanged", "unchanged", "missing"]
    assert [row.earned for row in again] == [row.earned for row in first.values()]
    (forced,) = grade(course, ID, learners=["ada"], force=True)
    assert forced.status == "marked"
    assert ledger.latest(course.root, ID)["ada"]["attempt"] == 1


def test_a_new_file_is_a_new_attempt_with_new_hidden_inputs(course: Course, first: dict[str, Graded]) -> None:
    before = ledger.latest(course.root, ID)["bo"]
    put(course, "bo", {"q1": "registered = len(volunteers)", "q2": "def double(x):\n    return 2 * x"})
    assert [row.status for row in collect_unit(course, ID) if row.learner == "bo"] == ["taken"]
    grade(course, ID)
    after = ledger.latest(course.root, ID)["bo"]
    assert (after["attempt"], after["scores"]["q1"]["earned"]) == (2, 2.0)
    assert after["answers"]["q2"] != before["answers"]["q2"]


def test_marks_of_a_person_reach_the_ledger_and_stay_when_it_is_graded_again(
    course: Course, first: dict[str, Graded]
) -> None:
    with grade_book(course) as book:
        mark = book.find_grade("words", ID, ID, "ada")
        mark.manual_score, mark.needs_manual_grade = 2.5, False
        book.find_comment("words", ID, ID, "ada").manual_comment = "Well said."
        book.db.commit()
    rows = {row.learner: row for row in grade(course, ID, force=True)}
    assert rows["ada"].hand == 2.5
    assert ledger.latest(course.root, ID, "hand")["ada"]["comments"] == {"words": "Well said."}
    with grade_book(course) as book:
        assert book.find_grade("words", ID, ID, "ada").manual_score == 2.5
    page = course.place("feedback", "ada", ID, f"{ID}.html").read_text(encoding="utf-8")
    assert "Well said." in page


def test_the_export_has_a_line_for_everybody_and_no_formula(course: Course, first: dict[str, Graded]) -> None:
    lines = list(csv.reader(io.StringIO(export(course, ID).decode("utf-8-sig"))))
    assert lines[0][:7] == ["learner", "name", "state", "q1", "q2", "words", "total"]
    assert lines[1][:7] == ["", "", "most", "2", "1", "3", "6"]
    assert [line[0] for line in lines[2:]] == ["ada", "bo", "cy", "di"]
    assert lines[4][1] == "Cy;' =1+1"
    assert lines[5][2] == "missing"
    long = list(csv.reader(io.StringIO(export(course, ID, "criteria").decode("utf-8-sig"))))
    assert {line[0] for line in long[1:]} == {"ada", "bo", "cy"}


@pytest.mark.parametrize(("value", "shown"), [
    ("=1", "'=1"), ("+1", "'+1"), ("-x", "'-x"), ("@x", "'@x"), (-1.5, "-1.5"), (None, ""), ("a=b", "a=b"),
])
def test_cells_are_no_formulas(value: object, shown: str) -> None:
    assert guarded(value) == shown


def test_one_failure_is_one_row_and_stops_nobody(course: Course, first: dict[str, Graded]) -> None:
    path = course.place("submitted", "ada", ID, f"{ID}.ipynb")
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_text("{ half a notebook")
    try:
        rows = {row.learner: row for row in grade(course, ID, force=True)}
    finally:
        path.write_bytes(whole)
    assert rows["ada"].status == "failed"
    assert rows["ada"].message
    assert rows["bo"].status == "marked"
    assert [row["kind"] for row in ledger.rows(course.root, ID, "ada")][-1] == "failed"
    assert {row.learner: row.status for row in grade(course, ID, learners=["ada"], force=True)} == {"ada": "marked"}


def test_an_unknown_learner_or_unit_is_refused_with_the_nearest(course: Course) -> None:
    with pytest.raises(UsageError, match="ada"):
        grade(course, ID, learners=["adda"])
    with pytest.raises(UsageError, match="vsim course release"):
        grade(course, "foundation/02-other")


def test_feedback_holds_reasons_and_neither_truth_nor_others(course: Course, first: dict[str, Graded]) -> None:
    page = course.place("feedback", "cy", ID, f"{ID}.html").read_text(encoding="utf-8")
    page = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)          # the letters of the page, in which any word may stand
    truth = json.dumps(ledger.latest(course.root, ID)["ada"]["answers"]["q1"]["registered"])
    assert "no answer yet" in page
    assert f">{truth}<" not in page
    for word in ("len(volunteers)", "twice = x + x", "ada", str(Path(course.root))):
        assert word not in page


KILLED = """
import os, signal, sys
from pathlib import Path
from vsim.course import ledger
from vsim.course.folder import open_course
from vsim.course.grading import grade

written = ledger.append

def append(root, row):
    written(root, row)
    if row["kind"] == "marked":
        os.kill(os.getpid(), signal.SIGKILL)

ledger.append = append
grade(open_course(Path(sys.argv[1])), sys.argv[2], learners=["di"])
"""


def test_who_is_killed_after_the_line_of_the_ledger_is_graded_again(course: Course) -> None:
    double = {"q2": "def double(x):\n    return 2 * x", "words": "First words."}
    put(course, "di", double)
    collect_unit(course, ID)
    (first,) = grade(course, ID, learners=["di"])
    page = course.place("feedback", "di", ID, f"{ID}.html")
    assert (first.status, page.is_file()) == ("marked", True)
    put(course, "di", {**double, "q1": "registered = len(volunteers)", "words": "Other words."})
    collect_unit(course, ID)
    done = subprocess.run([sys.executable, "-c", KILLED, str(course.root), ID], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-1000:]
    assert ledger.latest(course.root, ID)["di"]["attempt"] == 2                  # the ledger knows of it, nobody else
    assert {one.kind for one in agree(course, course.unit(ID)) if one.learner == "di"} == {"auto"}
    (again,) = grade(course, ID, learners=["di"])
    assert (again.status, again.earned > first.earned) == ("marked", True)
    assert [one for one in agree(course, course.unit(ID)) if one.learner == "di"] == []
    assert "Other words." in page.read_text(encoding="utf-8")
    assert ledger.latest(course.root, ID)["di"]["attempt"] == 2
    page.write_text(page.read_text(encoding="utf-8")[:-200], encoding="utf-8")    # a page that was cut off is none
    assert grade(course, ID, learners=["di"])[0].status == "marked"
    assert grade(course, ID, learners=["di"])[0].status == "unchanged"


def test_a_person_s_mark_on_a_check_stands_in_place_of_the_computer_s(course: Course) -> None:
    unit = course.unit(ID)
    row = ledger.latest(course.root, ID)["di"]
    before = graded_row(course, unit, row, "unchanged")
    ledger.append(course.root, {"kind": "hand", "course": course.name, "unit": ID, "learner": "di",
                                "marks": {"q1-check": 0.5, "words": 3.0}, "comments": {}})
    after = graded_row(course, unit, row, "unchanged")
    assert (after.earned, after.hand) == (before.earned - row["scores"]["q1"]["earned"] + 0.5, 3.0)
