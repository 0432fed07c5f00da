"""Where learners stand in a unit: the attempt that counts, its points after lateness, and what is still open.

Everything is worked out from the ledger and the calendar when it is asked for: a longer date changes a standing, and
nothing is graded again. Gates, certificates, reports and exports read marks here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from vsim.course import ledger
from vsim.course.calendar import due
from vsim.course.folder import Course
from vsim.course.settings import Settings
from vsim.course.tasks import CENTS
from vsim.course.unit import Unit

State = Literal["missing", "failed", "open", "complete"]
DAY = timedelta(days=1)
CHECK = "-check"            # the grade cell of task "q1" is "q1-check"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one learner stands in one unit.

    Attributes
    ----------
    learner : str
    state : {"missing", "failed", "open", "complete"}
        Nothing was marked; marking failed every time; written answers wait for a person; all is marked.
    attempt : int or None
        The attempt that counts, from 1.
    earned : float
        Points earned, automatic and by hand, after the deduction for lateness, in hundredths.
    points : float
        The most that can be earned.
    raw : float
        Points before the deduction.
    late_days : int
        Days begun after the due date, the grace left out.
    row : dict or None
        The line of the ledger that counts.
    hand : dict of str to float
        Points that a person gave, by grade id: for written answers, or in place of what a check gave ("q1-check").
    """

    learner: str
    state: State
    attempt: int | None = None
    earned: float = 0.0
    points: float = 0.0
    raw: float = 0.0
    late_days: int = 0
    row: Row | None = None
    hand: dict[str, float] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Share of the points, 0 to 1 unless a person gave more than there are."""
        return self.earned / self.points if self.points else 0.0


def standings(course: Course, unit: Unit) -> dict[str, Standing]:
    """Return where each learner of the roster stands in a unit, in the order of the roster.

    Marks that a person gave belong to the learner, not to one attempt: those last given count with whichever attempt
    counts. The last attempt is the one that was graded last, since a file that comes again keeps its number. Of equally
    good attempts the first counts.

    Parameters
    ----------
    course : Course
    unit : Unit
        The course's frozen copy.

    Raises
    ------
    UsageError
        When the roster or the calendar is wrong.
    DataError
        When the ledger is damaged.
    """
    attempts: dict[str, dict[int, _Attempt]] = {}
    hand: dict[str, dict[str, float]] = {}
    failed: set[str] = set()
    for place, row in enumerate(ledger.rows(course.root, unit.id)):
        learner, kind = str(row.get("learner")), row.get("kind")
        if kind == "marked":
            mine = attempts.setdefault(learner, {})
            mine[row["attempt"]] = _marked(mine.get(row["attempt"]), row, place)
        elif kind == "hand":
            hand[learner] = {str(cell): float(mark) for cell, mark in row["marks"].items()}
        elif kind == "failed":
            failed.add(learner)
    by_hand = unit.hand_points
    points = unit.checks.points + sum(by_hand.values())
    found = {}
    for learner in course.learners:
        given = hand.get(learner, {})
        if learner in attempts:
            by = due(course, unit.id, learner)
            tried = [(one, _standing(course.settings, one, points, given, by_hand, by))
                     for one in attempts[learner].values()]
            if course.settings.counts == "best":
                _, counts = max(tried, key=lambda pair: (pair[1].earned, -int(pair[0].row["attempt"])))
            else:
                _, counts = max(tried, key=lambda pair: pair[0].place)
        else:
            counts = Standing(learner, "failed" if learner in failed else "missing", points=points, hand=given)
        found[learner] = counts
    return found


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One file that was handed in: its last line in the ledger, when it arrived first, when it was graded last."""

    row: Row
    arrived: datetime | None
    place: int


def _marked(before: _Attempt | None, row: Row, place: int) -> _Attempt:
    """Return an attempt with one more line: marking again makes nothing late, rescoring makes nothing the last."""
    arrived = moment(row.get("arrived"))
    if before is None:
        return _Attempt(row, arrived, place)
    times = [time for time in (before.arrived, arrived) if time is not None]
    return _Attempt(row, min(times, default=None), before.place if row.get("by") == ledger.RESCORE else place)


def _standing(
    settings: Settings,
    one: _Attempt,
    points: float,
    hand: Mapping[str, float],
    by_hand: Mapping[str, float],
    by: datetime | None,
) -> Standing:
    """Return where a learner would stand if this attempt counted."""
    cells = cell_points(one.row, hand, by_hand)
    raw = math.fsum(value for value in cells.values() if value is not None)
    days = late_days(one.arrived, by, settings.grace_minutes)
    return Standing(
        str(one.row["learner"]), "open" if None in cells.values() else "complete", int(one.row["attempt"]),
        hundredths(raw * kept(days, settings.late_per_day, settings.late_days)), points, hundredths(raw), days,
        one.row, dict(hand),
    )


def cell_points(row: Row, hand: Mapping[str, float], by_hand: Mapping[str, float]) -> dict[str, float | None]:
    """Return the points of each task and each written answer by its id, before any deduction; None what is open.

    Parameters
    ----------
    row : dict
        A "marked" line of the ledger.
    hand : mapping of str to float
        What a person gave, by grade id; it stands in place of what a check gave.
    by_hand : mapping of str to float
        The unit's cells for a person to mark, with their points. One that was left blank earns nothing.
    """
    tasks: dict[str, float | None] = {
        task: float(hand.get(task + CHECK, score["earned"])) for task, score in row["scores"].items()
    }
    blank = dict.fromkeys(row.get("blank", ()), 0.0)
    return tasks | {cell: hand.get(cell, blank.get(cell)) for cell in by_hand}


def late_days(arrived: datetime | None, by: datetime | None, grace_minutes: int = 0) -> int:
    """Return the days begun between the due date, with its grace, and the arrival; 0 where either is not known.

    >>> from datetime import UTC
    >>> late_days(datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), 15)
    1
    """
    if arrived is None or by is None:
        return 0
    return max(0, math.ceil((arrived - by - timedelta(minutes=grace_minutes)) / DAY))


def kept(days: int, per_day: float, most: int) -> float:
    """Return the share of its points that an attempt keeps: `per_day` less for each day, nothing after `most` days.

    >>> kept(2, 0.1, 7), kept(8, 0.1, 7), kept(20, 0.1, 365)
    (0.8, 0.0, 0.0)
    """
    return 0.0 if days > most else max(0.0, 1.0 - per_day * days)


def moment(text: object) -> datetime | None:
    """Return a time of the ledger; without an offset it is UTC. None when it is no time."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def hundredths(value: float) -> float:
    """Return points in hundredths, a half upwards, as scores are given."""
    return math.floor(round(value * CENTS, 6) + 0.5) / CENTS
