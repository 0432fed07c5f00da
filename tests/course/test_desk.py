"""The learner's desk: a unit knows the form of an answer and nothing more; a lesson answers at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import vsim
from vsim.course.editions import json_bytes
from vsim.errors import DataError, UsageError

CHECKS = '''
from vsim.course import Choice, Number, Task, marking, t

def truth(tables):
    return len(tables["volunteers"])

def q1(given, found):
    return [marking.number(given, "registered", found, t("Registered people"), slips=[
        marking.Slip(found + 1, "one-more", t("One too many."))])]

def q2(given, _found):
    return [marking.choice(given, "pick", 1, t("The pick"), slips=[])]

TASKS = (
    Task("q1", t("Count"), 2, (Number("registered", unit=t("people"), whole=True),), q1,
         hints=(t("Look at the table."), t("Use len().")), solution=t("Count the rows."),
         code="registered = len(volunteers)"),
    Task("q2", t("Pick"), 1, (Choice("pick", (t("no"), t("yes"))),), q2),
)
'''
WORDS = {"Registered people": "注册人数", "Look at the table.": "看一看表。", "One too many.": "多了一个。"}
TABLES = {"volunteers": pd.DataFrame({"volunteer_id": ["V-1", "V-2", "V-3"]})}


def lesson_folder(folder: Path, lang: str = "en") -> Path:
    card = {"format": 1, "kind": "lesson", "id": "t/01-x", "lang": lang, "title": "X", "minutes": 5,
            "words": WORDS if lang != "en" else {}}
    (folder / "01-x.json").write_bytes(json_bytes(card))
    (folder / "01-x.py").write_text(CHECKS, encoding="utf-8")
    return folder


def unit_folder(folder: Path, **changes: Any) -> Path:
    number = {"kind": "number", "name": "registered", "unit": "people", "whole": True, "low": 0, "high": None}
    task = {"id": "q1", "title": "Count", "points": 2, "hints": ["Look at the table."], "parts": [number]}
    pick = {"id": "q2", "title": "Pick", "points": 1, "hints": [],
            "parts": [{"kind": "choice", "name": "pick", "texts": ["no", "yes", "perhaps"], "lettered": True}]}
    card = {"format": 1, "kind": "unit", "id": "u", "lang": "en", "title": "Unit", "minutes": 9, "due": "2026-12-01",
            "hand_points": 5.0, "course": "c", "words": {}, "tasks": [task, pick]}
    learner = {"format": 1, "kind": "learner", "course": "c", "unit": "u", "learner": "ada", "seed": 5, "ticket": "x"}
    (folder / "unit.json").write_bytes(json_bytes({**card, **changes}))
    (folder / "learner.json").write_bytes(json_bytes(learner))
    (folder / "data").mkdir()
    (folder / "data" / "volunteers.csv").write_text(
        "volunteer_id,student,registered_on\nV-1,true,2025-01-06\nV-2,false,2025-02-03\n", encoding="utf-8-sig")
    return folder


def test_a_lesson_says_what_is_right_and_what_is_not_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lesson_folder(tmp_path))
    lesson = vsim.open_lesson("t/01-x", tables=TABLES)
    space = {"lesson": lesson, "registered": 3}
    assert "Right" in eval('lesson.check("q1")', space).text
    space["registered"] = 4
    assert "One too many." in eval('lesson.check("q1")', space).text
    del space["registered"]
    assert "no answer yet" in eval('lesson.check("q1")', space).text
    assert "3" not in eval('lesson.check("q1")', space).text.replace("q1: 0 of 1", "")


def test_hints_open_one_by_one_and_the_solution_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lesson_folder(tmp_path))
    lesson = vsim.open_lesson("t/01-x", tables=TABLES)
    assert [len(lesson.hint("q1").lines) for _ in range(3)] == [1, 2, 2]
    assert "no hint" in lesson.hint("q2").text
    assert "registered = len(volunteers)" in lesson.solution("q1").text
    assert [line.text for line in lesson.options("q2").lines] == ["no", "yes"]


def test_a_lesson_speaks_the_language_of_its_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lesson_folder(tmp_path, "zh_CN"))
    lesson = vsim.open_lesson("t/01-x", tables=TABLES)
    space = {"lesson": lesson, "registered": 4}
    assert "注册人数 - 多了一个。" in eval('lesson.check("q1")', space).text
    assert lesson.t("Look at the table.") == "看一看表。"
    assert lesson.t("never translated") == "never translated"


def test_an_unknown_task_is_refused_with_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lesson_folder(tmp_path))
    with pytest.raises(UsageError, match="q1, q2"):
        vsim.open_lesson("t/01-x", tables=TABLES).check("q9")


def test_a_unit_gives_the_learners_own_tables_with_their_types(tmp_path: Path) -> None:
    unit = vsim.open_unit(unit_folder(tmp_path))
    table = unit.data["volunteers"]
    assert [str(kind) for kind in table.dtypes] == ["str", "bool", "datetime64[s]"]
    assert unit.learner == "ada"
    for text in ("Unit", "ada", "9", "8", "2026-12-01"):
        assert text in repr(unit)


def test_a_unit_checks_the_form_and_never_the_value(tmp_path: Path) -> None:
    space: dict[str, Any] = {"unit": vsim.open_unit(unit_folder(tmp_path)), "registered": 2}
    right = eval('unit.check("q1")', space).text
    space["registered"] = 999
    wrong = eval('unit.check("q1")', space).text
    assert right.replace("2", "") == wrong.replace("999", "").replace("2", "")
    space["registered"] = "two"
    assert "quotation marks" in eval('unit.check("q1")', space).text


def test_when_it_is_graded_a_unit_sends_the_plain_answer_and_shows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    space = {"unit": vsim.open_unit(unit_folder(tmp_path)), "registered": 2}
    assert eval('unit.check("q1")', space) is None
    assert sent == [{"application/vnd.vsim.answer+json": {"task": "q1", "answer": {"registered": 2}}}]


def test_options_of_a_unit_stand_in_the_learners_own_order(tmp_path: Path) -> None:
    shown = vsim.open_unit(unit_folder(tmp_path)).options("q2")
    assert sorted(line.text for line in shown.lines) == ["no", "perhaps", "yes"]
    assert shown.letter("yes") == next(line.word for line in shown.lines if line.text == "yes")


@pytest.mark.parametrize(("file", "text", "error", "word"), [
    ("unit.json", None, UsageError, "Unpack the whole handout"), ("learner.json", None, UsageError, "Unpack"),
    ("unit.json", "{", DataError, "Unpack the handout again"), ("unit.json", "[]", DataError, "again"),
    ("unit.json", '{"format": 2, "kind": "unit"}', DataError, "another version"),
    ("learner.json", '{"format": 1, "kind": "learner", "unit": "v"}', DataError, "folder of its own"),
])
def test_a_broken_handout_says_what_to_do(
    tmp_path: Path, file: str, text: str | None, error: type[Exception], word: str
) -> None:
    unit_folder(tmp_path)
    if text is None:
        (tmp_path / file).unlink()
    else:
        (tmp_path / file).write_text(text)
    with pytest.raises(error, match=word):
        vsim.open_unit(tmp_path)


@pytest.mark.parametrize("damage", ["volunteer_id,registered_on\nV-1,6/1/2025\n", "volunteer_id,unknown\nV-1,1\n", ""])
def test_a_table_that_a_spreadsheet_spoiled_is_named(tmp_path: Path, damage: str) -> None:
    unit = vsim.open_unit(unit_folder(tmp_path))
    (tmp_path / "data" / "volunteers.csv").write_text(damage)
    with pytest.raises(DataError, match=r"volunteers\.csv"):
        _ = unit.data


def test_the_card_of_a_unit_is_json(tmp_path: Path) -> None:
    assert json.loads((unit_folder(tmp_path) / "unit.json").read_text(encoding="utf-8"))["id"] == "u"
