"""Marks as a workbook: a sheet of marks, one of criteria, and a key that says what every column means.

Ids are texts, so that their zeros stay; every text is written as a text, so that none is a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vsim.course.calendar_dates import clock_of
from vsim.course.export_cells import risky
from vsim.course.export_tables import CRITERIA, STATES, Marks, Table, criteria, totals, whole
from vsim.course.folder import Course
from vsim.course.sheet import points_text
from vsim.course.words import Words
from vsim.i18n import language, t

WIDEST = 48                                 # signs in a column before it wraps
LONGEST = 32_000                            # signs of a cell; Excel's own bound is 32,767


def workbook(course: Course, units: Sequence[Marks]) -> bytes:
    """Return the workbook of one unit, or of all units of a course.

    Parameters
    ----------
    course : Course
    units : sequence of Marks
        One for a sheet with every task, several for a sheet with every unit.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped]

    table = totals(course, units[0]) if len(units) == 1 else whole(course, units)
    book = Workbook()
    book.remove(book.active)
    _sheet(book, t("Marks"), _headed(table), people=True)
    _sheet(book, t("Criteria"), _headed(_translated(criteria(units), units)))
    _sheet(book, t("Key to the columns"), Table([t("Column"), t("Meaning")], _key(course, units, table)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headed(table: Table) -> Table:
    """Return a table whose head and states are in the language in force."""
    names = _names()
    state = table.head.index("state") if "state" in table.head else None
    words = {**{said: _states()[name] for name, said in STATES.items()}, "most": t("most")}
    lines = [[words.get(cell, cell) if place == state else cell for place, cell in enumerate(line)]
             for line in table.lines]
    return Table([names.get(name, (name, ""))[0] for name in table.head], lines)


def _translated(table: Table, units: Sequence[Marks]) -> Table:
    """Return the criteria in the language in force."""
    from vsim.course.editions import translations_of

    lang = "zh_CN" if language() == "zh_CN" else "en"
    words = {marks.unit.id: Words(lang, translations_of(marks.unit.source, lang).words) for marks in units}
    place, unit = CRITERIA.index("criterion"), CRITERIA.index("unit")
    by_hand = {"by hand": t("marked by a person")}
    return Table(table.head, [[by_hand.get(cell) or words[line[unit]](cell) if number == place else cell
                               for number, cell in enumerate(line)] for line in table.lines])


def _sheet(book: Any, title: str, table: Table, *, people: bool = False) -> None:
    """Add a sheet whose head stays in sight, its columns as wide as their words."""
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    sheet = book.create_sheet(title)
    for row, line in enumerate([table.head, *table.lines], start=1):
        for column, value in enumerate(line, start=1):
            _write(sheet.cell(row, column), value)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place in range(len(table.head)):
        longest = max((_width(line[place]) for line in [table.head, *table.lines]), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(WIDEST, longest) + 2
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            if _width(cell.value) > WIDEST:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2" if people else "A2"


def _write(cell: Any, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, int | float):
        cell.value = value
        return
    text = _plain(str(value))[:LONGEST]
    cell.value = text
    cell.data_type = "s"                    # never a formula, nor an error
    cell.number_format = "@"
    cell.quotePrefix = risky(text)          # it stays a text when somebody edits the cell


def _plain(text: str) -> str:
    """Return a text without the signs that a workbook cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _width(value: Any) -> int:
    """Return how wide a cell is in Latin letters; a Chinese sign takes two."""
    text = "" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _states() -> dict[str, str]:
    return {"missing": t("missing"), "failed": t("failed"), "open": t("hand marks open"), "complete": t("complete")}


def _names() -> dict[str, tuple[str, str]]:
    """Return the head and the meaning of each column that every workbook has."""
    return {
        "learner": (t("Learner"), t("Id of the learner, as the roster has it; a text, so that its zeros stay.")),
        "name": (t("Name"), t("As the roster has it.")),
        "section": (t("Section"), t("As the roster has it.")),
        "state": (t("State"), t("missing: nothing was marked; failed: marking failed; hand marks open: a written "
                                "answer waits for a person; complete: all is marked.")),
        "total": (t("Total"), t("Points after the deduction for lateness; of what is marked so far.")),
        "before_lateness": (t("Before lateness"), t("Points before the deduction for lateness.")),
        "late_days": (t("Days late"), t("Days begun after the due date, extensions and grace taken into account.")),
        "attempt": (t("Attempt"), t("The attempt that counts.")),
        "complete": (t("Complete"), t("Units that are wholly marked.")),
        "unit": (t("Graded unit"), t("Id of the unit.")),
        "task": (t("Task"), t("Task, or written answer.")),
        "criterion": (t("Criterion"), t("What was judged.")),
        "credit": (t("Share earned"), t("Share of the criterion that was earned, 0 to 1.")),
        "weight": (t("Weight"), t("Weight among the criteria of the task.")),
        "slip": (t("Misconception"), t("Short name of the mistake that was recognised.")),
        "task_earned": (t("Task earned"), t("Points of the whole task.")),
        "task_points": (t("Task points"), t("The most that the task can earn.")),
    }


def _key(course: Course, units: Sequence[Marks], table: Table) -> list[list[Any]]:
    """Return what every column means, and from which course, when and by which rules the marks are."""
    names = _names()
    settings = course.settings
    now = datetime.now(clock_of(settings.utc_offset))
    counts = t("the best attempt") if settings.counts == "best" else t("the last attempt")
    lines: list[list[Any]] = [
        [t("Course"), course.name], [t("Written"), f"{now:%Y-%m-%d %H:%M} (UTC{settings.utc_offset})"],
        [t("What counts"), counts],
        [t("Lateness"), t("grace {grace} minutes; {share} % off for each day begun; nothing after {days} days").format(
            grace=settings.grace_minutes, share=points_text(100 * settings.late_per_day), days=settings.late_days)],
    ]
    lines += [list(names[name]) for name in table.head if name in names]
    for marks in units:
        most = points_text(sum(marks.most.values()))
        lines.append([marks.unit.id, f"{marks.title}: {t('{points} points').format(points=most)}"])
        if len(units) == 1:
            words = Words(settings.language, _known(marks, settings.language))
            lines += [[task.id, f"{words(task.title)}: {t('{points} points').format(points=points_text(task.points))}"]
                      for task in marks.unit.checks.tasks]
            lines += [[cell, t("by hand: {points} points").format(points=points_text(points))]
                      for cell, points in marks.unit.hand_points.items()]
    shown = {*table.head}
    lines += [list(names[name]) for name in CRITERIA if name not in shown and name in names]
    return lines


def _known(marks: Marks, lang: str) -> dict[str, str]:
    from vsim.course.editions import translations_of

    return dict(translations_of(marks.unit.source, lang).words)

