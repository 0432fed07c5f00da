"""What a learner's answers are judged with: the learner's city, its truth, and hidden inputs, each made outside."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from vsim.course.folder import Course, open_course
from vsim.course.keys import seed
from vsim.course.rescore_truths import Truths
from vsim.course.tasks import Task
from vsim.course.unit import Sitting, sit


@lru_cache(maxsize=512)
def seat(root: Path, unit: str, learner: str) -> tuple[Course, Sitting]:
    """Return the course and a learner's sitting at one of its units; the city is drawn once in a process."""
    course = open_course(root)
    found = course.unit(unit)
    return course, Truths(course, found).keep_of(sit(found, course.name, learner))


def hidden_inputs(course: Course, task: Task, unit: str, learner: str, attempt: int) -> list[list[Any]]:
    """Return the hidden inputs of a function task for one attempt: made from the secret key, new for each attempt."""
    if task.probes is None:
        return []
    return task.probes(seed(course.secret, course.name, unit, f"{learner}/{task.id}", "hidden", attempt))
