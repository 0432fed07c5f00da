"""nbgrader's own commands, from end to end, in a folder that `vsim course init` has made: same marks, same ledger.

The exchange is a folder of the course; learners fetch and submit from a folder of their own, as nbgrader knows it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.course.folders import UNIT, answered, command, model_answers, new_course

pytestmark = [pytest.mark.slow, pytest.mark.needs("notebooks", "jail")]

LEARNERS = {"ada": "Ada", "bo": "Bo"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the whole way once: ada hands in the model answers, bo what was released."""
    import nbformat

    base = tmp_path_factory.mktemp("stock")
    made = new_course(base / "stock-class", LEARNERS)
    home = {"HOME": str(base / "home")}
    (base / "home").mkdir()
    command(made, "generate_assignment", "--force", UNIT, program="nbgrader", **home)
    command(made, "course", "release", UNIT, "--exchange", "-q")
    for learner in LEARNERS:
        desk = base / f"desk-{learner}"
        desk.mkdir()
        options = (
            f"--Exchange.root={made / 'exchange'}",
            f"--Exchange.cache={desk / 'cache'}",
            "--course=stock-class",
            f"--CourseDirectory.student_id={learner}",
        )
        command(desk, "fetch_assignment", UNIT, *options, program="nbgrader", **home)
        if learner == "ada":
            path = desk / UNIT / f"{UNIT}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            answered(notebook, model_answers(made))
            nbformat.write(notebook, path)
        command(desk, "submit", UNIT, *options, program="nbgrader", **home)
    for step in ("collect", "autograde", "generate_feedback"):
        command(made, step, UNIT, program="nbgrader", **home)
    command(made, "export", program="nbgrader", **home)
    return made


def test_the_marks_are_those_of_vsims_own_commands(course: Path) -> None:
    with (course / "grades.csv").open(encoding="utf-8") as file:
        told = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert told == {"ada": (15.0, 20.0), "bo": (0.0, 20.0)}
    command(course, "course", "grade", UNIT, "-q")
    command(course, "course", "export", UNIT, "-o", "marks.csv", "-q")
    with (course / "marks.csv").open(encoding="utf-8-sig") as file:
        ours = {row["learner"]: float(row["total"]) for row in csv.DictReader(file) if row["learner"]}
    assert ours == {learner: score for learner, (score, _) in told.items()}


def test_the_date_of_the_calendar_is_on_what_was_fetched(course: Path) -> None:
    for place in (course / "exchange" / "stock-class" / "outbound" / UNIT, course.parent / "desk-bo" / UNIT):
        assert "2026-12-01 18:00 (UTC+08:00)" in (place / f"{UNIT}.ipynb").read_text(encoding="utf-8")


def test_every_marking_stands_in_the_ledger(course: Path) -> None:
    rows = [json.loads(line) for line in (course / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    first = {row["learner"]: row for row in reversed(rows) if row["kind"] == "marked"}
    assert set(first) == set(LEARNERS)
    assert all(row["run"]["tier"] == "bwrap" and row["run"]["died"] is None for row in first.values())
    assert sum(score["earned"] for score in first["ada"]["scores"].values()) == 15


def test_the_feedback_is_vsims_page(course: Path) -> None:
    for learner in LEARNERS:
        page = (course / "feedback" / learner / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
        assert "Content-Security-Policy" in page
        assert "<script" not in page
        assert str(course) not in page
