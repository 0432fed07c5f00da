"""Marks as tables for other programs: one line a learner, or one line a criterion, from the ledger alone."""

from __future__ import annotations

import csv
import io
from typing import Any, Literal

from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.unit import Unit

Form = Literal["totals", "criteria"]
FORMS: tuple[Form, ...] = ("totals", "criteria")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: object) -> str:
    """Return a cell that no spreadsheet program takes for a formula; numbers stay as they are."""
    if isinstance(value, int | float):
        return f"{value:g}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_bytes(head: list[str], lines: list[list[Any]]) -> bytes:
    """Return a CSV file that spreadsheet programs read in any language: UTF-8 with mark, cells guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def totals(course: Course, unit: Unit) -> bytes:
    """Return one line for each learner of the course: points by task, by hand, in all, and the state of the marking."""
    tasks = [task.id for task in unit.checks.tasks]
    by_hand = unit.hand_points
    marked, hand = ledger.latest(course.root, unit.id), ledger.latest(course.root, unit.id, "hand")
    lines: list[list[Any]] = []
    for learner, name in course.learners.items():
        row = marked.get(learner)
        if row is None:
            lines.append([learner, name, "missing", *[None] * (len(tasks) + len(by_hand) + 1)])
            continue
        given = {**dict.fromkeys(row["blank"], 0.0), **hand.get(learner, {}).get("marks", {})}
        earned = [row["scores"].get(task, {}).get("earned") for task in tasks]
        open_cells = [cell for cell in by_hand if cell not in given]
        written = [given.get(cell) for cell in by_hand]
        total = sum(value for value in (*earned, *written) if value is not None)
        state = "hand marks open" if open_cells else "complete"
        lines.append([learner, name, state, *earned, *written, round(total, 2)])
    head = ["learner", "name", "state", *tasks, *by_hand, "total"]
    most = [task.points for task in unit.checks.tasks] + list(by_hand.values())
    return csv_bytes(head, [["", "", "most", *most, sum(most)], *lines])


def criteria(course: Course, unit: Unit) -> bytes:
    """Return one line for each criterion of each task of each learner, with the name of the misconception."""
    lines: list[list[Any]] = []
    for learner, row in ledger.latest(course.root, unit.id).items():
        for task, result in row["scores"].items():
            for item in result["criteria"]:
                lines.append(
                    [
                        learner,
                        unit.id,
                        row["attempt"],
                        task,
                        item["label"],
                        item["credit"],
                        item["weight"],
                        item["slip"],
                        result["earned"],
                        result["points"],
                    ]
                )
    return csv_bytes(
        ["learner", "unit", "attempt", "task", "criterion", "credit", "weight", "slip", "task_earned", "task_points"],
        lines,
    )


def export(course: Course, name: str, form: Form = "totals") -> bytes:
    """Return the marks of a unit as CSV; hand marks in formgrader are read into the ledger first.

    Parameters
    ----------
    course : Course
    name : str
        A unit that was released in the course.
    form : {"totals", "criteria"}
    """
    from vsim.course.grading import read_hand_marks

    unit = course.unit(name)
    read_hand_marks(course, unit)
    return (totals if form == "totals" else criteria)(course, unit)
