"""Marks for other platforms: CSV as the grade books of Canvas and Moodle import it.

Only final marks leave the course: where a written answer is open, or marking failed, the cell is empty, which both
platforms pass over. A learner is known there by the roster's `external_id`, else by the learner's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vsim.course.export_tables import Marks, Table, summary
from vsim.course.folder import Course
from vsim.i18n import t

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"              # Canvas knows this row by its four blanks


def titles(units: Sequence[Marks]) -> list[str]:
    """Return a name for each unit's column; where two units have one title, the id stands behind it."""
    named = [marks.title for marks in units]
    return [marks.title if named.count(marks.title) == 1 else f"{marks.title} ({marks.unit.id})" for marks in units]


def canvas(course: Course, units: Sequence[Marks]) -> Table:
    """Return the table that Canvas imports as a grade book: everybody, and a column for each unit.

    Canvas's own number of a student (ID) is not known here; it finds students by SIS User ID or SIS Login ID.
    """
    lines: list[list[Any]] = [[POINTS, *[""] * (len(CANVAS) - 1), *(sum(marks.most.values()) for marks in units)]]
    for learner, one in course.roster.items():
        lines.append([one.name, "", one.external_id or learner, learner, one.section,
                      *(marks.final(learner) for marks in units)])
    return Table([*CANVAS, *titles(units)], lines)


def moodle(course: Course, units: Sequence[Marks]) -> Table:
    """Return the table that Moodle imports: who has a final mark, and for each unit a mark with its feedback.

    Moodle empties the feedback of a mark that is imported without one, and the mark of a feedback alone; so the two
    columns always come together.
    """
    head = ["idnumber", "email", "fullname"]
    for title in titles(units):
        head += [title, t("{title} (feedback)").format(title=title)]
    lines: list[list[Any]] = []
    for learner, one in course.roster.items():
        finals = [marks.final(learner) for marks in units]
        if all(mark is None for mark in finals):
            continue
        cells: list[Any] = [one.external_id or learner, one.email, one.name]
        for marks, mark in zip(units, finals, strict=True):
            cells += [mark, "" if mark is None else _told(marks, learner)]
        lines.append(cells)
    return Table(head, lines)


def _told(marks: Marks, learner: str) -> str:
    days = marks.standings[learner].late_days
    late = f"; {t('days late: {n}').format(n=days)}" if days else ""
    return summary(marks, learner) + late
