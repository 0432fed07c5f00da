"""What a unit says on a learner's feedback page: objectives, what was given and wanted, rubrics, and the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vsim.course.calendar import due
from vsim.course.calendar_dates import told as moment_told
from vsim.course.editions import translations_of
from vsim.course.feedback_rows import Row
from vsim.course.folder import Course
from vsim.course.given_answers import Given, given_parts
from vsim.course.next_step import next_steps
from vsim.course.objectives import Objective, objectives_of
from vsim.course.rubric import Rubric, rubrics_of
from vsim.course.unit import ASSIGNMENT, Unit
from vsim.course.words import Words
from vsim.errors import VsimError
from vsim.i18n import t


@dataclass(frozen=True)
class Told:
    """What the page says of the unit; all empty where the unit is not at hand."""

    objectives: list[Objective] = field(default_factory=list)
    given: dict[str, list[Given]] = field(default_factory=dict)
    rubrics: dict[str, Rubric] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Taught:
    """A released unit in one language: read once in a process."""

    unit: Unit
    known: Mapping[str, str]
    words: Words
    rubrics: dict[str, Rubric]


@lru_cache(maxsize=16)
def _taught(folder: Path, lang: str, _changed: tuple[int, ...]) -> Taught:
    unit = Unit(folder)
    said = translations_of(unit.source, lang)
    rubrics = {rubric.cell: rubric for rubric in rubrics_of(unit, dict(said.known))}
    return Taught(unit, said.known, Words(lang, said.words), rubrics)


def told_of(
    course: Course | None, name: str, learner: str, lang: str, rows: Sequence[Row], row: Mapping[str, Any]
) -> Told:
    """Return what a unit says of a marked notebook.

    Parameters
    ----------
    course : Course, optional
        Without it the page tells nothing of the unit.
    name, learner : str
        Ids of the unit and of the learner.
    lang : str
        Language of the page.
    rows : sequence of Row
        The points, cell by cell.
    row : mapping
        The ledger's line of the marking; empty when there is none.
    """
    if course is None:
        return Told()
    folder = course.place("units", name)
    try:
        files = [folder / ASSIGNMENT, folder / "checks.py", folder / "rubric.md"]
        seen = _taught(folder, lang, tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files))
        tasks = seen.unit.checks.tasks
        objectives = objectives_of(seen.unit, rows, seen.known)
        until = due(course, name, learner)
    except VsimError:
        return Told()                                                # a page without it is better than none
    answers, seed = row.get("answers", {}), row.get("seed")
    given = {f"{task.id}-check": given_parts(task, answers.get(task.id), int(seed), seen.words)
             for task in tasks if seed is not None}
    before = seen.unit.source.syllabus.prerequisites
    counts = t("The best attempt counts.") if course.settings.counts == "best" else t("The last attempt counts.")
    steps = next_steps(rows, objectives, tasks, seen.words, lesson=before[0] if before else "",
                       until="" if until is None else moment_told(until), again=counts)
    return Told(objectives, given, seen.rubrics, steps)
