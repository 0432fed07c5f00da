"""Real notebooks, once: two learners swap theirs, a third file bears a forged ticket; then the course moves house.

Both who swapped are told and neither gains; the forged file is nobody's; the course that is restored from a backup
grades on with the same marks and the right next attempts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.course.kept import ID, copied, released
from vsim.course import ledger
from vsim.course.backup import backup
from vsim.course.backup_restore import restore
from vsim.course.collecting import collect_unit
from vsim.course.doctor import examine
from vsim.course.doctor_book import agree
from vsim.course.doctor_submission import submission
from vsim.course.flags import flag_text
from vsim.course.folder import Course
from vsim.course.grading import Graded, grade
from vsim.course.sample_class import filled, handed_in
from vsim.course.standing import standings
from vsim.course.unit import sit

pytestmark = [pytest.mark.slow, pytest.mark.needs("jail"),
              pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning",
                                         "ignore::sqlalchemy.exc.SAWarning")]
DOUBLE = "def double(x):\n    return 2 * x"
OTHER = {"ada": "bo", "bo": "ada"}


@dataclass
class Class:
    """What became of the class: the rows of collecting, by file, and of grading, by learner."""

    course: Course
    collected: dict[str, Any]
    graded: dict[str, Graded]
    right: dict[str, int]


def own_work(course: Course, learner: str) -> bytes:
    """Return a learner's notebook with the number that is right for the learner's own city, typed in as it stands."""
    truth = sum(sit(course.unit(ID), course.name, learner).truth.values())
    return handed_in(course, course.unit(ID), learner, filled({"q1": f"registered = {truth}", "q2": DOUBLE}))


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Class:
    course = copied(released(tmp_path_factory), tmp_path_factory.mktemp("swapped"))
    for learner, other in OTHER.items():
        course.place("inbox", learner).mkdir()
        course.place("inbox", learner, "answers.ipynb").write_bytes(own_work(course, other))
    forged = json.loads(own_work(course, "ada"))
    forged["metadata"]["vsim"]["learner"] = "bo"                        # ada's ticket, bo's name
    course.place("inbox", "forged.ipynb").write_text(json.dumps(forged), encoding="utf-8")
    rows = {row.file: row for row in collect_unit(course, ID)}
    graded = {row.learner: row for row in grade(course, ID)}
    right = {who: sum(sit(course.unit(ID), course.name, who).truth.values()) for who in OTHER}
    assert len(set(right.values())) == 2, "the two cities must differ, else copying is no fault"
    return Class(course, rows, graded, right)


def test_both_are_told_and_neither_gains(swapped: Class) -> None:
    said = flag_text(("other-learner", None))
    rows = ledger.latest(swapped.course.root, ID)
    for learner, other in OTHER.items():
        assert swapped.collected[f"{learner}/answers.ipynb"].flags == (("other-learner", None),)
        assert rows[learner]["answers"]["q1"] == {"registered": swapped.right[other]}
        assert [score["earned"] for score in rows[learner]["scores"].values()] == [0.0, 1.0]
        page = swapped.course.place("feedback", learner, ID, f"{ID}.html").read_text(encoding="utf-8")
        assert said in page
        assert f">{swapped.right[learner]}<" not in page
        (found,) = submission(swapped.course.place("inbox", learner), swapped.course)
        assert found.code == "swapped"


def test_a_forged_ticket_is_nobodys_and_moves_no_mark(swapped: Class) -> None:
    assert swapped.collected["forged.ipynb"].status == "unknown learner"
    assert [row["learner"] for row in ledger.rows(swapped.course.root, ID) if row["kind"] == "marked"] == ["ada", "bo"]
    kept = [path.name for path in swapped.course.place("received", ID, "bo").glob("*.ipynb")]
    assert len(kept) == 1
    (found,) = submission(swapped.course.place("inbox", "forged.ipynb"), swapped.course)
    assert found.code == "ticket"


def test_ledger_and_grade_book_agree_and_the_doctor_finds_nothing(swapped: Class) -> None:
    assert agree(swapped.course, swapped.course.unit(ID)) == ()
    assert list(examine(swapped.course.root)) == []


def test_a_restored_course_grades_on(swapped: Class, tmp_path: Path) -> None:
    (swapped.course.root.parent / "bank").rename(tmp_path / "bank")     # the bank of units was on the old machine
    _, made = restore(backup(swapped.course, tmp_path / "saved.zip").path, tmp_path / "again")
    (tmp_path / "bank").rename(swapped.course.root.parent / "bank")
    assert made is not None
    unit = made.unit(ID)
    assert standings(made, unit) == standings(swapped.course, swapped.course.unit(ID))
    assert agree(made, unit) == ()
    made.place("inbox", "bo", "answers (2).ipynb").write_bytes(own_work(swapped.course, "bo"))
    collect_unit(made, ID)
    rows = {row.learner: row for row in grade(made, ID)}
    assert (rows["ada"].status, rows["ada"].earned) == ("marked", 1.0)   # its feedback is made again on the way
    assert (rows["bo"].status, rows["bo"].earned) == ("marked", 3.0)
    attempts = {who: row["attempt"] for who, row in ledger.latest(made.root, ID).items()}
    assert attempts == {"ada": 1, "bo": 2}
    assert agree(made, unit) == ()
