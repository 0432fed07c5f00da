"""A marked notebook in the learner's own language: what the unit says and what was judged, not what was written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from vsim.course.cards import FRONT
from vsim.course.editions import generate_notebook
from vsim.course.feedback_language import own_language, score_of, translate
from vsim.course.folder import Course, init_course, open_course
from vsim.course.handout_front import front_text, with_front
from vsim.course.marks import criterion_row
from vsim.course.roster import Learner, write_roster
from vsim.course.tasks import Criterion, Score
from vsim.course.words import Said, Words

UNIT = "foundation-01-registers-and-rates"
SOURCE = Path(__file__).resolve().parents[2] / "curriculum" / "foundation" / "01-registers-and-rates"
LABEL, REASON = "Active for each 100 registered, by district", "It counts records. Count each volunteer once."


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = init_course(tmp_path_factory.mktemp("language") / "c")
    shutil.copytree(SOURCE, made.root / "units" / UNIT)
    write_roster(made.root / "learners.csv", {"li": Learner("li", "Li", "zh_CN"), "ann": Learner("ann", "Ann")})
    return open_course(made.root)


def marked(course: Course) -> Any:
    """Return a notebook as it stands in autograded/, its written answer and a cell of the learner's own in English."""
    from nbformat.v4 import new_markdown_cell, new_output

    source = course.unit(UNIT).source
    nb = with_front(generate_notebook(source), front_text(course.unit(UNIT), course.settings, None))
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == "reflection":
            cell.source = "My own words."
        if name in ("q3-check", "q4-check"):
            cell.outputs = [new_output("execute_result", {"text/plain": "0.0", "text/html": f"<p>old {name}</p>"})]
    nb.cells.insert(3, new_markdown_cell("## A note of mine", id="mine"))
    return nb


def row() -> dict[str, Any]:
    criteria = (Criterion(LABEL, 0.0, 2.0, Said(REASON), "records-not-people"),)
    score = {"earned": 0.0, "points": 4.0, "criteria": [criterion_row(one) for one in criteria]}
    return {"scores": {"q3": score, "q4": score}, "answers": {"q3": {"lowest": 1}, "q4": None}}


def test_the_language_is_the_learners_own_where_the_roster_names_one(course: Course) -> None:
    assert [own_language(course, who) for who in ("li", "ann", "nobody")] == ["zh_CN", "", ""]
    assert own_language(None, "li") == ""


def test_what_the_unit_says_and_what_was_judged_is_translated_and_what_was_written_is_not(course: Course) -> None:
    nb = marked(course)
    translate(nb, course, UNIT, "li", row(), "zh_CN")
    chinese = {cell.id: cell.source for cell in generate_notebook(course.unit(UNIT).source, "zh_CN").cells}
    texts = {cell.id: cell.source for cell in nb.cells if cell.cell_type == "markdown"}
    written = next(cell.id for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "reflection")
    assert (texts.pop("mine"), texts.pop(written)) == ("## A note of mine", "My own words.")
    assert "分值" in texts.pop(FRONT)
    assert texts == {name: chinese[name] for name in texts}
    said = {cell.metadata["nbgrader"]["grade_id"]: cell.outputs[0]["data"]["text/html"] for cell in nb.cells
            if cell.get("outputs")}
    words = Words("zh_CN", {})
    assert said["q4-check"] == "<p>old q4-check</p>"                        # no answer arrived: as it was said
    assert LABEL not in said["q3-check"]
    assert REASON not in said["q3-check"]
    assert words("Not yet") in said["q3-check"]


def test_in_the_language_of_the_notebook_nothing_changes(course: Course) -> None:
    nb = marked(course)
    translate(nb, course, UNIT, "ann", row(), "en")
    assert nb == marked(course)


def test_a_unit_that_is_not_there_leaves_the_notebook_as_it_is(course: Course) -> None:
    nb = marked(course)
    translate(nb, course, "leader-09-x", "li", row(), "zh_CN")
    assert nb == marked(course)


def test_a_score_comes_back_from_the_ledger_with_its_messages() -> None:
    before = Score("q1", 1.5, 3.0, (
        Criterion("A", 1.0), Criterion("B", 0.5, 2.0, Said("{what} of {n}", {"what": Said("part"), "n": 3}), "slip")))
    rows = {"earned": 1.5, "points": 3.0, "criteria": [criterion_row(one) for one in before.criteria]}
    assert score_of("q1", rows, Words("zh_CN", {"part": "部分"})) == before
