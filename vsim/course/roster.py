"""The roster of a course: who learns in it, read from the list that an office keeps, and kept in learners.csv.

A list is read whole or not at all. Ids are texts: leading zeros stay where the file still has them, and where a
spreadsheet program has taken them away, a remark says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from vsim.course.claims import folded
from vsim.course.keys import learner_id
from vsim.course.lists import Table, list_bytes, read_grid, table_of
from vsim.course.writing import write_whole
from vsim.errors import UsageError
from vsim.i18n import known_language, t
from vsim.spec.loading import shown
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    from vsim.course.roster_workbook import Sheet

NAMES = {
    "learner": ("学号", "工号", "编号", "ID", "learner id", "student id", "student number", "staff id", "学员编号",
                "学员号", "考号", "志愿者编号"),
    "name": ("姓名", "学员姓名", "名字", "full name", "student name", "learner name"),
    "language": ("语言", "反馈语言", "lang"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail", "email address"),
    "section": ("班级", "班", "组", "小组", "分组", "class", "group"),
    "external_id": ("外部编号", "平台编号", "external id", "sis id", "sis user id", "idnumber", "lms id"),
}
LANGUAGES = {"中文": "zh_CN", "汉语": "zh_CN", "简体中文": "zh_CN", "英文": "en", "英语": "en", "english": "en"}
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
LONGEST = {"name": 80, "email": 200, "section": 80, "external_id": 80}
NOTHING = ("-", "/", "—", "无")        # what people write where they have nothing to write
FORMULA = ("=", "+", "-", "@")
ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Learner:
    """A line of the roster.

    Attributes
    ----------
    learner : str
        The id: as folders and seeds have it.
    name : str
        The id itself where the list says no name.
    language : str
        "en" or "zh_CN" where the learner's own feedback is in another language than the course; else "".
    email, section : str
    external_id : str
        The number that another platform knows the learner by.
    """

    learner: str
    name: str
    language: str = ""
    email: str = ""
    section: str = ""
    external_id: str = ""


COLUMNS = tuple(field.name for field in fields(Learner))


@dataclass(frozen=True, slots=True)
class Roster:
    """What a list says: its learners by id in its order, the columns that it has, and remarks for the trainer."""

    learners: dict[str, Learner]
    columns: tuple[str, ...] = COLUMNS
    remarks: tuple[str, ...] = ()


def read_roster(path: Path, sheet: str | None = None) -> Roster:
    """Return the roster in a list: xlsx, or CSV in UTF-8, UTF-8 with mark, GB18030 or UTF-16.

    Parameters
    ----------
    path : Path
        With a row that names the columns: an id, and any of name, language, email, section, external_id, in Chinese or
        English. Other columns are passed over.
    sheet : str, optional
        Title of the sheet of a workbook; the first one by default.

    Raises
    ------
    UsageError
        When anything in it is wrong: file and line, what is allowed, what next.
    """
    from vsim.course.roster_workbook import is_workbook, read_sheet

    if is_workbook(path):
        found = read_sheet(path, sheet)
        table = table_of(found.grid, shown(path), NAMES, ["learner"])
        remarks = _checked(table, found)
        if sheet is None and len(found.sheets) > 1:
            remarks.append(t("{file}: the sheet {sheet} was read; there are others: {others}.").format(
                file=path.name, sheet=found.title,
                others=", ".join(title for title in found.sheets if title != found.title)))
    elif sheet is not None:
        raise UsageError(f"{shown(path)}: --sheet is {one_line(sheet)!r}, but the file is no workbook. Leave it out.")
    else:
        table = table_of(read_grid(path), shown(path), NAMES, ["learner"])
        remarks = []
    if table.passed:
        remarks.append(t("{file}: passed over {columns}; vsim keeps none of it.").format(
            file=path.name, columns=", ".join(table.passed)))
    return Roster(_learners(table), tuple(name for name in COLUMNS if name in table.columns), tuple(remarks))


def _checked(table: Table, sheet: Sheet) -> list[str]:
    """Refuse what a workbook can hide in the columns that are read; return what is to be said of ids as numbers."""
    used = {place: column for column, place in table.columns.items()}
    for name, top, bottom, left, right in sheet.merged:
        if bottom >= table.head and any(left <= place <= right for place in used):
            raise UsageError(f"{table.where}:{max(top, table.head)}: the cells {name} are merged; allowed one cell for "
                             "each value. Unmerge them, and fill each.")
    hidden = [row for row in sheet.hidden if row >= table.head]
    if hidden:
        raise UsageError(f"{table.where}:{hidden[0]}: {len(hidden)} rows are hidden, or left out by a filter; allowed "
                         "rows that are shown. Show them, or delete them, and save the file.")
    for (row, place), fault in sorted(sheet.faults.items()):
        if row > table.head and place in used:
            raise UsageError(f"{table.where}:{row}: {fault}")
    ids = {place for place, column in used.items() if column in ("learner", "external_id")}
    plain = [(row, fault) for (row, place), fault in sorted(sheet.numbers.items()) if row > table.head and place in ids]
    for row, fault in plain:
        if fault:
            raise UsageError(f"{table.where}:{row}: {fault}")
    if not plain:
        return []
    return [t("{file}: {n} ids are stored as numbers and are taken as they are shown, the first in row {row}. If they "
              "should begin with zeros, format the column as text and type them anew.").format(
                  file=Path(table.where).name, n=len(plain), row=plain[0][0])]


def _learners(table: Table) -> dict[str, Learner]:
    """Return the learners of a table; the first wrong line is named, and how many more there are."""
    found: dict[str, Learner] = {}
    rows: dict[str, tuple[int, str]] = {}
    numbers: dict[str, int] = {}
    faults: list[str] = []
    for number, cells in table.rows:
        if not any(cells.values()):
            continue                                                        # something stands beside the list
        try:
            one = _learner(cells)
            _once(one, number, cells["learner"], rows, numbers)
        except UsageError as error:
            faults.append(f"{table.where}:{number}: {error}")
        else:
            found[one.learner] = one
    if faults:
        more = f" {len(faults) - 1} more lines are wrong as well." if len(faults) > 1 else ""
        raise UsageError(faults[0] + more)
    return found


def _once(one: Learner, number: int, written: str, rows: dict[str, tuple[int, str]], numbers: dict[str, int]) -> None:
    """Refuse an id that another line has already."""
    if one.learner in rows:
        line, other = rows[one.learner]
        spelt = f" (as '{one_line(other)}' and '{one_line(written)}')" if other != written else ""
        raise UsageError(f"the learner '{one.learner}' stands twice{spelt}, first in line {line}. Keep one of the two.")
    rows[one.learner] = number, written
    if one.external_id:
        line = numbers.setdefault(one.external_id, number)
        if line != number:
            raise UsageError(f"the external id '{one.external_id}' stands twice, first in line {line}. Correct one.")


def _learner(cells: Mapping[str, str]) -> Learner:
    """Return the learner of a line.

    Raises
    ------
    UsageError
        What is wrong in it, without file and line.
    """
    written = cells["learner"].removeprefix("'")
    if not written:
        rest = one_line(", ".join(value for value in cells.values() if value))
        raise UsageError(f"has no id, but '{rest}'; allowed an id for each learner. Fill it in, or delete the line.")
    if ROUNDED.fullmatch(written):
        raise UsageError(f"learner id is '{written}': a spreadsheet program has rounded it. Format the column as text, "
                         "type the ids anew, and save the list again.")
    who = learner_id(written)
    said = {column: "" if cells.get(column, "") in NOTHING else cells.get(column, "") for column in COLUMNS[1:]}
    for column, most in LONGEST.items():
        if len(said[column]) > most:
            raise UsageError(f"{column} of '{who}' is {len(said[column])} characters long; allowed {most}. Shorten it.")
        if said[column].startswith(FORMULA):
            raise UsageError(f"{column} of '{who}' is '{one_line(said[column])}', which a spreadsheet program would "
                             f"take for a formula; allowed text that does not begin with {' '.join(FORMULA)}. Mend it.")
    email = said["email"]
    if email and not EMAIL.fullmatch(email):
        raise UsageError(f"email of '{who}' is '{one_line(email)}'; allowed one address, such as li@example.org. "
                         "Correct it, or leave it empty.")
    return Learner(who, said["name"] or who, _language(said["language"], who), email, said["section"],
                   said["external_id"])


def _language(text: str, who: str) -> str:
    if not text:
        return ""
    try:
        return LANGUAGES.get(folded(text)) or known_language(text)
    except UsageError:
        raise UsageError(f"language of '{who}' is '{one_line(text)}'; allowed en or zh_CN (英文, 中文), or nothing for "
                         "the language of the course. Correct it.") from None


def write_roster(path: Path, learners: Mapping[str, Learner]) -> None:
    """Write learners.csv, whole or not at all: UTF-8 with mark, so that spreadsheet programs on Windows read it."""
    rows = [[getattr(one, column) for column in COLUMNS] for one in learners.values()]
    write_whole({path: list_bytes([COLUMNS, *rows])})
