"""What a learner should do next, in one or two sentences with a reason: the end of the feedback page's first part."""

from __future__ import annotations

from collections.abc import Sequence

from vsim.course.feedback_rows import Row
from vsim.course.objectives import Objective
from vsim.course.tasks import Task
from vsim.course.words import Words
from vsim.i18n import t


def next_steps(
    rows: Sequence[Row], objectives: Sequence[Objective], tasks: Sequence[Task], words: Words, *,
    lesson: str = "", until: str = "", again: str = "",
) -> list[str]:
    """Return what to do next, most urgent first.

    Parameters
    ----------
    rows : sequence of Row
        The points of the marked notebook.
    objectives : sequence of Objective
    tasks : sequence of Task
        The unit's tasks, for their first hints.
    words : Words
        Of the unit, in the language of the page.
    lesson : str
        The lesson that comes before the unit.
    until : str
        Until when it may be handed in again, in words; "" when no date is set.
    again : str
        Which attempt counts, in words.
    """
    computed = [row for row in rows if not row.by_hand]
    lost = [row for row in computed if row.earned is not None and row.earned < row.points]
    steps: list[str] = []
    if lost:
        weakest = max(objectives, key=lambda one: one.lost, default=None)
        if weakest is not None and weakest.lost > 0:
            steps.append(t("Most points were lost at this: {objective}.").format(objective=weakest.text))
        shown = [row for row in lost if weakest is None or row.cell in weakest.cells] or lost
        row = max(shown, key=lambda one: one.points - (one.earned or 0.0))
        hint = next((task.hints[0] for task in tasks if task.hints and task.id == row.cell.removesuffix("-check")), "")
        steps.append(t("Begin here: {task}.").format(task=row.title) + (f" {words(hint)}" if hint else ""))
        if lesson:
            steps.append(t("The lesson behind it is {lesson}.").format(lesson=lesson))
        when = t("You may hand in again until {until}.").format(until=until) if until else t("You may hand in again.")
        steps.append(f"{when} {again}".strip())
    elif computed:
        steps.append(t("All that the computer marks is right. Go on with the next unit."))
    if any(row.blank for row in rows):
        steps.append(t("The written answer is still to be given; a person will mark it."))
    if any(row.earned is None for row in rows):
        steps.append(t("Your written answer is with your trainer; this page will show the mark and a comment."))
    return steps
