"""What a learner's answers are judged with: the learner's city, its truth, and hidden inputs, each made outside."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from vsim.course.folder import Course, open_course
from vsim.course.keys import PUBLIC, seed
from vsim.course.rescore_truths import Truths
from vsim.course.tasks import Task
from vsim.course.unit import DRAWS, Sitting, Unit, sit


@lru_cache(maxsize=512)
def seat(root: Path, unit: str, learner: str) -> tuple[Course, Sitting]:
    """Return the course and a learner's sitting at one of its units; the city is drawn once in a process."""
    course = open_course(root)
    found = course.unit(unit)
    known = known_sitting(course, found, learner)
    return course, known or Truths(course, found).keep_of(sit(found, course.name, learner))


def known_sitting(course: Course, unit: Unit, learner: str) -> Sitting | None:
    """Return a sitting whose truth is kept, or None; only its own city is drawn, none of the unfair ones before it.

    A truth is kept only of the city that was found fair, under the digest of all code that decides so.
    """
    kept, city = Truths(course, unit), unit.checks.city
    assert city is not None
    for draw in range(DRAWS):
        number = seed(PUBLIC, course.name, unit.id, learner, "city", draw)
        truth = kept.find(number)
        if truth is not None:
            return Sitting(learner, number, city(number), truth)
    return None


def hidden_inputs(course: Course, task: Task, unit: str, learner: str, attempt: int) -> list[list[Any]]:
    """Return the hidden inputs of a function task for one attempt: made from the secret key, new for each attempt."""
    if task.probes is None:
        return []
    return task.probes(seed(course.secret, course.name, unit, f"{learner}/{task.id}", "hidden", attempt))
