"""After scoring again: the marked notebook, nbgrader's grade book and the learner's page say what the ledger says.

They are views of the ledger. When this is interrupted, the next time finds the pages that are older than the ledger's
line and goes on with them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from vsim.course import ledger
from vsim.course.cards import UNIT
from vsim.course.editions import notebook_bytes
from vsim.course.folder import Course
from vsim.course.marks import sheet_of
from vsim.course.replies import Reply
from vsim.course.standing import CHECK
from vsim.course.tasks import Score
from vsim.course.unit import Unit
from vsim.course.words import Words
from vsim.course.writing import write_whole

Row = dict[str, Any]


def agree(
    course: Course, unit: Unit, scores_of: Callable[[Row], Mapping[str, Score]]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Bring what nbgrader shows into agreement with lines that rescoring added.

    Parameters
    ----------
    course : Course
    unit : Unit
        The frozen copy as it is now.
    scores_of : callable
        Returns the scores of a ledger line by task.

    Returns
    -------
    tuple of str, dict of str to str
        Learners whose page was written anew; those for whom it failed, with the reason.
    """
    from vsim.course.grader import api_of, last_error, quiet

    told, failed = [], {}
    behind = [row for row in ledger.latest(course.root, unit.id).values() if is_behind(course, unit.id, row)]
    if not behind:
        return (), {}
    words = _words(course, unit.id)
    with quiet():
        api = api_of(course)
        for row in behind:
            learner = str(row["learner"])
            try:
                rewrite_sheets(_marked(course, unit.id, learner), row, scores_of(row), words)
                _into_book(course, unit.id, row)
                answer = api.generate_feedback(unit.id, learner, force=True)
                if answer["success"]:
                    told.append(learner)
                else:
                    failed[learner] = last_error(answer)
            except Exception as error:  # noqa: BLE001 - one learner's page never stops the others
                failed[learner] = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return tuple(told), failed


def is_behind(course: Course, unit: str, row: Row) -> bool:
    """Return whether rescoring changed a line after the learner's page was written."""
    if row.get("by") != ledger.RESCORE or not _marked(course, unit, str(row["learner"])).is_file():
        return False
    page = course.place("feedback", str(row["learner"]), unit, f"{unit}.html")
    return not page.is_file() or int(page.stat().st_mtime) <= datetime.fromisoformat(row["time"]).timestamp()


def _marked(course: Course, unit: str, learner: str) -> Path:
    return course.place("autograded", learner, unit, f"{unit}.ipynb")


def rewrite_sheets(path: Path, row: Row, scores: Mapping[str, Score], words: Words) -> None:
    """Put the sheets of new scores into a marked notebook; where no answer had arrived, the sheet stays."""
    import nbformat
    from nbformat.v4 import new_output

    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        task = str(marks.get("grade_id", "")).removesuffix(CHECK)
        if cell.cell_type != "code" or not marks.get("grade") or marks.get("solution") or task not in scores:
            continue
        if row["answers"].get(task) is None:
            continue
        result = scores[task]
        html = sheet_of(result, Reply(row["answers"][task]), words).html
        cell.outputs = [new_output("execute_result", {"text/plain": repr(float(result.earned)), "text/html": html},
                                   execution_count=None)]
    mode = path.stat().st_mode
    write_whole({path: notebook_bytes(nb)})
    os.chmod(path, mode)


def _into_book(course: Course, unit: str, row: Row) -> None:
    """Set the automatic points of a learner; a mark that a person gave stays, and is to be looked at again."""
    from nbgrader.api import MissingEntry

    from vsim.course.grader import grade_book

    with grade_book(course) as book:
        for task, result in row["scores"].items():
            try:
                grade = book.find_grade(task + CHECK, unit, unit, row["learner"])
            except MissingEntry:
                continue
            if grade.auto_score != result["earned"]:
                grade.auto_score = result["earned"]
                grade.needs_manual_grade = grade.manual_score is not None
        book.db.commit()


def _words(course: Course, unit: str) -> Words:
    card = json.loads(course.place("release", unit, UNIT).read_text(encoding="utf-8"))
    return Words(course.settings.language, {str(key): str(value) for key, value in card["words"].items()})
