"""Tasks: what is asked, what form the answer has, how it earns, and the score that comes of it.

A task's `check` gets the parts that are of the right form, and the truth; it yields criteria. Nothing else decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from vsim.course.answers import Form, FormError
from vsim.course.forms import dealt
from vsim.course.words import Said
from vsim.errors import VsimError

NO_ANSWER = "no-answer"       # the slip of a part that is not there
CENTS = 100  # points are given in hundredths


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that an answer is judged by.

    Attributes
    ----------
    label : str
        What is judged, as a message.
    credit : float
        Share earned, 0 to 1.
    weight : float
        Weight among the criteria of the task.
    reason : Said or str, optional
        Why it did not earn all, as a message; it names the slip and never the right answer.
    slip : str
        Short name of the misconception, for the report of a class.
    """

    label: str
    credit: float
    weight: float = 1.0
    reason: Said | str = ""
    slip: str = ""


Check = Callable[[Mapping[str, Any], Any], Iterable[Criterion]]


@dataclass(frozen=True, slots=True)
class Task:
    """A task that is checked by the computer.

    Attributes
    ----------
    id : str
        Such as "q1"; its grade cell has the id "q1-check".
    title : str
        A few words, as a message.
    points : float
        Most that can be earned.
    parts : tuple of forms
        What the notebook must hold, by name.
    check : callable
        `check(given, truth)` yields criteria; `given` has the readable parts by name.
    hints : tuple of str
        Staged hints, as messages: a nudge first, then the idea.
    solution : str
        Worked solution in words, as a message; shown in lessons only.
    code : str
        Worked solution in code; shown in lessons only.
    probes : callable, optional
        `probes(seed)` gives the hidden inputs for a function, a list of lists of plain arguments.
    """

    id: str
    title: str
    points: float
    parts: tuple[Form, ...]
    check: Check
    hints: tuple[str, ...] = ()
    solution: str = ""
    code: str = ""
    probes: Callable[[int], list[list[Any]]] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.points <= 1000:
            raise VsimError(f"task {self.id}: points is {self.points}; allowed above 0, up to 1000.")
        if not self.parts:
            raise VsimError(f"task {self.id}: has no parts; allowed at least one form of an answer.")

    def public(self) -> dict[str, Any]:
        """Return what a release may say of the task: no check, no solution."""
        return {
            "id": self.id,
            "title": self.title,
            "points": self.points,
            "parts": [part.public() for part in self.parts],
            "hints": list(self.hints),
        }


@dataclass(frozen=True, slots=True)
class Score:
    """What a task earned, and why.

    Attributes
    ----------
    task : str
    earned, points : float
        Points earned, in hundredths, and the most that can be.
    criteria : tuple of Criterion
    """

    task: str
    earned: float
    points: float
    criteria: tuple[Criterion, ...] = field(default_factory=tuple)

    @property
    def slips(self) -> list[str]:
        """Names of the misconceptions found."""
        return [item.slip for item in self.criteria if item.slip and item.credit < 1]


def read_parts(
    task: Task, answer: object, inputs: Sequence[Any] = (), seed: int | None = None
) -> tuple[dict[str, Any], dict[str, Criterion]]:
    """Return the parts of an answer that are of their form, and for each that is not a lost criterion, by name.

    Parameters
    ----------
    task : Task
    answer : object
        What a kernel claims: any plain value. Only a mapping of names to values can hold parts.
    inputs : sequence of argument lists
        What functions were tried with; such a part is then a list of (arguments, result or None).
    seed : int, optional
        Seed of the learner's city, by which options are dealt; the author's order without it.
    """
    given: dict[str, Any] = {}
    lost: dict[str, Criterion] = {}
    claimed = answer if isinstance(answer, Mapping) else {}
    for part in task.parts if seed is None else dealt(task.parts, seed):
        if part.name not in claimed or claimed[part.name] is None:
            lost[part.name] = Criterion("", 0.0, reason=no_answer(part.name), slip=NO_ANSWER)
            continue
        try:
            value = part.read(claimed[part.name])
            given[part.name] = list(zip_longest(inputs, value[: len(inputs)])) if isinstance(value, list) else value
        except FormError as error:
            lost[part.name] = Criterion("", 0.0, reason=error.said, slip="form")
    return given, lost


def score(task: Task, answer: object, truth: Any, inputs: Sequence[Any] = (), seed: int | None = None) -> Score:
    """Return what an answer earns; whatever the answer is, the points lie between 0 and the task's own.

    A criterion about a part that is missing or not of its form earns nothing, and shows the form's own reason.
    """
    given, lost = read_parts(task, answer, inputs, seed)
    criteria = [_with_reason(item, lost) for item in task.check(given, truth)]
    total = sum(item.weight for item in criteria)
    share = sum(item.weight * min(1.0, max(0.0, item.credit)) for item in criteria) / total if total > 0 else 0.0
    if not math.isfinite(share):
        raise VsimError(f"task {task.id}: its check gives no number. Correct checks.py; nothing was marked.")
    earned = math.floor(task.points * share * CENTS + 0.5) / CENTS if given else 0.0
    told = {str(item.reason.values.get("name")) for item in criteria if isinstance(item.reason, Said)}
    untold = [item for name, item in lost.items() if name not in told]
    return Score(task.id, min(task.points, max(0.0, earned)), task.points, (*criteria, *untold))


def no_answer(name: str) -> Said:
    """Return the reason of a part that is not there."""
    return Said("{name} has no answer yet", {"name": name})


def _with_reason(item: Criterion, lost: Mapping[str, Criterion]) -> Criterion:
    """Return a criterion that found no answer with the reason that the form gives, when there is one."""
    if item.slip != NO_ANSWER or not isinstance(item.reason, Said):
        return item
    found = lost.get(str(item.reason.values.get("name")))
    return item if found is None else replace(item, reason=found.reason, slip=found.slip)
