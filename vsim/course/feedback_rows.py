"""The points of a marked notebook, cell by cell, and what must not stand on a page for a learner."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsim.course.source import headings
from vsim.spec.loading import PACKAGE

START = r"(?:[A-Za-z]:)?[\\/][^\s'\"<>|:;,()\[\]\x1b]*?[\\/]"
ENDS = (r"((?:site|dist)-packages)", r"(lib[\\/]python3\.\d+)")
LIBRARIES = tuple(re.compile(START + end + r"(?=[\\/])") for end in ENDS)
HIDDEN = "..."


@dataclass(frozen=True, slots=True)
class Row:
    """The points of one graded cell.

    Attributes
    ----------
    cell : str
        Its grade id.
    title : str
        The heading that it stands under.
    earned : float or None
        None until a person has marked it.
    points : float
        The most that can be earned.
    by_hand : bool
        Whether a person marks it.
    changed : bool
        Whether a person has set other points than those that were worked out.
    blank : bool
        Whether an answer for a person to mark was left as it was handed out.
    """

    cell: str
    title: str
    earned: float | None
    points: float
    by_hand: bool
    changed: bool
    blank: bool = False


def rows_of(nb: Any, given: Mapping[str, float], blank: Collection[str] = ()) -> list[Row]:
    """Return the points of a notebook that nbgrader has put the scores into.

    Parameters
    ----------
    nb : NotebookNode
    given : mapping of str to float
        Points that a person gave, by grade id, and nothing for what was left blank.
    blank : collection of str
        Grade ids of what was left blank.
    """
    rows = []
    for place, cell in enumerate(nb.cells):
        marks = cell.metadata.get("nbgrader", {})
        if not (marks.get("grade") or marks.get("task")):
            continue
        name = str(marks["grade_id"])
        by_hand = bool(marks.get("solution") or marks.get("task"))
        hand = given.get(name)
        score = float(marks.get("score") or 0)
        rows.append(
            Row(
                name,
                heading_above(nb.cells, place) or name,
                None if by_hand and hand is None else score,
                float(marks.get("points") or 0),
                by_hand,
                not by_hand and hand is not None,
                by_hand and name in blank and not hand,
            )
        )
    return rows


def heading_above(cells: Sequence[Any], place: int, *, first: bool = False) -> str:
    """Return the words of the last (or the first) heading before a cell, the learner's own left out; "" without one."""
    found = [
        heading
        for cell in cells[:place]
        if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("solution")
        for heading in headings(cell.source)
    ]
    return re.sub(r"[*_`]", "", found[0 if first else -1]) if found else ""


def hand_scores(where: Mapping[str, Any]) -> dict[str, float | None]:
    """Return what a person gave in the grade book that nbgrader names; empty without a grade book."""
    if not where.get("db_url"):
        return {}
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(where["db_url"]) as book:
        try:
            notebook = book.find_submission_notebook(where["notebook"], where["assignment"], where["student"])
        except MissingEntry:
            return {}
        return {grade.name: grade.manual_score for grade in notebook.grades}


def without_places(value: Any, places: Iterable[str] = ()) -> Any:
    """Return an output without the paths of the machine that it ran on: they are nobody's business.

    >>> without_places("File /srv/wang/.venv/lib/python3.11/site-packages/pandas/io.py:10")
    'File site-packages/pandas/io.py:10'
    """
    if isinstance(value, str):
        for library in LIBRARIES:
            value = library.sub(lambda found: found[1], value)
        for place in sorted({*places, *_places()}, key=len, reverse=True):
            value = value.replace(place, HIDDEN) if len(place) > 3 else value
        return value
    if isinstance(value, list):
        return [without_places(item, places) for item in value]
    if isinstance(value, dict):
        for key, item in value.items():
            value[key] = item if str(key).startswith("image/p") else without_places(item, places)
    return value


def _places() -> set[str]:
    own = (sys.prefix, sys.base_prefix, Path.home(), tempfile.gettempdir(), PACKAGE.parent, Path.cwd())
    return {str(place) for place in own if str(place) not in ("/", "/usr", "/usr/local")}
