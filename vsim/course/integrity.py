"""What a person should look at before the marks of a unit are given out: a list, never a judgement, never a mark.

Notebooks are read as they were collected; code is compared as text and never run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vsim.course.folder import Course
from vsim.course.integrity_donor import Donor, donors
from vsim.course.items_table import Row, judged_parts, truth_for
from vsim.course.received import Shelf
from vsim.course.similarity import Alike, alike
from vsim.course.unit import Unit

LARGEST = 20_000_000          # bytes of a notebook that are read
HINT = re.compile(r"\.hint\(\s*['\"]([A-Za-z0-9_-]{1,40})['\"]\s*\)")
OTHERS = "other-learner"      # the intake's flag of a file that was handed out to another learner


@dataclass(frozen=True)
class Integrity:
    """The list of a unit.

    Attributes
    ----------
    swapped : tuple of str
        Learners who handed in a file that was handed out to somebody else; it was marked with their own city.
    same_file : tuple of tuple of str
        Learners whose files are the same to the last byte.
    donors : tuple of Donor
        Wrong answers that are right for somebody else.
    alike : tuple of Alike
        Code that is alike where the class is not.
    read : int
        Notebooks that could be read.
    hints : dict of str to int
        By task, learners whose notebook as handed in still holds a call of its hint.
    """

    swapped: tuple[str, ...] = ()
    same_file: tuple[tuple[str, ...], ...] = ()
    donors: tuple[Donor, ...] = ()
    alike: tuple[Alike, ...] = ()
    read: int = 0
    hints: dict[str, int] = field(default_factory=dict)

    @property
    def many(self) -> int:
        """How many entries the list has."""
        return len(self.swapped) + len(self.same_file) + len(self.donors) + len(self.alike)

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def integrity_of(course: Course, unit: Unit, attempts: Mapping[str, Mapping[int, Row]]) -> Integrity:
    """Return what a person should look at.

    Parameters
    ----------
    course : Course
    unit : Unit
    attempts : mapping of str to mapping of int to dict
        Every attempt by learner, as `vsim.course.items_table.attempts_of` returns them.
    """
    rows = [row for mine in attempts.values() for row in mine.values()]
    truth = truth_for(course, unit, tuple(rows[:1]))
    judged = {task.id: judged_parts(task, truth) for task in unit.checks.tasks} if truth is not None else {}
    swapped = [who for who, mine in attempts.items()
               if any(flag and flag[0] == OTHERS for row in mine.values() for flag in row.get("flags", ()))]
    files: dict[str, list[str]] = {}
    for row in rows:
        who = str(row["learner"])
        if who not in files.setdefault(str(row.get("sha256")), []):
            files[str(row.get("sha256"))].append(who)
    books = {who: cells for who in attempts if (cells := notebook_cells(_notebook(course, unit, who))) is not None}
    release = notebook_cells(course.place("release", unit.id, f"{unit.id}.ipynb")) or {}
    code = {who: {cell: text for cell, text in cells.items() if text != release.get(cell)}
            for who, cells in books.items()}
    hints = {task.id: sum(any(found == task.id for text in cells.values() for found in HINT.findall(text))
                          for cells in code.values()) for task in unit.checks.tasks} if books else {}
    return Integrity(
        tuple(swapped), tuple(tuple(some) for some in files.values() if len(some) > 1),
        tuple(donors(unit.checks.tasks, judged, rows)), tuple(alike(code, release)), len(books), hints,
    )


def _notebook(course: Course, unit: Unit, learner: str) -> Path:
    return Shelf(course.place("received"), course.place("submitted"), unit.id).notebook(learner)


def notebook_cells(path: Path) -> dict[str, str] | None:
    """Return the code of a notebook by grade id, cells of the learner's own by their place; None when it is none."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return None
        cells = json.loads(path.read_bytes())["cells"]
        found = {}
        for place, cell in enumerate(cells):
            if cell.get("cell_type") == "code":
                name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
                source = cell.get("source", "")
                found[str(name or f"cell {place + 1}")] = source if isinstance(source, str) else "".join(source)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found
