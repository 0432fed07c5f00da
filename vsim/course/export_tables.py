"""Marks as tables: a line a learner for one unit or for the whole course, and a line a criterion.

Everything comes from standings: the attempt that counts, hand marks in it, lateness taken off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsim.course.folder import Course
from vsim.course.sheet import points_text
from vsim.course.standing import Standing, cell_points, standings
from vsim.course.unit import Unit

STATES = {"missing": "missing", "failed": "failed", "open": "hand marks open", "complete": "complete"}
AFTER = ("total", "before_lateness", "late_days", "attempt")


@dataclass(frozen=True, slots=True)
class Table:
    """A head and lines of texts, numbers and None."""

    head: list[str]
    lines: list[list[Any]]


@dataclass(frozen=True)
class Marks:
    """The marks of one unit.

    Attributes
    ----------
    unit : Unit
    title : str
        As the release is called.
    standings : mapping of str to Standing
    """

    unit: Unit
    title: str
    standings: Mapping[str, Standing]

    @property
    def most(self) -> dict[str, float]:
        """Points of each task and each written answer."""
        return {task.id: float(task.points) for task in self.unit.checks.tasks} | self.unit.hand_points

    def points(self, learner: str) -> dict[str, float | None]:
        """Return the points of a learner by task and written answer, before lateness; None what is open or missing."""
        one = self.standings[learner]
        if one.row is None:
            return dict.fromkeys(self.most)
        found = cell_points(one.row, one.hand, self.unit.hand_points)
        return {name: found.get(name, 0.0) for name in self.most}

    def final(self, learner: str) -> float | None:
        """Return a learner's mark, None while anything is open."""
        one = self.standings[learner]
        return one.earned if one.state == "complete" else None


def marks_of(course: Course, unit: Unit) -> Marks:
    """Return the marks of a unit of a course."""
    import json

    from vsim.course.cards import UNIT

    try:
        title = str(json.loads(course.place("release", unit.id, UNIT).read_text(encoding="utf-8"))["title"])
    except (OSError, ValueError, KeyError):
        title = unit.source.syllabus.title
    return Marks(unit, title, standings(course, unit))


def totals(course: Course, marks: Marks) -> Table:
    """Return one line for each learner of the course: points by task and by hand, in all, and how they came about."""
    lines: list[list[Any]] = [["", "", "most", *marks.most.values(), sum(marks.most.values()), None, None, None]]
    for learner, name in course.learners.items():
        one = marks.standings[learner]
        points = marks.points(learner).values()
        after = [None] * len(AFTER) if one.row is None else [one.earned, one.raw, one.late_days, one.attempt]
        lines.append([learner, name, STATES[one.state], *points, *after])
    return Table(["learner", "name", "state", *marks.most, *AFTER], lines)


def whole(course: Course, units: Sequence[Marks]) -> Table:
    """Return one line for each learner with the mark of every unit; a mark that is not final yet is left empty."""
    most = [sum(marks.most.values()) for marks in units]
    lines: list[list[Any]] = [["", "", "", *most, sum(most), len(units)]]
    for learner, one in course.roster.items():
        finals = [marks.final(learner) for marks in units]
        given = [mark for mark in finals if mark is not None]
        lines.append([learner, one.name, one.section, *finals, round(sum(given), 2) if given else None, len(given)])
    return Table(["learner", "name", "section", *(marks.unit.id for marks in units), "total", "complete"], lines)


CRITERIA = ("learner", "unit", "attempt", "task", "criterion", "credit", "weight", "slip", "task_earned", "task_points")


def criteria(units: Sequence[Marks]) -> Table:
    """Return one line for each criterion of the attempt that counts, and one for each written answer with its mark."""
    lines: list[list[Any]] = []
    for marks in units:
        for learner, one in marks.standings.items():
            if one.row is None:
                continue
            start = [learner, marks.unit.id, one.attempt]
            points = marks.points(learner)
            for task, result in one.row["scores"].items():
                lines += [[*start, task, item["label"], item["credit"], item["weight"], item["slip"],
                           points.get(task, result["earned"]), result["points"]] for item in result["criteria"]]
            for cell, most in marks.unit.hand_points.items():
                mark = points[cell]
                lines.append([*start, cell, "by hand", None if mark is None or not most else round(mark / most, 6), 1.0,
                              "", mark, most])
    return Table(list(CRITERIA), lines)


def summary(marks: Marks, learner: str) -> str:
    """Return a learner's points in one line, such as "q1 2/3, q2 1/1"; "" when nothing was marked."""
    if marks.standings[learner].row is None:
        return ""
    return ", ".join(f"{name} {'?' if value is None else points_text(value)}/{points_text(marks.most[name])}"
                     for name, value in marks.points(learner).items())
