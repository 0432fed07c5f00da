"""Marks for other programs: what is written is read back, no cell is a formula, and ids keep their zeros."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.course.ledger_rows import DUE, frozen_course, hand, marked, ruled
from tests.course.small_course import ID
from vsim.course.export import FORMS, export
from vsim.course.export_cells import csv_bytes, guarded, risky
from vsim.course.folder import Course
from vsim.errors import DataError, UsageError

LIST = """learner,name,email,section,external_id
0042,李梅,li@example.org,一班,007
bo,"O'Neil; =1+1",,二班,
cy,Cy,cy@example.org,,
di,Di,,,
ed,\u9fd4,,,
"""
SECOND = "foundation-02-small"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a course: one learner done and late, one with an open answer, two missing, one at nought.

    Its unit was never released through nbgrader, so that there is no grade book to read or to make again.
    """
    monkeypatch.setattr("vsim.course.grading.read_hand_marks", lambda _course, _unit: 0)
    made = ruled(frozen_course(tmp_path, LIST), late_per_day=0.25)
    marked(made, "0042", 1, 2, 0.5, arrived=(DUE + timedelta(days=1)).isoformat())
    hand(made, "0042", words=2.5)
    marked(made, "bo", 1, 1, 1)
    marked(made, "ed", 1, 0, 0, blank=["words"])
    return made


def second(course: Course) -> None:
    """Release another unit of the same points, in which the first learner has everything."""
    for place in ("units", "release", "source"):
        for file in [one for one in course.place(place, ID).rglob("*") if one.is_file()]:
            target = course.place(place, SECOND, file.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text(encoding="utf-8").replace("-01-small", "-02-small"), encoding="utf-8")
    row = {"unit": SECOND, "blank": ["words"]}
    marked(course, "0042", 1, 2, 1, **row)


def lines(raw: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode(encoding))))


def sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    from openpyxl import load_workbook

    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in load_workbook(io.BytesIO(raw))}


def test_totals_say_how_the_points_came_about(course: Course) -> None:
    found = lines(export(course, ID))
    assert found[0] == ["learner", "name", "state", "q1", "q2", "words", "total", "before_lateness", "late_days",
                        "attempt"]
    assert found[1] == ["", "", "most", "2", "1", "3", "6", "", "", ""]
    assert found[2] == ["0042", "李梅", "complete", "2", "0.5", "2.5", "3.75", "5", "1", "1"]
    assert found[3] == ["bo", "O'Neil;' =1+1", "hand marks open", "1", "1", "", "2", "2", "0", "1"]
    assert [line[2] for line in found[4:]] == ["missing", "missing", "complete"]
    assert found[5][3:] == [""] * 7


def test_the_whole_course_has_a_column_for_each_unit_and_only_final_marks(course: Course) -> None:
    second(course)
    found = lines(export(course))
    assert found[0] == ["learner", "name", "section", ID, SECOND, "total", "complete"]
    assert found[1][3:] == ["6", "6", "12", "2"]
    assert found[2] == ["0042", "李梅", "一班", "3.75", "3", "6.75", "2"]
    assert found[3][3:] == ["", "", "", "0"]
    assert found[6][3:] == ["0", "", "0", "1"]
    assert {line[1] for line in lines(export(course, form="criteria"))[1:]} == {ID, SECOND}


def test_canvas_knows_the_columns_and_gets_final_marks_only(course: Course) -> None:
    found = lines(export(course, ID, "canvas"))
    assert found[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A small unit"]
    assert found[1] == ["    Points Possible", "", "", "", "", "6"]
    assert found[2] == ["李梅", "", "007", "0042", "一班", "3.75"]
    assert [line[2:] for line in found[3:]] == [
        ["bo", "bo", "二班", ""], ["cy", "cy", "", ""], ["di", "di", "", ""], ["ed", "ed", "", "0"]]


def test_moodle_gets_marks_and_feedback_together_or_neither(course: Course) -> None:
    second(course)
    found = lines(export(course, form="moodle"))
    assert found[0] == ["idnumber", "email", "fullname", f"A small unit ({ID})", f"A small unit ({ID}) (feedback)",
                        f"A small unit ({SECOND})", f"A small unit ({SECOND}) (feedback)"]
    assert found[1] == ["007", "li@example.org", "李梅", "3.75", "q1 2/2, q2 0.5/1, words 2.5/3; days late: 1", "3",
                        "q1 2/2, q2 1/1, words 0/3"]
    assert [line[0] for line in found[1:]] == ["007", "ed"]
    assert all((line[place] == "") == (line[place + 1] == "") for line in found[1:] for place in (3, 5))


def test_criteria_are_those_of_the_attempt_that_counts(course: Course) -> None:
    one = {"label": "=Count", "credit": 0.5, "weight": 2.0, "reason": "", "values": {}, "slip": "half"}
    scores = {"q1": {"earned": 2.0, "points": 2.0, "criteria": [one]}, "q2": {"earned": 1, "points": 1, "criteria": []}}
    marked(course, "cy", 1, 0, 0, blank=["words"])
    marked(course, "cy", 2, 2, 1, blank=["words"], scores=scores)
    found = [line for line in lines(export(course, ID, "criteria")) if line[0] == "cy"]
    assert found == [["cy", ID, "2", "q1", "'=Count", "0.5", "2", "half", "2", "2"],
                     ["cy", ID, "2", "words", "by hand", "0", "1", "", "0", "3"]]


def test_a_workbook_keeps_ids_as_texts_and_holds_no_formula(course: Course) -> None:
    from openpyxl import load_workbook

    raw = export(course, ID, "xlsx")
    found = sheets(raw)
    assert list(found) == ["Marks", "Criteria", "Key to the columns"]
    marks = found["Marks"]
    assert marks[2] == ["0042", "李梅", "complete", 2, 0.5, 2.5, 3.75, 5, 1, 1]
    assert marks[3][:3] == ["bo", "O'Neil; =1+1", "hand marks open"]
    head = dict(zip(marks[0], marks[1], strict=True))
    assert (head["q1"], head["words"], head["Total"]) == (2, 3, 6)
    explained = {str(line[0]) for line in found["Key to the columns"]}
    assert set(marks[0]) <= explained
    sheet = load_workbook(io.BytesIO(raw))["Marks"]
    assert (sheet["A3"].data_type, sheet["A3"].number_format) == ("s", "@")
    cells = [cell for page in load_workbook(io.BytesIO(raw)) for line in page.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} == {"s", "n"}


def test_a_workbook_of_the_course_has_every_unit(course: Course) -> None:
    second(course)
    marks = sheets(export(course, form="xlsx"))["Marks"]
    assert marks[0] == ["Learner", "Name", "Section", ID, SECOND, "Total", "Complete"]
    assert marks[2] == ["0042", "李梅", "一班", 3.75, 3, 6.75, 2]


HOSTILE = ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "\u3000=1", "\u00a0=1", "\ufeff=1", "\u200b=1",
           "＝1", "＋1", "－1", "＠x", "\ufe62x", "\u3000＝1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_any_form(text: str) -> None:
    from openpyxl import Workbook, load_workbook

    from vsim.course.export_xlsx import _write

    assert risky(text)
    ((cell,),) = lines(csv_bytes([text], []))
    assert cell == guarded(text) == "'" + re.sub(r"[\t\r\n]", " ", text)
    book = Workbook()
    _write(book.active["A1"], text)
    out = io.BytesIO()
    book.save(out)
    again = load_workbook(io.BytesIO(out.getvalue())).active["A1"]
    assert (again.data_type, again.quotePrefix) == ("s", True)
    assert str(again.value).replace("\r", "\n") == text.replace("\r", "\n")


@pytest.mark.parametrize("text", ["a=b", "1+1", "李 - 王", "a@b.org", "'=1", "", "q1: 2", "3-4", "O'Neil, Ann"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert not risky(text)
    assert guarded(text) == text


@pytest.mark.parametrize(("text", "shown"), [
    ("a;=1+1", "a;'=1+1"), ("a\n\t＝1", "a ＝1"), ("a;\n＝1", "a;' ＝1"), ("a; \u200b@x", "a;' \u200b@x"),
    ("a; b", "a; b"),
])
def test_another_countrys_separator_makes_no_formula_either(text: str, shown: str) -> None:
    assert guarded(text) == shown


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_old_spreadsheet_programs_get_their_encoding(course: Course, encoding: str) -> None:
    if encoding == "gbk":
        with pytest.raises(DataError, match=r"line 7: the character '\u9fd4' \(U\+9FD4\) does not fit into gbk.*utf-8"):
            export(course, ID, encoding=encoding)
        return
    assert lines(export(course, ID, encoding=encoding), encoding) == lines(export(course, ID))


def test_what_cannot_be_written_is_said(course: Course) -> None:
    with pytest.raises(DataError, match=r"line 2: the character U\+D800 does not fit into gb18030"):
        csv_bytes(["a"], [["\ud800"]], "gb18030")
    with pytest.raises(UsageError, match=r"utf-16.*allowed utf-8, gb18030, gbk"):
        export(course, ID, encoding="utf-16")
    with pytest.raises(UsageError, match="a workbook needs none"):
        export(course, ID, "xlsx", "gb18030")
    with pytest.raises(UsageError, match="Release it first"):
        export(course, "foundation-09-x")


def test_every_form_stands_a_course_in_which_nothing_was_handed_in(tmp_path: Path) -> None:
    made = frozen_course(tmp_path, "learner\n001\n")
    sizes: Sequence[int] = [len(export(made, ID, form)) for form in FORMS]
    assert all(sizes)
    assert lines(export(made, ID))[2][:3] == ["001", "001", "missing"]
