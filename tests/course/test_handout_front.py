"""The first cell of what is handed out: what it says, that it can be dated anew, and that the intake gives it back."""

from __future__ import annotations

import json

import nbformat
import pytest

from tests.course.small_course import ID, unit_folder
from vsim.course.calendar_dates import clock_of, when
from vsim.course.cards import FRONT
from vsim.course.editions import generate_notebook, notebook_bytes
from vsim.course.handout import unzipped, zip_bytes
from vsim.course.handout_front import dated_zip, front_text, lateness, with_front
from vsim.course.rebuild import rebuild
from vsim.course.settings import Settings
from vsim.course.unit import Unit
from vsim.course.words import Words

CLOCK = clock_of("+08:00")
LATE = "More than 15 minutes late, each day begun costs 10 % of the points; after 7 days the work is not counted."
DUE, LATER = (when(text, CLOCK, "x") for text in ("2026-12-01 18:00", "2026-12-08 18:00"))


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Unit:
    return Unit(unit_folder(tmp_path_factory.mktemp("bank")))


def test_it_says_when_what_and_how_often(unit: Unit) -> None:
    text = front_text(unit, Settings(name="c", counts="last", late_per_day=0.1, late_days=7), DUE)
    assert text.splitlines() == [
        "- **Due**: Tuesday, 2026-12-01 18:00 (UTC+08:00)",
        "- **Handed in late**: " + LATE,
        "- **Worth**: 6 in all: q1 2, q2 1, words 3. A person marks words.",
        "- **Time**: about 5 minutes",
        "- **Attempts**: You may hand in more than once; the last attempt counts.",
    ]
    without = front_text(unit, Settings(name="c"), None)
    assert "Due" not in without
    assert "the best attempt" in without


def test_it_speaks_the_language_of_the_course(unit: Unit) -> None:
    text = front_text(unit, Settings(name="c", language="zh_CN"), DUE)
    assert "星期二" in text
    assert "2026-12-01 18:00 (UTC+08:00)" in text
    assert not any(word in text for word in ("Due", "Worth", "Tuesday", "minutes"))


@pytest.mark.parametrize(("settings", "word"), [
    ({"late_days": 0}, "more than 15 minutes late is not counted"), ({}, "loses no points."),
    ({"late_days": 9}, "after 9 days it is not counted"), ({"late_per_day": 0.125}, "costs 12.5 %"),
])
def test_what_being_late_costs_is_said_as_the_course_has_it(settings: dict[str, float], word: str) -> None:
    told = Settings.model_validate({"name": "c", **settings})
    assert word in Words("en")(lateness(told))


def released(unit: Unit, text: str) -> nbformat.NotebookNode:
    return with_front(generate_notebook(unit.source), text)


def test_a_handout_that_is_out_is_dated_anew_once_and_all_else_in_it_stays(unit: Unit) -> None:
    old, new = (front_text(unit, Settings(name="c"), due) for due in (DUE, LATER))
    card = {"id": ID, "due": "2026-12-01 18:00 (UTC+08:00)", "tasks": []}
    files = {f"{ID}/{ID}.ipynb": notebook_bytes(released(unit, old)), f"{ID}/unit.json": json.dumps(card).encode(),
             f"{ID}/data/x.csv": b"a\n1\n"}
    raw = zip_bytes(files)
    assert dated_zip(raw, ID, old, DUE) is None
    again = dated_zip(raw, ID, new, LATER)
    assert again is not None
    found = unzipped(again)
    assert list(found) == list(files)
    assert found[f"{ID}/data/x.csv"] == b"a\n1\n"
    assert json.loads(found[f"{ID}/unit.json"]) == {**card, "due": "2026-12-08 18:00 (UTC+08:00)"}
    assert found[f"{ID}/{ID}.ipynb"] == notebook_bytes(released(unit, new))
    assert dated_zip(again, ID, new, LATER) is None


def test_the_intake_puts_the_released_one_in_place_of_an_older_one_and_keeps_cells_of_ones_own(unit: Unit) -> None:
    blank = released(unit, front_text(unit, Settings(name="c"), LATER))
    handed = released(unit, front_text(unit, Settings(name="c"), DUE))
    handed.cells.insert(1, nbformat.v4.new_markdown_cell("my own note"))
    answer = next(cell for cell in handed.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "q1")
    answer.source = "registered = 30"
    for old_editor in (False, True):
        if old_editor:                                                      # ids of cells are gone, as in format 4.4
            handed.nbformat_minor = 4
            for cell in handed.cells:
                cell.pop("id", None)
        built = rebuild(blank, nbformat.writes(handed).encode())
        sources = [cell.source for cell in built.notebook.cells]
        assert sources[0] == blank.cells[0].source
        assert sum("**Worth**" in source for source in sources) == 1
        assert "my own note" in sources
        assert (built.answered, built.usable) == (1, True)
        assert built.notebook.cells[0].id == FRONT


def test_a_handout_from_before_there_was_a_front_is_taken_without_a_remark(unit: Unit) -> None:
    blank = released(unit, front_text(unit, Settings(name="c"), DUE))
    built = rebuild(blank, nbformat.writes(generate_notebook(unit.source)).encode())
    assert (built.flags, built.usable) == ((), True)
    assert [cell.source for cell in built.notebook.cells] == [cell.source for cell in blank.cells]
