"""Wrong answers that are right for somebody else: possible only because every learner has a city of their own.

A number or table that is wrong for its learner and equal to one that earned all in another's city is listed, with how
likely that would be by chance. It is a reason to talk, never a mark: who sat together may have asked together.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vsim.course.answers import FormError, Number, Table
from vsim.course.items_answers import answer_part, value_text
from vsim.course.items_table import Row
from vsim.course.tasks import Task

EQUAL = 1e-6                  # relative difference of two numbers that were written down from one another
NEIGHBOURS = 30               # right values around a wrong one, by which the chance is judged
LIKELY = 0.05                 # chance of coincidence above which nothing is listed
MOST = 50                     # findings that are listed
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """One part of an answer: task, name of the part, the value ("" of a table), for how many others it is right."""

    task: str
    part: str
    value: str
    others: int


@dataclass(frozen=True, slots=True)
class Donor:
    """A learner, another one whose right values stand in the learner's wrong answer, and how likely that is by chance.

    Attributes
    ----------
    learner, other : str
    matches : tuple of Match
    wrong : int
        Wrong numbers and tables of the learner, in all.
    chance : float
        At most how likely it is that any of the others' right values would fit all of these by chance, if parts were
        independent.
    """

    learner: str
    other: str
    matches: tuple[Match, ...]
    wrong: int
    chance: float


def donors(tasks: Sequence[Task], judged: Mapping[str, Mapping[str, str]], rows: Iterable[Row]) -> list[Donor]:
    """Return the learners whose wrong values are right in another's city, the least likely first.

    Parameters
    ----------
    tasks : sequence of Task
    judged : mapping of str to mapping of str to str
        For each task the part that each criterion is about, by label, see `vsim.course.items_table.judged_parts`.
    rows : iterable of dict
        Lines of the ledger, any attempt; the last of each learner's equal values stands.

    Right values are sorted once and looked up, so that the work grows with learners, not with pairs.
    """
    right: dict[Place, dict[str, Any]] = {}
    wrong: dict[Place, dict[str, list[Any]]] = {}
    for row in rows:
        for task in tasks:
            for part, value, good in _judged(task, judged.get(task.id, {}), row):
                place, who = (task.id, part), str(row["learner"])
                if good:
                    right.setdefault(place, {})[who] = value
                elif value not in wrong.setdefault(place, {}).setdefault(who, []):
                    wrong[place][who].append(value)
    found: dict[tuple[str, str], list[tuple[Match, float]]] = {}
    many: dict[str, int] = {}
    for place, mine in wrong.items():
        index = _Index(right.get(place, {}))
        for who, values in mine.items():
            many[who] = many.get(who, 0) + len(values)
            for value in values:
                others = [other for other in index.equal(value) if other != who]
                chance = index.chance(value)
                for other in others[:NEIGHBOURS]:
                    match = Match(*place, "" if isinstance(value, dict) else value_text(value), len(others))
                    found.setdefault((who, other), []).append((match, chance))
    people = max(1, len({who for some in right.values() for who in some}) - 1)
    listed = [Donor(who, other, tuple(match for match, _ in some), many[who],
                    min(1.0, people * math.prod(chance for _, chance in some)))
              for (who, other), some in found.items()]
    likely = [one for one in listed if one.chance <= LIKELY]
    best: dict[str, Donor] = {}
    for one in sorted(likely, key=lambda one: (one.chance, -len(one.matches), one.learner, one.other)):
        best.setdefault(one.learner, one)
    return list(best.values())[:MOST]


def _judged(task: Task, parts: Mapping[str, str], row: Row) -> Iterable[tuple[str, Any, bool]]:
    """Yield the numbers and tables of an answer: name, value, whether all criteria about it were met."""
    criteria = row["scores"].get(task.id, {}).get("criteria", ())
    for part in task.parts:
        credits = [one["credit"] for one in criteria if parts.get(one["label"]) == part.name]
        if not credits or not isinstance(part, Number | Table):
            continue
        try:
            value = part.read(answer_part(row, task.id, part.name))
        except FormError:
            continue
        yield part.name, value, min(credits) >= 1


class _Line:
    """Right values of one number over a class, sorted: of a part, or of one cell of a table."""

    def __init__(self, right: Iterable[tuple[float, str]]) -> None:
        pairs = sorted(right)
        self.values, self.people = [value for value, _ in pairs], [who for _, who in pairs]

    def equal(self, value: float) -> list[str]:
        """Return for whom a value is right."""
        near = EQUAL * max(abs(value), EQUAL)
        return self.people[bisect_left(self.values, value - near) : bisect_right(self.values, value + near)]

    def chance(self, value: float) -> float:
        """Return how likely one given other's right value equals this one by chance.

        That is how dense right values lie around it, times the step in which it is written.
        """
        at = bisect_left(self.values, value)
        near = self.values[max(0, at - NEIGHBOURS // 2) : at + NEIGHBOURS // 2]
        span = near[-1] - near[0] if len(near) > 1 else 0.0
        return min(1.0, len(near) / len(self.values) * _step(value) / span) if span > 0 else 1.0


class _Index:
    """Right values of one part, numbers or tables, to be looked up."""

    def __init__(self, right: Mapping[str, Any]) -> None:
        self.numbers = _Line((float(value), who) for who, value in right.items() if not isinstance(value, dict))
        self.tables: dict[str, list[str]] = {}
        cells: dict[Place, list[tuple[float, str]]] = {}
        for who, value in right.items():
            if isinstance(value, dict):
                self.tables.setdefault(_same(value), []).append(who)
                for place, cell in _cells(value):
                    cells.setdefault(place, []).append((cell, who))
        self.cells = {place: _Line(pairs) for place, pairs in cells.items()}

    def equal(self, value: Any) -> list[str]:
        """Return for whom a value is right."""
        return self.tables.get(_same(value), []) if isinstance(value, dict) else self.numbers.equal(float(value))

    def chance(self, value: Any) -> float:
        """Return how likely one given other's right value equals this one by chance; of a table, cell by cell."""
        if isinstance(value, dict):
            return math.prod(self.cells[place].chance(cell) for place, cell in _cells(value) if place in self.cells)
        return self.numbers.chance(float(value))


def _cells(table: Mapping[str, Mapping[str, float]]) -> Iterable[tuple[Place, float]]:
    """Yield the cells of a table: row and column, and the number."""
    for key, line in table.items():
        for name, cell in line.items():
            yield (key, name), cell


def _same(table: Mapping[str, Mapping[str, float]]) -> str:
    """Return a text that is the same for two tables that were written down from one another."""
    return json.dumps({key: {name: f"{cell:.6g}" for name, cell in line.items()} for key, line in table.items()},
                      sort_keys=True)


def _step(value: float) -> float:
    """Return the step in which a number is written: 1 for whole numbers, else that of its last of six digits.

    >>> _step(12), _step(12.5), _step(0.25)
    (1.0, 0.1, 0.01)
    """
    if value == int(value):
        return 1.0
    text = f"{value:.6g}"
    if "e" in text:
        return abs(value) * EQUAL
    return float(f"1e-{len(text.partition('.')[2])}")
