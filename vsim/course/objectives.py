"""What a learner's points say of the objectives of a unit: each objective is shown by tasks that the unit names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vsim.course.feedback_rows import Row
from vsim.course.unit import Unit


@dataclass(frozen=True, slots=True)
class Objective:
    """How far one objective is shown.

    Attributes
    ----------
    text : str
        The objective, in the language of the page.
    cells : tuple of str
        Grade ids of what shows it.
    earned, points : float
        Points earned so far, and the most that can be.
    waiting : float
        Points that a person has still to give.
    """

    text: str
    cells: tuple[str, ...]
    earned: float
    points: float
    waiting: float

    @property
    def lost(self) -> float:
        """Points that were marked and not earned."""
        return self.points - self.waiting - self.earned


def objectives_of(unit: Unit, rows: Sequence[Row], known: Mapping[str, str]) -> list[Objective]:
    """Return the objectives of a unit with what was earned for each; nothing where the unit does not say what shows it.

    A task that shows several objectives counts for each of them, so the points of all do not add up to those of the
    unit.

    Parameters
    ----------
    unit : Unit
    rows : sequence of Row
        The points of the marked notebook.
    known : mapping of str to str
        Translations by English message.
    """
    by_name = {row.cell.removesuffix("-check"): row for row in rows}
    syllabus = unit.source.syllabus
    found = []
    for text, names in zip(syllabus.objectives, syllabus.examined, strict=False):
        shown = [by_name[name] for name in names if name in by_name]
        found.append(Objective(
            known.get(text, text), tuple(row.cell for row in shown),
            sum(row.earned or 0.0 for row in shown), sum(row.points for row in shown),
            sum(row.points for row in shown if row.earned is None),
        ))
    return [one for one in found if one.points > 0]


def objective_faults(unit: Unit) -> list[str]:
    """Return what is wrong between the objectives of a unit and its tasks: unknown names, and tasks that show none."""
    named = [name for names in unit.source.syllabus.examined for name in names]
    there = [*(task.id for task in unit.checks.tasks), *unit.hand_points]
    if not named:
        return [(f"front matter: examined is missing; allowed for each objective the tasks that show it, of "
                f"{', '.join(there)}")]
    unknown = [name for name in named if name not in there]
    return [
        *(f"front matter: examined names '{name}', which is no task; allowed {', '.join(there)}" for name in unknown),
        *(f"front matter: no objective is shown by '{name}'" for name in there if name not in named),
    ]
