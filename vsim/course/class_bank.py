"""What every known answer to a unit earns on several cities: scored once through the checkers, then only drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vsim.course.answers import Choice
from vsim.course.class_model import BLANK
from vsim.course.mutants import read_variants
from vsim.course.rehearsal import Rehearsal, ran
from vsim.course.unit import Unit

MODEL_ANSWER = "model answer"


@dataclass(frozen=True, slots=True)
class Bank:
    """Points by task, city and answer.

    Attributes
    ----------
    unit : str
    points : dict of str to float
        Most points by task, in the unit's order.
    guess : dict of str to float
        Probability of hitting the right option, by task: 0 where there is nothing to choose from.
    right : dict of str to list of str
        Names of the answers that earn all, by task.
    wrong : dict of str to list of str
        Names of the mistakes, "blank" among them, by task.
    earned : dict
        `earned[task][name]` is a list of points, one for each city.
    """

    unit: str
    points: dict[str, float]
    guess: dict[str, float]
    right: dict[str, list[str]]
    wrong: dict[str, list[str]]
    earned: dict[str, dict[str, list[float]]]

    @property
    def cities(self) -> int:
        """How many cities there are."""
        return min(len(row) for rows in self.earned.values() for row in rows.values())

    def idle(self) -> list[str]:
        """Return the tasks that no mistake can lower."""
        return [task for task, names in self.wrong.items()
                if all(min(self.earned[task][name]) >= self.points[task] for name in names)]


def bank_of(unit: Unit, cities: int, progress: Callable[[int, int], None] | None = None) -> Bank:
    """Return what the model answer, every equivalent, every mutant and the blank release earn on several cities.

    Parameters
    ----------
    unit : Unit
    cities : int
        Invented learners, each with a city.
    progress : callable, optional
        Called with (cities done, cities in all).
    """
    tasks = unit.checks.tasks
    variants = read_variants(unit.folder)
    names = {task.id: [item.name for item in variants if item.task == task.id and item.kind == "mutant"]
             for task in tasks}
    equal = {task.id: [item.name for item in variants if item.task == task.id and item.kind == "equivalent"]
             for task in tasks}
    earned: dict[str, dict[str, list[float]]] = {
        task.id: {name: [] for name in (MODEL_ANSWER, *equal[task.id], *names[task.id], BLANK)} for task in tasks}
    for number in range(cities):
        seat = Rehearsal(unit, f"class-{number}")
        with seat.desk():
            solved, blank = seat.spaces(solved=True), seat.spaces(solved=False)
            for task in tasks:
                rows = earned[task.id]
                rows[MODEL_ANSWER].append(seat.mark(task, solved[task.id][1]).earned)
                rows[BLANK].append(seat.mark(task, blank[task.id][1]).earned)
            for item in variants:
                earned[item.task][item.name].append(
                    seat.mark(unit.checks.task(item.task), ran(item, solved[item.task][0])).earned)
        if progress is not None:
            progress(number + 1, cities)
    return Bank(
        unit.id, {task.id: task.points for task in tasks},
        {task.id: max((1 / len(part.texts) for part in task.parts if isinstance(part, Choice)), default=0.0)
         if all(isinstance(part, Choice) for part in task.parts) else 0.0 for task in tasks},
        {task.id: [MODEL_ANSWER, *equal[task.id]] for task in tasks},
        {task.id: [*names[task.id], BLANK] for task in tasks}, earned,
    )
