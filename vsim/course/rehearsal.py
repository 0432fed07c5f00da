"""Rehearsing a unit: model answer, blank release, every mutant and equivalent, on the cities of several learners.

It runs the author's own code in this process, which is fast; the same answers through nbgrader and the jail are
evidence of the slow lane.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vsim.course.cards import DATA, LEARNER, UNIT
from vsim.course.catalogues import Translations
from vsim.course.desk import answer_of
from vsim.course.editions import json_bytes
from vsim.course.forms import dealt
from vsim.course.front_matter import front_matter_faults
from vsim.course.handout import table_bytes
from vsim.course.leaks import BEGIN, END
from vsim.course.lessons import lessons, notebooks_folder
from vsim.course.mutants import LEAST, Variant, read_variants
from vsim.course.notes import notes_faults
from vsim.course.objectives import objective_faults
from vsim.course.rubric import rubrics_of
from vsim.course.source import Cell
from vsim.course.tasks import Score, Task, score
from vsim.course.unit import Sitting, Unit, sit

COURSE = "rehearsal"
Space = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer to one task, as it was marked; `fault` says what is wrong with the unit, "" when nothing is."""

    learner: str
    task: str
    name: str
    earned: float
    points: float
    fault: str = ""


def code_of(cell: Cell, *, solved: bool) -> str:
    """Return the code of a cell with its solution, or as it is released."""
    if solved:
        return cell.source
    kept, inside = [], False
    for line in cell.source.splitlines():
        if line.strip() in (BEGIN, END):
            inside = line.strip() == BEGIN
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


@dataclass
class Rehearsal:
    """A unit on the city of one learner."""

    unit: Unit
    learner: str
    course: str = COURSE

    @cached_property
    def sitting(self) -> Sitting:
        """The learner's city and the truth about it."""
        return sit(self.unit, self.course, self.learner)

    @contextlib.contextmanager
    def desk(self) -> Iterator[None]:
        """Work in a folder that holds the learner's handout."""
        folder = Path(tempfile.mkdtemp(prefix="vsim-rehearsal-"))
        try:
            card = self.unit.card("en", Translations(), course=self.course)
            (folder / UNIT).write_bytes(json_bytes(card))
            (folder / LEARNER).write_bytes(
                json_bytes(
                    {
                        "format": 1,
                        "kind": "learner",
                        "unit": self.unit.id,
                        "learner": self.learner,
                        "seed": self.sitting.seed,
                    }
                )
            )
            (folder / DATA).mkdir()
            for name, frame in self.sitting.tables.items():
                (folder / DATA / f"{name}.csv").write_bytes(table_bytes(frame))
            with contextlib.chdir(folder):
                yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def spaces(self, *, solved: bool) -> dict[str, tuple[Space, Space]]:
        """Return, for each task, the notebook's variables before its answer cell and at its check cell."""
        space: Space = {"__name__": "__main__", "display": lambda *_: None}
        found: dict[str, tuple[Space, Space]] = {}
        before: dict[str, Space] = {}
        for cell in self.unit.source.cells:
            marks = cell.metadata.get("nbgrader", {})
            if cell.kind != "code":
                continue
            name = str(marks.get("grade_id", ""))
            if marks.get("grade") and not marks.get("solution"):
                task = name.removesuffix("-check")
                found[task] = (before.get(task, {}), dict(space))
                continue
            before[name] = dict(space)
            with contextlib.suppress(Exception) if not solved else contextlib.nullcontext():
                exec(compile(code_of(cell, solved=solved), f"<{name}>", "exec"), space)
        return found

    def mark(self, task: Task, space: Mapping[str, Any], attempt: int = 1) -> Score:
        """Return what the variables of a notebook earn, by way of JSON as a kernel sends it."""
        probes = task.probes(self.sitting.seed + attempt) if task.probes else []
        parts = dealt(task.parts, self.sitting.seed)
        answer = json.loads(json.dumps(answer_of(parts, space, {part.name: probes for part in parts})))
        return score(task, answer, self.sitting.truth, probes, self.sitting.seed)

    def answers(self) -> dict[str, Score]:
        """Return what the model answer earns."""
        with self.desk():
            spaces = self.spaces(solved=True)
            return {task.id: self.mark(task, spaces[task.id][1]) for task in self.unit.checks.tasks}


def variants_missing(unit: Unit, variants: list[Variant]) -> list[str]:
    """Return which tasks have too few mutants, or none that must earn all."""
    lacking = []
    for task in unit.checks.tasks:
        own = [item for item in variants if item.task == task.id]
        wanted = LEAST
        if all(part.kind == "choice" for part in task.parts):
            wanted = max(len(getattr(part, "texts", ())) - 1 for part in task.parts)
        if sum(item.kind == "mutant" for item in own) < wanted:
            lacking.append(f"{task.id} has fewer than {wanted} mutants")
        if not any(item.kind == "equivalent" for item in own):
            lacking.append(f"{task.id} has no equivalent of the model answer")
    return lacking


def rehearse(unit: Unit, learners: list[str], progress: Callable[[int, int], None] | None = None) -> list[Trial]:
    """Return every trial of a unit; the unit is sound when none has a fault.

    Parameters
    ----------
    unit : Unit
    learners : list of str
        Invented learners, each with a city; their answers are also held against each other's cities.
    progress : callable, optional
        Called with (learners done, learners in all).
    """
    variants = read_variants(unit.folder)
    trials = [Trial("", text.partition(" ")[0], "mutants", 0, 0, text) for text in variants_missing(unit, variants)]
    rubrics_of(unit)                                                 # raises where a rubric cannot be read
    promised = front_matter_faults(unit.source, known=lessons(notebooks_folder()))
    trials += [Trial("", "front matter", "front matter", 0, 0, text)
               for text in (*promised, *objective_faults(unit))]
    trials += [Trial("", "notes", "notes.md", 0, 0, text) for text in notes_faults(unit)]
    seats: list[tuple[Rehearsal, dict[str, tuple[Space, Space]]]] = []
    for place, learner in enumerate(learners, start=1):
        seat = Rehearsal(unit, learner)
        with seat.desk():
            solved = seat.spaces(solved=True)
            blank = seat.spaces(solved=False)
            for task in unit.checks.tasks:
                trials.append(_trial(seat, task, "model answer", solved[task.id][1], task.points, task.points))
                trials.append(_trial(seat, task, "blank release", blank[task.id][1], 0, 0))
            trials += [_variant_trial(seat, item, solved[item.task][0]) for item in variants]
        seats.append((seat, solved))
        if progress is not None:
            progress(place, len(learners))
    trials += [
        _copied(mine, other, theirs, task)
        for mine, _ in seats
        for other, theirs in seats
        if mine is not other
        for task in unit.checks.tasks
    ]
    return trials


def _trial(seat: Rehearsal, task: Task, name: str, space: Space, low: float, high: float) -> Trial:
    earned = seat.mark(task, space).earned
    fault = "" if low - 1e-9 <= earned <= high + 1e-9 else f"earned {earned:g}, wanted {low:g} to {high:g}"
    return Trial(seat.learner, task.id, name, earned, task.points, fault)


def ran(item: Variant, before: Space) -> Space:
    """Return the variables of a notebook after a variant was run in the place of the answer; an error ends it early."""
    space = dict(before)
    with contextlib.suppress(Exception):
        exec(compile(item.code, f"<{item.task} {item.name}>", "exec"), space)
    return space


def _variant_trial(seat: Rehearsal, item: Variant, before: Space) -> Trial:
    task = seat.unit.checks.task(item.task)
    space = ran(item, before)
    low, high = (task.points, task.points) if item.kind == "equivalent" else (item.low, item.high)
    trial = _trial(seat, task, f"{item.kind} {item.name}", space, low, high)
    if item.kind == "mutant" and trial.earned >= task.points:
        return Trial(seat.learner, task.id, trial.name, trial.earned, task.points, "a wrong answer earned all")
    return trial


def _copied(mine: Rehearsal, other: Rehearsal, theirs: dict[str, tuple[Space, Space]], task: Task) -> Trial:
    """Return what a neighbour's values earn on my city: a task of numbers must lose, a concept may carry over."""
    space = {part.name: theirs[task.id][1].get(part.name) for part in task.parts}
    result = mine.mark(task, space)
    values = any(part.kind in ("number", "table") for part in task.parts)
    fault = "another learner's answer earned all" if values and result.earned >= task.points else ""
    return Trial(mine.learner, task.id, f"copied from {other.learner}", result.earned, task.points, fault)
