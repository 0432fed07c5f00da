"""A marked notebook in the learner's own language, where the roster names another than that of the course.

What the unit says is taken from its other edition, and what was judged from the ledger, which keeps its messages in
English with their values. What the learner wrote stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from vsim.course.align import tidy
from vsim.course.calendar import due
from vsim.course.cards import FRONT
from vsim.course.catalogues import Translations
from vsim.course.editions import generate_notebook, translations_of
from vsim.course.folder import Course
from vsim.course.handout_front import front_text
from vsim.course.marks import sheet_of
from vsim.course.replies import Reply
from vsim.course.tasks import Criterion, Score
from vsim.course.unit import Unit
from vsim.course.words import Said, Words
from vsim.errors import VsimError

CHECK = "-check"


def own_language(course: Course | None, learner: str) -> str:
    """Return the language that the roster names for a learner, "" where it names none."""
    known = course.roster.get(learner) if course is not None else None
    return known.language if known is not None else ""


def translate(nb: Any, course: Course, name: str, learner: str, row: Mapping[str, Any], lang: str) -> None:
    """Put a marked notebook into another language, in place; a unit that cannot be read leaves it as it is.

    Parameters
    ----------
    nb : notebook
    course : Course
    name, learner : str
        Ids of the unit and of the learner.
    row : mapping
        The ledger's line of the marking; without it what was judged stays as it was said.
    lang : str
        The learner's language.
    """
    before = str(nb.metadata.get("vsim", {}).get("lang") or course.settings.language)
    if before == lang:
        return
    try:
        unit = course.unit(name)
        said, prose = _edition(unit.folder, before, lang, (unit.folder / "assignment.md").stat().st_mtime_ns)
        front = front_text(unit, course.settings.model_copy(update={"language": lang}), due(course, name, learner))
    except (VsimError, OSError):
        return
    words = Words(lang, said.words)
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.get("id") == FRONT:
            cell.source = front
        elif cell.cell_type == "markdown" and not marks.get("solution"):
            cell.source = prose.get(tidy(cell.source), cell.source)
        elif marks.get("grade") and not marks.get("solution"):
            _outcome(cell, str(marks["grade_id"]).removesuffix(CHECK), row, words)


@lru_cache(maxsize=16)
def _edition(folder: Path, before: str, lang: str, _changed: int) -> tuple[Translations, dict[str, str]]:
    """Return what a unit can say in a language, and its prose there by the prose in the language before."""
    source = Unit(folder).source
    said = translations_of(source, lang)
    pairs = zip(generate_notebook(source, before).cells, generate_notebook(source, lang, said).cells, strict=True)
    return said, {tidy(old.source): new.source for old, new in pairs
                  if old.cell_type == "markdown" and not old.metadata.get("nbgrader", {}).get("solution")}


def _outcome(cell: Any, task: str, row: Mapping[str, Any], words: Words) -> None:
    """Say what was judged of a task in other words; where no answer had arrived, it stays as it was said."""
    result = row.get("scores", {}).get(task)
    answer = row.get("answers", {}).get(task)
    if result is None or answer is None:
        return
    html = sheet_of(score_of(task, result, words), Reply(answer), words).html
    for output in cell.outputs:
        if "text/html" in output.get("data", {}):
            output["data"]["text/html"] = html


def score_of(task: str, result: Mapping[str, Any], words: Words) -> Score:
    """Return a score as it was before the ledger wrote it down; values that are messages are messages again."""
    def again(value: Any) -> Any:
        return Said(value) if isinstance(value, str) and value in words.known else value

    criteria = tuple(
        Criterion(one["label"], float(one["credit"]), float(one["weight"]),
                  Said(one["reason"], {key: again(value) for key, value in one["values"].items()}) if one["reason"]
                  else "", one["slip"])
        for one in result["criteria"])
    return Score(task, float(result["earned"]), float(result["points"]), criteria)
