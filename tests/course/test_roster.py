"""The roster: lists as offices keep them are read whole or refused with one clear message; nobody is lost silently."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vsim.course import ledger
from vsim.course.folder import Course, init_course, open_course
from vsim.course.lists import MOST_ROWS
from vsim.course.roster import COLUMNS, Learner, read_roster, write_roster
from vsim.course.roster_change import change, compare
from vsim.errors import UsageError

Build = Callable[[Any, Any], None]
ROWS = [["学号", "姓名", "邮箱", "班级", "语言"], ["0012", "李明", "li@example.org", "一班", ""],
        ["0013", "Ann", "", "", "英文"]]
FOUND = {"0012": Learner("0012", "李明", "", "li@example.org", "一班"), "0013": Learner("0013", "Ann", "en")}


def workbook(path: Path, build: Build) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    build(book, book.active)
    book.save(path)
    return path


def filled(rows: list[list[Any]] = ROWS, form: str = "General") -> Build:
    def build(_book: Any, sheet: Any) -> None:
        for row in rows:
            sheet.append(row)
        for cell in sheet["A"]:
            cell.number_format = form
    return build


def course_of(folder: Path, *learners: str) -> Course:
    course = init_course(folder)
    write_roster(course.root / "learners.csv", {who: Learner(who, who.title()) for who in learners})
    return open_course(course.root)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_csv_in_the_encodings_of_offices_keeps_leading_zeros(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "l.csv"
    text = ("\ufeff" if encoding == "utf-16-be" else "") + "\r\n".join(";".join(row) for row in ROWS)
    path.write_bytes(text.encode(encoding))
    found = read_roster(path)
    assert (found.learners, found.remarks) == (FOUND, ())
    assert found.columns == ("learner", "name", "language", "email", "section")


def test_a_workbook_says_the_same_whatever_it_is_called(tmp_path: Path) -> None:
    def build(book: Any, sheet: Any) -> None:
        sheet.append(["2026 年第一期学员名单"])
        sheet.merge_cells("A1:E1")                                          # a title above the list does no harm
        sheet.append([])
        for row in ROWS:
            sheet.append([None, *row, None])
        sheet.row_dimensions[40].hidden = True                              # an empty row that is hidden neither
        book.create_sheet("Totals")
    found = read_roster(workbook(tmp_path / "l.xlsx", build).rename(tmp_path / "list.csv"))
    assert found.learners == FOUND
    assert [remark.partition(":")[2] for remark in found.remarks] == [
        " the sheet Sheet was read; there are others: Totals."]
    assert read_roster(tmp_path / "list.csv", " sheet ").learners == FOUND


def test_ids_that_are_numbers_keep_the_zeros_of_their_format_and_else_are_remarked(tmp_path: Path) -> None:
    rows = [["ID", "name"], [7, "a"], [1234567, "b"]]
    zeros = read_roster(workbook(tmp_path / "z.xlsx", filled(rows, "00000")))
    assert (list(zeros.learners), zeros.remarks) == (["00007", "1234567"], ())
    plain = read_roster(workbook(tmp_path / "p.xlsx", filled(rows)))
    assert list(plain.learners) == ["7", "1234567"]
    assert len(plain.remarks) == 1
    assert "2 ids are stored as numbers" in plain.remarks[0]
    assert "first in row 2" in plain.remarks[0]


def test_a_number_beside_the_id_is_read_as_it_stands_and_unknown_columns_are_told_and_not_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", filled([["学号", "班级", "手机"], ["a1", 3, "13800000000"]]))
    found = read_roster(path)
    assert found.learners == {"a1": Learner("a1", "a1", section="3")}
    assert ["手机" in remark for remark in found.remarks] == [True]


def shaded(action: Build) -> Build:
    def build(book: Any, sheet: Any) -> None:
        filled()(book, sheet)
        action(book, sheet)
    return build


def put(cell: str, value: Any, form: str = "General") -> Build:
    def action(_book: Any, sheet: Any) -> None:
        sheet[cell] = value
        sheet[cell].number_format = form
    return shaded(action)


@pytest.mark.parametrize(("build", "word"), [
    (put("A3", "=A2+1"), r"l\.xlsx:3: the cell A3 holds a formula; allowed .*paste it as values"),
    (put("B2", "=C2&D2"), r"l\.xlsx:2: the cell B2 holds a formula"),
    (put("B2", "#N/A"), r"l\.xlsx:2: the cell B2 holds the error #N/A"),
    (put("A3", True), r"l\.xlsx:3: the cell A3 holds true"),
    (put("A3", 12.5), r"l\.xlsx:3: the cell A3 holds a number that is not whole"),
    (put("A3", 2026120112345678), r"l\.xlsx:3: the cell A3 holds a number of more than 15 digits"),
    (put("A3", 120012, "000-000"), r"l\.xlsx:3: the cell A3 shows a number in the format '000-000'"),
    (put("A3", 46000, "yyyy-mm-dd"), r"l\.xlsx:3: the cell A3 holds a date"),
    (put("A3", "0012"), r"l\.xlsx:3: the learner '0012' stands twice, first in line 2"),
    (put("A3", "００１２"), r"l\.xlsx:3: the learner '0012' stands twice \(as '0012' and '００１２'\)"),
    (put("A3", None), r"l\.xlsx:3: has no id, but 'Ann, 英文'"),
    (put("A3", "a/b"), r"l\.xlsx:3: learner id is 'a/b'"),
    (put("E3", "法文"), r"l\.xlsx:3: language of '0013' is '法文'; allowed en or zh_CN"),
    (put("C3", "ann at example"), r"l\.xlsx:3: email of '0013' is 'ann at example'"),
    (put("B3", "@SUM(1)"), r"l\.xlsx:3: name of '0013' is '@SUM\(1\)', which a spreadsheet program would take"),
    (put("B3", "x" * 81), r"l\.xlsx:3: name of '0013' is 81 characters long"),
    (put("A1", "座位"), r"l\.xlsx:1: the columns are 座位, 姓名, .*; allowed learner \(学号, 工号"),
    (put("E1", "编号"), r"l\.xlsx:1: the columns '学号' and '编号' both mean learner"),
    (put(f"A{MOST_ROWS + 1}", "9"), r"l\.xlsx: has something in row 20,001"),
    (shaded(lambda _book, sheet: sheet.merge_cells("D2:D3")), r"l\.xlsx:2: the cells D2:D3 are merged"),
    (shaded(lambda _book, sheet: sheet.row_dimensions.__getitem__(3).__setattr__("hidden", True)),
     r"l\.xlsx:3: 1 rows are hidden, or left out by a filter"),
    (lambda _book, _sheet: None, r"l\.xlsx: is empty"),
])
def test_a_workbook_with_anything_wrong_is_refused_with_the_place(tmp_path: Path, build: Build, word: str) -> None:
    path = workbook(tmp_path / "l.xlsx", build)
    course = course_of(tmp_path / "c", "ada")
    before = (course.root / "learners.csv").read_bytes()
    with pytest.raises(UsageError, match=word) as caught:
        change(course, read_roster(path))
    assert "\n" not in str(caught.value)
    assert (course.root / "learners.csv").read_bytes() == before


def test_how_many_lines_are_wrong_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("id\na/b\nok\nc d\n\nx@\n")
    with pytest.raises(UsageError, match=r"l\.csv:2: learner id is 'a/b'.* 2 more lines are wrong as well\.$"):
        read_roster(tmp_path / "l.csv")


def test_what_a_spreadsheet_program_does_to_ids_in_csv_is_undone_or_told(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("编号,姓名\n\"=\"\"0007\"\"\",-\n'0008,无\n")
    assert list(read_roster(tmp_path / "l.csv").learners.items()) == [
        ("0007", Learner("0007", "0007")), ("0008", Learner("0008", "0008"))]
    (tmp_path / "l.csv").write_text("编号\n3.30106E+17\n")
    with pytest.raises(UsageError, match=r"l\.csv:2: learner id is '3.30106E\+17': a spreadsheet program has rounded"):
        read_roster(tmp_path / "l.csv")


def test_an_external_id_is_one_learners(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("id,sis id\na,77\nb,77\n")
    with pytest.raises(UsageError, match=r"l\.csv:3: the external id '77' stands twice, first in line 2"):
        read_roster(tmp_path / "l.csv")


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(("raw", "word"), [
    (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
    (OLE + "Workbook".encode("utf-16-le"), "is a workbook of the old format"),
    (b"<html><table><tr><td>id", "is a web page with a table"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "is a web page with a table"),
    (b"PK\x03\x04" + bytes(300), "is broken or half copied"),
    (packed(**{"word/document.xml": b""}), "is an archive, but no workbook"),
    (packed(**{"xl/workbook.bin": b""}), "is a binary workbook"),
    (packed(**{"xl/workbook.xml": b"<x/>"}), "cannot be read as a workbook"),
    (packed(**{"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(41_000_000)}), "unpacks to more than"),
    (b"\0\1\2 learner", "holds binary data"),
])
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path: Path, raw: bytes, word: str) -> None:
    (tmp_path / "l.xlsx").write_bytes(raw)
    with pytest.raises(UsageError, match=word):
        read_roster(tmp_path / "l.xlsx")


def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    for name, word in (("pipe.xlsx", "is no ordinary file"), ("none.csv", "no such file"), (".", "is a directory")):
        with pytest.raises(UsageError, match=word):
            read_roster(tmp_path / name)


def test_a_merged_range_over_a_whole_sheet_and_an_entity_bomb_take_no_memory(tmp_path: Path) -> None:
    raw = workbook(tmp_path / "l.xlsx", filled()).read_bytes()
    merge = (b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><hyperlinks>'
             b'<hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>')
    (tmp_path / "m.xlsx").write_bytes(edited(raw, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData>" + merge))
    with pytest.raises(UsageError, match=r"m\.xlsx:1: the cells A1:XFD1048576 are merged"):
        read_roster(tmp_path / "m.xlsx")
    bomb = b'<!DOCTYPE x [<!ENTITY a "' + b"b" * 1000 + b'"><!ENTITY c "' + b"&a;" * 1000 + b'">]>'
    (tmp_path / "b.xlsx").write_bytes(edited(raw, "xl/worksheets/sheet1.xml", b"<worksheet", bomb + b"<worksheet"))
    with pytest.raises(UsageError, match=r"b\.xlsx: cannot be read as a workbook \(ValueError"):
        read_roster(tmp_path / "b.xlsx")


def edited(raw: bytes, member: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert old in files[member]
    files[member] = files[member].replace(old, new, 1)
    return packed(**files)


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "l.xlsx", filled())
    with pytest.raises(UsageError, match=r"--sheet is 'Sheat'; allowed Sheet\. Did you mean 'Sheet'\?"):
        read_roster(path, "Sheat")
    (tmp_path / "l.csv").write_text("id\na\n")
    with pytest.raises(UsageError, match="the file is no workbook"):
        read_roster(tmp_path / "l.csv", "Sheet")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    one = Learner("007", 'Li, "Ming"', "zh_CN", "li@example.org", "一班", "SIS-7")
    write_roster(tmp_path / "l.csv", {"007": one})
    found = read_roster(tmp_path / "l.csv")
    assert (found.learners, found.columns, found.remarks) == ({"007": one}, COLUMNS, ())


def test_a_change_is_looked_at_first_and_nobody_is_taken_off_unasked(tmp_path: Path) -> None:
    course = course_of(tmp_path / "c", "ada", "bo", "cy", "di", "eve")
    ledger.append(course.root, {"kind": "marked", "unit": "u", "learner": "cy"})
    (course.root / "submitted" / "di" / "u").mkdir(parents=True)
    (course.root / "submitted" / "eve").mkdir()
    (tmp_path / "l.csv").write_text("id,name\nfay,Fay\nbo,Robert\nada,Ada\n")
    found = read_roster(tmp_path / "l.csv")
    states = [("fay", "added", False), ("bo", "changed", False), ("ada", "unchanged", False),
              ("cy", "gone", True), ("di", "gone", True), ("eve", "gone", False)]
    before = (course.root / "learners.csv").read_bytes()
    changes = compare(course, found)
    assert [(one.learner, one.state, one.work) for one in changes] == states
    assert changes[1].fields == {"name": ("Bo", "Robert")}
    assert (course.root / "learners.csv").read_bytes() == before
    assert change(course, found) == changes
    assert list(open_course(course.root).learners.items()) == [
        ("fay", "Fay"), ("bo", "Robert"), ("ada", "Ada"), ("cy", "Cy"), ("di", "Di"), ("eve", "Eve")]
    change(open_course(course.root), found, remove=True)
    assert list(open_course(course.root).learners) == ["fay", "bo", "ada"]
    assert (course.root / "submitted" / "di" / "u").is_dir()
    assert {row["learner"] for row in ledger.rows(course.root)} == {"cy"}


def test_a_list_without_a_column_leaves_what_was_known(tmp_path: Path) -> None:
    course = init_course(tmp_path / "c")
    known = Learner("ada", "Ada", "zh_CN", "ada@example.org", "1", "77")
    write_roster(course.root / "learners.csv", {"ada": known})
    (tmp_path / "l.csv").write_text("id,section\nADA,2\nnew,\n")
    change(open_course(course.root), read_roster(tmp_path / "l.csv"))
    found = open_course(course.root).roster
    assert found == {"ada": Learner("ada", "Ada", "zh_CN", "ada@example.org", "2", "77"), "new": Learner("new", "new")}
