"""Whom a trainer should call, by rules that are told on the page; nobody is listed for a reason that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from typing import Literal

from vsim.course.calendar import Calendar
from vsim.course.calendar_dates import is_past
from vsim.course.gate_rules import enough
from vsim.course.items_table import Marks
from vsim.course.standing import Standing

Code = Literal["failed", "nothing", "below", "falling", "zero"]
CODES: tuple[Code, ...] = ("failed", "nothing", "below", "falling", "zero")
FALL = 0.2                    # of the points, below one's own mean against the class
BEFORE = 2                    # units before the last that a fall is told by
OTHERS = 0.9                  # share of the others who have all of a task's points
FEWEST = 5                    # others that this needs


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody should be called.

    Attributes
    ----------
    code : {"failed", "nothing", "below", "falling", "zero"}
    unit, item : str
        The unit; of "zero" the task too.
    value : float or None
        Share of the points; of "falling" how far it fell.
    """

    code: Code
    unit: str
    item: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A learner to call, and why."""

    learner: str
    reasons: tuple[Reason, ...]


def calls_of(
    learners: Sequence[str], found: Mapping[str, Mapping[str, Standing]], marks: Mapping[str, Marks],
    needed: Mapping[str, float], calendar: Calendar, now: datetime,
) -> list[Call]:
    """Return whom to call, those with the most and the weightiest reasons first.

    Parameters
    ----------
    learners : sequence of str
    found : mapping of str to mapping of str to Standing
        By unit, in the order in which they are due, then by learner.
    marks : mapping of str to Marks
        By unit.
    needed : mapping of str to float
        Share that each unit asks for.
    calendar : Calendar
    now : datetime
    """
    reasons: dict[str, list[Reason]] = {learner: [] for learner in learners}
    for unit, standings in found.items():
        for learner in learners:
            one, by = standings[learner], calendar.due(unit, learner)
            if one.state == "failed":
                reasons[learner].append(Reason("failed", unit))
            elif one.state == "missing" and by is not None and is_past(by, now):
                reasons[learner].append(Reason("nothing", unit))
            elif one.state == "complete" and not enough(one.share, needed[unit]):
                reasons[learner].append(Reason("below", unit, value=one.share))
    for learner, reason in _falling(learners, found):
        reasons[learner].append(reason)
    for unit, table in marks.items():
        for learner, item in _alone_with_nothing(table):
            reasons[learner].append(Reason("zero", unit, item, 0.0))
    listed = [Call(learner, tuple(sorted(some, key=lambda one: CODES.index(one.code))))
              for learner, some in reasons.items() if some]
    return sorted(listed, key=lambda one: (CODES.index(one.reasons[0].code), -len(one.reasons)))


def _falling(
    learners: Sequence[str], found: Mapping[str, Mapping[str, Standing]]
) -> list[tuple[str, Reason]]:
    """Return who is far below their own mean in the last unit handed in, each unit held against the class's median."""
    middle = {unit: median([one.share for one in some.values() if one.row is not None] or [0.0])
              for unit, some in found.items()}
    fallen = []
    for learner in learners:
        path = [(unit, some[learner].share - middle[unit]) for unit, some in found.items()
                if some[learner].row is not None]
        if len(path) > BEFORE:
            drop = fmean(value for _, value in path[:-1]) - path[-1][1]
            if drop >= FALL:
                fallen.append((learner, Reason("falling", path[-1][0], value=drop)))
    return fallen


def _alone_with_nothing(marks: Marks) -> list[tuple[str, str]]:
    """Return who has nothing on a task of which nearly all others have all."""
    shares, n = marks.shares, len(marks.learners)
    if n <= FEWEST:
        return []
    all_of_it = (shares >= 1 - 1e-9).sum(axis=0)
    return [(learner, item) for row, learner in enumerate(marks.learners) for column, item in enumerate(marks.items)
            if shares[row, column] <= 0 and all_of_it[column] / (n - 1) >= OTHERS]
