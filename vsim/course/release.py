"""Releasing a unit: a frozen copy of it in the course, nbgrader's source and release, and a handout for each learner.

nbgrader itself takes the solutions out of the notebook; before anything is handed out, the result is searched for what
must not be in it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsim.course.cards import DATA, LEARNER, UNIT
from vsim.course.editions import generate_notebook, json_bytes, notebook_bytes, translations_of
from vsim.course.folder import Course, new_unit
from vsim.course.handout import check_tables, table_bytes, zip_bytes
from vsim.course.keys import ticket
from vsim.course.rubric import rubric_files
from vsim.course.unit import Sitting, Unit, sit
from vsim.course.writing import write_whole
from vsim.errors import DataError, UsageError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MARKS = (BEGIN, END, "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")
LEAST = 12  # characters of a solution line that is worth looking for


@dataclass(frozen=True, slots=True)
class Released:
    """What a release wrote: the unit, the learners who got a new handout, and blocks that have no translation yet."""

    unit: str
    handouts: tuple[str, ...]
    untranslated: tuple[str, ...]


def learner_card(course: Course, unit: str, sitting: Sitting) -> dict[str, Any]:
    """Return the card of one learner, `learner.json`."""
    return {
        "format": 1,
        "kind": "learner",
        "course": course.name,
        "unit": unit,
        "learner": sitting.learner,
        "seed": sitting.seed,
        "ticket": ticket(course.secret, course.name, unit, sitting.learner),
    }


def release(
    course: Course,
    name: str,
    *,
    due: str | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Released:
    """Release a unit in a course; learners who have no handout of it yet get one.

    Parameters
    ----------
    course : Course
    name : str
        Name or path of the unit.
    due : str, optional
        Shown on the unit's card as it is written.
    force : bool
        Release anew a unit that is out already, from its present text.
    progress : callable, optional
        Called with (handouts done, handouts in all).

    Raises
    ------
    UsageError
        When it is out already and `force` is not given, or there are no learners.
    DataError
        When the unit is wrong, or an answer would have been handed out.
    """
    unit = new_unit(course, name)
    if not course.learners:
        raise UsageError(
            f"{course.root}/learners.csv: names no learner; allowed one line for each. Add them, then release."
        )
    untranslated: tuple[str, ...] = ()
    out = course.place("release", unit.id, f"{unit.id}.ipynb").is_file()
    if not out or force:
        untranslated = _publish(course, unit, due)
    name_learners(course)
    frozen = course.unit(unit.id)
    done = []
    for place, learner in enumerate(course.learners, start=1):
        target = course.place("handouts", unit.id, f"{learner}.zip")
        if not target.is_file() or force:
            write_whole({target: handout(course, frozen, learner)})
            done.append(learner)
        if progress is not None:
            progress(place, len(course.learners))
    if out and not force and not done:
        raise UsageError(
            f"{unit.id}: is released already, and every learner has a handout. Release it anew with --force."
        )
    return Released(unit.id, tuple(done), untranslated)


def name_learners(course: Course) -> None:
    """Write the learners' names into the grade book, where formgrader shows them."""
    from vsim.course.grader import grade_book

    with grade_book(course) as book:
        for learner, called in course.learners.items():
            book.update_or_create_student(learner, first_name=called)


def _publish(course: Course, unit: Unit, due: str | None) -> tuple[str, ...]:
    """Write the frozen copy, nbgrader's source and nbgrader's release; nothing stays when a step fails."""
    lang = course.settings.language
    said = translations_of(unit.source, lang)
    notebook = generate_notebook(unit.source, lang, said)
    card = unit.card(lang, said, course=course.name, due=due)
    frozen = course.place("units", unit.id)
    with tempfile.TemporaryDirectory(dir=course.root, prefix=".releasing-") as made:
        copy = Path(made) / unit.id
        shutil.copytree(unit.folder, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        shutil.rmtree(frozen, ignore_errors=True)
        frozen.parent.mkdir(exist_ok=True)
        copy.rename(frozen)
    write_whole(
        {
            course.place("source", unit.id, f"{unit.id}.ipynb"): notebook_bytes(notebook),
            course.place("source", unit.id, UNIT): json_bytes(card),
        }
    )
    rubrics = rubric_files(unit, dict(said.known), lang)
    kept = course.place("rubrics", f"{unit.id}.comments.json")              # what the trainer keeps in formgrader
    write_whole({course.place("rubrics", name): content for name, content in rubrics.items()}
                | ({kept: b"[]\n"} if rubrics and not kept.exists() else {}))
    from vsim.course.grader import api_of, last_error

    answer = api_of(course).generate_assignment(unit.id, force=True, create=True)
    if not answer["success"]:
        raise DataError(f"{unit.id}: nbgrader could not make the release. Its log ends: {last_error(answer)}")
    leaks = leaks_of(unit, course.place("release", unit.id))
    if leaks:
        shutil.rmtree(course.place("release", unit.id))
        raise DataError(
            f"{unit.id}: the release would show an answer ({leaks[0]}). Put it between '{BEGIN}' and '{END}'."
        )
    return tuple(str(fault) for fault in said.faults)


def handout(course: Course, unit: Unit, learner: str) -> bytes:
    """Return the zip file for one learner: notebook with ticket, cards, and the tables of the learner's own city."""
    import nbformat

    sitting = sit(unit, course.name, learner)
    check_tables(sitting.tables)
    card = learner_card(course, unit.id, sitting)
    notebook = nbformat.read(course.place("release", unit.id, f"{unit.id}.ipynb"), as_version=4)
    notebook.metadata["vsim"] = {
        **notebook.metadata.get("vsim", {}),
        "unit": unit.id,
        "course": course.name,
        "learner": learner,
        "ticket": card["ticket"],
    }
    files = {
        f"{unit.id}.ipynb": notebook_bytes(notebook),
        UNIT: course.place("release", unit.id, UNIT).read_bytes(),
        LEARNER: json_bytes(card),
        **{f"{DATA}/{name}.csv": table_bytes(frame) for name, frame in sitting.tables.items()},
    }
    return zip_bytes({f"{unit.id}/{name}": content for name, content in files.items()})


def split_solutions(unit: Unit) -> tuple[list[str], str]:
    """Return the lines of the unit's solutions that are long enough to be known again, and all text in plain sight.

    A written answer is a solution as a whole; code is one between its marks.
    """
    hidden: list[str] = []
    shown: list[str] = []
    for cell in unit.source.cells:
        solution = bool(cell.metadata.get("nbgrader", {}).get("solution"))
        inside = solution and cell.kind == "markdown"
        for line in cell.source.splitlines():
            if solution and line.strip() in (BEGIN, END):
                inside = line.strip() == BEGIN
            elif not inside:
                shown.append(line)
            elif len(line.strip()) >= LEAST:
                hidden.append(line.strip())
    return hidden, "\n".join(shown)


def leaks_of(unit: Unit, folder: Path) -> list[str]:
    """Return what a released folder holds and must not: lines of solutions, checks, marks of solutions.

    A line of a solution that stands elsewhere in the unit in plain sight is no leak.
    """
    hidden, shown = split_solutions(unit)
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace").replace('\\"', '"')
        found += [f"{path.name}: {line}" for line in hidden if line in text and line not in shown]
        found += [f"{path.name}: {mark}" for mark in MARKS if mark in text]
        if path.suffix == ".py":
            found.append(f"{path.name}: code of the checks")
    return found
