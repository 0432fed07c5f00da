"""Marks for other programs: tables of a unit or of the whole course, for Canvas, Moodle, Excel, and for analysis."""

from __future__ import annotations

from typing import Literal

from vsim.course.export_cells import csv_bytes
from vsim.course.export_platforms import canvas, moodle
from vsim.course.export_tables import Marks, Table, criteria, marks_of, totals, whole
from vsim.course.folder import Course
from vsim.course.unit import Unit
from vsim.errors import UsageError

Form = Literal["totals", "criteria", "canvas", "moodle", "xlsx"]
FORMS: tuple[Form, ...] = ("totals", "criteria", "canvas", "moodle", "xlsx")


def export(course: Course, name: str | None = None, form: Form = "totals", encoding: str = "utf-8") -> bytes:
    """Return the marks of a unit, or of the whole course; hand marks in formgrader are read into the ledger first.

    Parameters
    ----------
    course : Course
    name : str, optional
        A unit that was released in the course; all of them without it.
    form : {"totals", "criteria", "canvas", "moodle", "xlsx"}
        A line a learner, a line a criterion, grade books of Canvas and Moodle, or a workbook.
    encoding : {"utf-8", "gb18030", "gbk"}
        Of a CSV file.

    Raises
    ------
    UsageError
        When the unit is not released here, nothing is, or a workbook is to have an encoding.
    DataError
        When a character does not fit into the encoding.
    """
    from vsim.course.grader import quiet
    from vsim.course.grading import read_hand_marks

    if form == "xlsx" and encoding != "utf-8":
        raise UsageError("--encoding is for CSV; a workbook needs none. Leave it out.")
    units = [course.unit(name)] if name is not None else units_of(course)
    with quiet():
        for unit in units:
            read_hand_marks(course, unit)
    marks = [marks_of(course, unit) for unit in units]
    if form == "xlsx":
        from vsim.course.export_xlsx import workbook

        return workbook(course, marks)
    table = _table(course, marks, form, single=name is not None)
    return csv_bytes(table.head, table.lines, encoding)


def units_of(course: Course) -> list[Unit]:
    """Return every unit that is released in a course.

    Raises
    ------
    UsageError
        When there is none.
    """
    folder = course.place("units")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not names:
        raise UsageError("course export: no unit is released in this course yet. Release one: vsim course release UNIT")
    return [course.unit(name) for name in names]


def _table(course: Course, marks: list[Marks], form: Form, *, single: bool) -> Table:
    if form == "totals":
        return totals(course, marks[0]) if single else whole(course, marks)
    if form == "criteria":
        return criteria(marks)
    return canvas(course, marks) if form == "canvas" else moodle(course, marks)
