"""The learner's desk: `open_lesson` and `open_unit`, and what they show.

A lesson knows its checks and answers at once. A unit in the notebook knows only the form of an answer; when it is
graded, its check cells send the plain answers out, and the marks are given outside.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from vsim.course.answers import Choice, Form, Function, Table
from vsim.course.cards import DATA, LEARNER, PROBES, UNIT, read_card
from vsim.course.checks import Checks, load_checks
from vsim.course.forms import dealt, form_of
from vsim.course.payload import MIME, plain, table_value, tried
from vsim.course.sheet import Sheet, check_sheet, form_sheet, hint_sheet, options_sheet, solution_sheet, unit_card
from vsim.course.tasks import Task, score
from vsim.course.words import Words
from vsim.errors import DataError, UsageError, did_you_mean, listing
from vsim.i18n import VARIABLE, known_language, language, set_language
from vsim.spec.loading import read_text


class Desk:
    """What a lesson and a unit have in common: words in the reader's language, and the notebook's variables."""

    def __init__(self, card: Mapping[str, Any], folder: Path) -> None:
        self.card = card
        self.folder = folder
        lang = card.get("lang", "en")
        if os.environ.get(VARIABLE):
            lang = known_language(os.environ[VARIABLE], VARIABLE)
        set_language(str(lang))
        self.words = Words(language(), card.get("words", {}))
        self._hints_seen: dict[str, int] = {}

    def t(self, message: str) -> str:
        """Return a message of this notebook in the reader's language."""
        return self.words(message)

    def _hint(self, task: str, hints: list[str]) -> Sheet:
        seen = min(self._hints_seen.get(task, 0) + 1, len(hints))
        self._hints_seen[task] = seen
        return hint_sheet(task, hints[:seen], len(hints), self.words)


def answer_of(
    parts: tuple[Form, ...], space: Mapping[str, Any], inputs: Mapping[str, list[list[Any]]]
) -> dict[str, Any]:
    """Return the plain answer to a task: the notebook's variables of its parts; `...` and absent ones are left out.

    Parameters
    ----------
    parts : tuple of forms
    space : mapping
        Variables of the notebook.
    inputs : mapping of str to list of argument lists
        For each function by name, the inputs to try it with.
    """
    answer: dict[str, Any] = {}
    for part in parts:
        value = space.get(part.name, ...)
        if value is ...:
            continue
        if isinstance(part, Function):
            answer[part.name] = tried(value, part, inputs.get(part.name, [list(part.example)]))
        elif isinstance(part, Table):
            answer[part.name] = table_value(value, part)
        else:
            answer[part.name] = plain(value)
    return answer


class Lesson(Desk):
    """An open lesson: checks that answer at once, staged hints, solutions.

    Use `vsim.open_lesson`.
    """

    def __init__(self, card: Mapping[str, Any], folder: Path, checks: Checks, tables: Mapping[str, Any]) -> None:
        super().__init__(card, folder)
        self.checks = checks
        self.tables = tables

    @cached_property
    def truth(self) -> Any:
        """What the checks hold answers against, from the lesson's own tables."""
        return self.checks.truth(self.tables)

    def _task(self, name: str) -> Task:
        found: Task = named(name, {task.id: task for task in self.checks.tasks})
        return found

    def check(self, task: str) -> Sheet:
        """Return what is right so far in the answer to a task, and why not where it is not."""
        found = self._task(task)
        space = sys._getframe(1).f_globals
        probes = found.probes(1) if found.probes else []
        inputs = {part.name: probes for part in found.parts if isinstance(part, Function)}
        return check_sheet(score(found, answer_of(found.parts, space, inputs), self.truth, probes), self.words)

    def hint(self, task: str) -> Sheet:
        """Return the hints to a task so far; each call opens one more."""
        return self._hint(task, list(self._task(task).hints))

    def options(self, task: str) -> Sheet:
        """Return the options of a choice with their letters."""
        found = self._task(task)
        return options_sheet(found.public(), [part for part in found.parts if isinstance(part, Choice)], self.words)

    def solution(self, task: str) -> Sheet:
        """Return the worked solution of a task."""
        return solution_sheet(self._task(task), self.words)


class Unit(Desk):
    """An open graded unit: the learner's own data, and checks of the form of answers.

    Use `vsim.open_unit`.
    """

    def __init__(self, card: Mapping[str, Any], folder: Path, learner: Mapping[str, Any]) -> None:
        super().__init__(card, folder)
        self.learner = str(learner.get("learner", ""))
        self.seed = int(learner.get("seed", 0))

    @cached_property
    def data(self) -> dict[str, Any]:
        """The tables of the learner's own city, as DataFrames."""
        from vsim.course.handout import read_tables

        return read_tables(self.folder / DATA)

    def options(self, task: str) -> Sheet:
        """Return the options of a choice, in the learner's own order, with their letters."""
        found = self._task(task)
        choices = [part for part in self._parts(found) if isinstance(part, Choice)]
        return options_sheet(found, choices, self.words)

    def _parts(self, task: Mapping[str, Any]) -> tuple[Form, ...]:
        return dealt([form_of(part) for part in task["parts"]], self.seed)

    def _task(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = named(name, {str(task["id"]): task for task in self.card["tasks"]})
        return found

    def check(self, task: str) -> Sheet | None:
        """Return whether the answer to a task has the form that is asked for; when graded, send it out instead."""
        found = self._task(task)
        parts = self._parts(found)
        space = sys._getframe(1).f_globals
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            emit(task, answer_of(parts, space, self._probes(task, parts)))
            return None
        return form_sheet(found, parts, answer_of(parts, space, {}), self.words)

    def _probes(self, task: str, parts: tuple[Form, ...]) -> dict[str, list[list[Any]]]:
        path = self.folder / PROBES / f"{task}.json"
        if not path.is_file():
            return {}
        inputs = json.loads(read_text(path))
        return {part.name: inputs for part in parts if isinstance(part, Function)}

    def hint(self, task: str) -> Sheet:
        """Return the hints to a task so far; each call opens one more, and none costs points."""
        return self._hint(task, [str(hint) for hint in self._task(task)["hints"]])

    def _repr_html_(self) -> str:
        return unit_card(self.card, self.learner, self.words).html

    def __repr__(self) -> str:
        return unit_card(self.card, self.learner, self.words).text


def named(name: str, known: Mapping[str, Any]) -> Any:
    """Return what bears a name, or refuse with the nearest one.

    Raises
    ------
    UsageError
        When nothing bears it.
    """
    if name in known:
        return known[name]
    raise UsageError(f"task is '{name}'; allowed {listing(known)}.{did_you_mean(str(name), known)}")


def emit(task: str, answer: Mapping[str, Any]) -> None:
    """Send a plain answer out of the kernel."""
    from IPython.display import display

    display({MIME: {"task": task, "answer": dict(answer)}}, raw=True)  # type: ignore[no-untyped-call]


def open_unit(folder: str | Path = ".") -> Unit:
    """Open the graded unit whose notebook stands in a folder, the working folder by default.

    Parameters
    ----------
    folder : str or Path
        Where `unit.json`, `learner.json` and `data/` are.

    Raises
    ------
    UsageError
        When a part of the handout is not there.
    DataError
        When one of them is broken.

    Returns
    -------
    Unit
        With `data`, `check`, `hint` and `t`.
    """
    place = Path(folder).resolve()
    card = read_card(place / UNIT, "unit")
    learner = read_card(place / LEARNER, "learner")
    if learner.get("unit") != card["id"]:
        raise DataError(
            f"{LEARNER}: belongs to the unit '{learner.get('unit')}'; allowed '{card['id']}'. "
            "Keep each handout in a folder of its own."
        )
    return Unit(card, place, learner)


def open_lesson(name: str, *, tables: Mapping[str, Any]) -> Lesson:
    """Open a lesson: its words and checks.

    Parameters
    ----------
    name : str
        Such as "management/01-registers-and-rates"; its files are looked for beside the notebook, then in `notebooks/`
        of the working folder, of the folders above it, and of the checkout that vsim runs from.
    tables : mapping of str to DataFrame
        What the answers are about, usually `vsim.registers(run)`.

    Raises
    ------
    UsageError
        When no lesson bears the name.
    """
    stem = name.rpartition("/")[2]
    here = Path.cwd()
    if (here / f"{stem}.json").is_file() and (here / f"{stem}.py").is_file():
        return Lesson(read_card(here / f"{stem}.json", "lesson"), here, load_checks(here / f"{stem}.py"), tables)
    from vsim.course.editions import sidecar
    from vsim.course.lessons import notebooks_folder, open_source

    source = open_source(name, notebooks_folder())
    return Lesson(sidecar(source, language()), source.path.parent, load_checks(source.checks), tables)
