"""The table that an item analysis reads: learners with an attempt that counts, by tasks and written answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.items_theory import Floats
from vsim.course.rescore_truths import Truths
from vsim.course.standing import Standing, cell_points
from vsim.course.tasks import NO_ANSWER, Task
from vsim.course.unit import Unit, sit
from vsim.course.words import Said
from vsim.errors import VsimError

Row = dict[str, Any]


@dataclass(frozen=True)
class Marks:
    """Points of a class on one unit.

    Attributes
    ----------
    unit : Unit
    learners : tuple of str
        Those with an attempt that counts.
    items : tuple of str
        Tasks, then written answers that are marked for all of them.
    most : (k,)
        Points of each item.
    points : (n, k)
    rows : tuple of dict
        The line of the ledger that counts, by learner.
    unmarked : tuple of str
        Written answers that are still open for somebody, and so left out.
    """

    unit: Unit
    learners: tuple[str, ...]
    items: tuple[str, ...]
    most: Floats
    points: Floats
    rows: tuple[Row, ...]
    unmarked: tuple[str, ...] = ()

    @property
    def shares(self) -> Floats:
        """Share of its points that each learner has on each item."""
        return self.points / self.most

    def rest(self, item: str) -> Floats:
        """Return each learner's share of the points of all other items."""
        place = self.items.index(item)
        most = float(self.most.sum() - self.most[place])
        return (self.points.sum(axis=1) - self.points[:, place]) / most if most else np.zeros(len(self.learners))


def marks_of(unit: Unit, found: Mapping[str, Standing]) -> Marks:
    """Return the table of a unit from where its learners stand."""
    here = [(one, one.row) for one in found.values() if one.row is not None]
    by_hand = unit.hand_points
    cells = [cell_points(row, one.hand, by_hand) for one, row in here]
    tasks = {task.id: task.points for task in unit.checks.tasks}
    unmarked = tuple(cell for cell in by_hand if any(line[cell] is None for line in cells))
    most = tasks | {cell: points for cell, points in by_hand.items() if cell not in unmarked}
    points = np.array([[line.get(item) or 0.0 for item in most] for line in cells], float).reshape(len(here), len(most))
    return Marks(unit, tuple(one.learner for one, _ in here), tuple(most), np.array(list(most.values()), float),
                 np.clip(points, 0, None), tuple(row for _, row in here), unmarked)


def attempts_of(course: Course, unit: Unit) -> dict[str, dict[int, Row]]:
    """Return every attempt of every learner of the roster, as it was marked last."""
    found: dict[str, dict[int, Row]] = {learner: {} for learner in course.learners}
    for row in ledger.rows(course.root, unit.id):
        if row.get("kind") == "marked" and str(row["learner"]) in found:
            found[str(row["learner"])][int(row["attempt"])] = row
    return {learner: dict(sorted(mine.items())) for learner, mine in found.items() if mine}


def truth_for(course: Course, unit: Unit, rows: tuple[Row, ...]) -> Any:
    """Return the truth of one city of a class: a kept one, else one that is drawn; None where there is none."""
    kept = Truths(course, unit)
    for row in rows:
        truth = kept.find(int(row["seed"]))
        if truth is not None:
            return truth
    try:
        return kept.keep_of(sit(unit, course.name, str(rows[0]["learner"]))).truth if rows else None
    except VsimError:
        return None


def judged_parts(task: Task, truth: Any) -> dict[str, str]:
    """Return which part of an answer each criterion is about, by label: the check is asked about an empty answer."""
    try:
        criteria = list(task.check({}, truth))
    except Exception:    # noqa: BLE001  # an author's check may not bear an empty answer; then it tells nothing
        return {}
    return {one.label: str(one.reason.values["name"]) for one in criteria
            if one.slip == NO_ANSWER and isinstance(one.reason, Said) and "name" in one.reason.values}
