"""One invented class through the whole of nbgrader: handed out, handed in, collected, graded in the jail, and compared.

What each learner earns there must be what the checkers give the same answers in this process, city by city.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vsim.course import ledger
from vsim.course.class_bank import MODEL_ANSWER, Bank
from vsim.course.class_model import BLANK
from vsim.course.class_rehearsal import SEATS, seat_answers
from vsim.course.collecting import collect_unit
from vsim.course.folder import Course, init_course, open_course
from vsim.course.grading import grade
from vsim.course.mutants import Variant, read_variants
from vsim.course.rehearsal import Rehearsal, ran
from vsim.course.release import release
from vsim.course.sample_class import filled, handed_in, solved_cells
from vsim.course.unit import Unit


@dataclass(frozen=True, slots=True)
class Seat:
    """One learner of the class: ability, the name of the answer to each task, and what it earned both ways.

    Attributes
    ----------
    learner : str
    ability : float
    chosen : dict of str to str
    graded, checked : dict of str to float
        Points by task through nbgrader, and by the checkers in this process.
    """

    learner: str
    ability: float
    chosen: dict[str, str]
    graded: dict[str, float]
    checked: dict[str, float]

    @property
    def differs(self) -> list[str]:
        """The tasks on which both ways do not agree."""
        return [task for task in self.checked if abs(self.graded.get(task, -1.0) - self.checked[task]) > 1e-9]


def class_through_nbgrader(
    unit: Unit, bank: Bank, group: int = 0, seats: int = SEATS, progress: Callable[[int, int], None] | None = None
) -> list[Seat]:
    """Return what one class earned through nbgrader and the jail, beside what the checkers give.

    Parameters
    ----------
    unit : Unit
    bank : Bank
        Of the unit; it says which answers there are.
    group, seats : int
        Which of the invented classes, and how many learners.
    progress : callable, optional
        Called with (submissions graded, submissions in all).
    """
    with tempfile.TemporaryDirectory(prefix="vsim-class-") as made:
        course, drawn = class_course(Path(made, "course"), unit, bank, group, seats)
        released = unit.id
        collect_unit(course, released)
        grade(course, released, progress=progress)
        rows = ledger.latest(course.root, released)
        code = {(item.task, item.name): item for item in read_variants(unit.folder)}
        found = []
        for name, (theta, _, chosen) in drawn.items():
            scores = rows[name]["scores"] if name in rows else {}
            found.append(Seat(name, theta, chosen, {task: float(score["earned"]) for task, score in scores.items()},
                              _checked(unit, course.name, name, chosen, code)))
        return found


def class_course(
    root: Path, unit: Unit, bank: Bank, group: int = 0, seats: int = SEATS
) -> tuple[Course, dict[str, tuple[float, int, dict[str, str]]]]:
    """Make a course of invented learners whose answers lie in its inbox, and return it with what each one chose.

    Parameters
    ----------
    root : Path
        New folder of the course.
    unit : Unit
    bank : Bank
        Of the unit.
    group, seats : int
        Which of the invented classes, and how many learners.
    """
    names = [f"seat-{number:02d}" for number in range(seats)]
    drawn = {name: seat_answers(bank, group, number) for number, name in enumerate(names)}
    code = {(item.task, item.name): item.code for item in read_variants(unit.folder)}
    model = solved_cells(unit)
    with tempfile.TemporaryDirectory(prefix="vsim-list-") as made:
        listed = Path(made, "list.csv")
        listed.write_text("\n".join(["learner", *names]) + "\n", encoding="utf-8")
        course = init_course(root, name="rehearsed-class", learners=listed)
    released = release(course, str(unit.folder)).unit
    for name, (_, _, chosen) in drawn.items():
        cells = {cell: text for cell, text in model.items() if cell not in chosen}
        for task, answer in chosen.items():
            if answer != BLANK:
                cells[task] = model[task] if answer == MODEL_ANSWER else code[task, answer]
        place = course.place("inbox", name)
        place.mkdir(parents=True)
        (place / "x.ipynb").write_bytes(handed_in(course, course.unit(released), name, filled(cells)))
    return open_course(course.root), drawn


def _checked(
    unit: Unit, course: str, learner: str, chosen: dict[str, str], variants: dict[tuple[str, str], Variant]
) -> dict[str, float]:
    """Return what the checkers give the same answers, each run where it stands in the notebook."""
    seat = Rehearsal(unit, learner, course)
    with seat.desk():
        solved, blank = seat.spaces(solved=True), seat.spaces(solved=False)
        earned = {}
        for task in unit.checks.tasks:
            answer = chosen[task.id]
            if answer == BLANK:
                space = blank[task.id][1]
            elif answer == MODEL_ANSWER:
                space = solved[task.id][1]
            else:
                space = ran(variants[task.id, answer], solved[task.id][0])
            earned[task.id] = seat.mark(task, space).earned
    return earned
