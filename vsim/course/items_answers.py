"""What was answered: which options were chosen, which wrong values were given, and the misconception behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsim.course.answers import Choice, FormError
from vsim.course.forms import dealt
from vsim.course.items_table import Marks
from vsim.course.tasks import Task

SHOWN = 3                     # wrong values that are told of each kind
LONGEST = 40                  # characters of such a value
Values = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice.

    Attributes
    ----------
    part, text : str
        Name of the choice, and the option as a message of the unit.
    chosen, right : int
        Learners who chose it, and for how many of them it was right: in some units that depends on the city.
    rest : float or None
        Their mean share of the points of all other items.
    """

    part: str
    text: str
    chosen: int
    right: int
    rest: float | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """One way of going wrong.

    Attributes
    ----------
    task, label, slip : str
        What was judged, and the short name of the misconception; "other" where none is known, "no-answer", "form".
    learners : int
        How many went wrong so.
    reason : dict
        Message and values, as the ledger has them.
    values : tuple of (str, int)
        The values that were given by more than one learner, with how many gave them.
    rest : float
        Mean share of the points of all other items of those who went wrong so.
    """

    task: str
    label: str
    slip: str
    learners: int
    reason: dict[str, Any]
    values: Values
    rest: float


def options_of(marks: Marks, task: Task, parts: Mapping[str, str]) -> list[Option]:
    """Return how often each option of a task's choices was chosen, and by whom.

    Parameters
    ----------
    marks : Marks
    task : Task
    parts : mapping of str to str
        Part by label of the criterion that judges it, see `judged_parts`.
    """
    found = []
    rest = marks.rest(task.id)
    for part in task.parts:
        if not isinstance(part, Choice):
            continue
        chosen: dict[int, list[int]] = {place: [] for place in range(len(part.texts))}
        right: Counter[int] = Counter()
        labels = {label for label, name in parts.items() if name == part.name}
        for learner, row in enumerate(marks.rows):
            place = _place(part, row, task.id)
            if place is not None:
                chosen[place].append(learner)
                right[place] += any(one["label"] in labels and one["credit"] >= 1
                                    for one in row["scores"].get(task.id, {}).get("criteria", ()))
        found += [Option(part.name, part.texts[place], len(who), right[place],
                         float(rest[who].mean()) if who else None) for place, who in chosen.items()]
    return found


def _place(part: Choice, row: Mapping[str, Any], task: str) -> int | None:
    """Return the option that a learner chose, by its place in the author's order."""
    (mine,) = dealt((part,), int(row["seed"]))
    try:
        place = mine.read(answer_part(row, task, part.name))
    except FormError:
        return None
    return place if isinstance(place, int) else None


def answer_part(row: Mapping[str, Any], task: str, part: str) -> Any:
    """Return one part of an answer as it was handed in; None where there is none."""
    answer = (row.get("answers") or {}).get(task)
    return answer.get(part) if isinstance(answer, Mapping) else None


def wrong_of(marks: Marks, task: Task, parts: Mapping[str, str]) -> list[Wrong]:
    """Return the ways of going wrong at a task, the most frequent first."""
    rest = marks.rest(task.id)
    chosen = {part.name for part in task.parts if isinstance(part, Choice)}         # a letter means nothing to others
    told = {label: name for label, name in parts.items() if name not in chosen}
    who: dict[tuple[str, str], list[int]] = {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for learner, row in enumerate(marks.rows):
        for one in row["scores"].get(task.id, {}).get("criteria", ()):
            if one["credit"] < 1 and one["slip"]:
                key = str(one["label"]), str(one["slip"])
                if learner not in who.setdefault(key, []):
                    who[key].append(learner)
                said.setdefault(key, {"message": str(one.get("reason", "")), "values": one.get("values") or {}})
    found = [
        Wrong(task.id, label, slip, len(some), said[label, slip],
              _values([answer_part(marks.rows[one], task.id, told.get(label, "")) for one in some]),
              float(rest[some].mean()))
        for (label, slip), some in who.items()
    ]
    return sorted(found, key=lambda one: (-one.learners, one.label, one.slip))


def _values(given: Sequence[Any]) -> Values:
    """Return the plain values that several learners gave."""
    told = [value_text(value) for value in given
            if isinstance(value, str | int | float) and not isinstance(value, bool)]
    return tuple((text, n) for text, n in Counter(told).most_common(SHOWN) if n > 1)


def value_text(value: str | int | float) -> str:
    """Return a value as it is told: a number with six digits, a text cut short, nothing that does not print.

    >>> value_text(1234.5678), value_text(1200)
    ('1,234.57', '1,200')
    """
    if isinstance(value, str):
        return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())[:LONGEST]
    return f"{value:,}" if isinstance(value, int) and abs(value) < 10**15 else f"{value:,.6g}"
