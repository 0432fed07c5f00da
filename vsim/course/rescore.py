"""Scoring stored answers again after a check was mended: no learner's code is run, and the ledger says who changed.

An answer is scored by the trusted checkers with what it was graded with: the truth of the same city and the hidden
inputs of the same attempt. Only tasks that the change can reach are scored (`rescore_reach`), unless all are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vsim.course import ledger
from vsim.course.folder import Course
from vsim.course.marks import versions
from vsim.course.rescore_changes import Change, changes_of, plain_score
from vsim.course.rescore_mended import Mended, bring_in, city_fault, find_mended, refuse_cities, sha256_of
from vsim.course.rescore_reach import Reach, reach_of, scorer
from vsim.course.rescore_truths import Truths
from vsim.course.seats import hidden_inputs, seat
from vsim.course.tasks import Score, score
from vsim.course.unit import CHECKS, Unit, sit

RESCORED = "rescored"           # the line that says by which checks every answer before it is scored now
ENOUGH = 12                     # learners with another city, after whom no more are drawn
Row = dict[str, Any]
Scorer = tuple[str, str, str]   # checks, vsim's own code that scores, and the versions of libraries


@dataclass(frozen=True, slots=True)
class Rescored:
    """What scoring again came to.

    Attributes
    ----------
    unit : str
    checks : Path
        The checks file that scored.
    brought : bool
        Whether it was new to the course's frozen copy.
    attempts : int
        Attempts whose answers are stored.
    scored : dict of str to int
        How many answers were scored again, by task.
    drawn : int
        Cities that had to be drawn, because no truth of theirs was kept.
    changes : tuple of Change
    feedback : tuple of str
        Learners whose page was written anew.
    failed : dict of str to str
        Learners whose grade book or page could not be brought into agreement, with the reason.
    remarks : tuple of str
    """

    unit: str
    checks: Path
    brought: bool
    attempts: int
    scored: dict[str, int]
    drawn: int
    changes: tuple[Change, ...]
    feedback: tuple[str, ...] = ()
    failed: Mapping[str, str] | None = None
    remarks: tuple[str, ...] = ()


@dataclass
class _Stored:
    """One attempt: its last line, and what scored it last."""

    row: Row
    by: Scorer


def rescore(
    course: Course,
    name: str,
    *,
    source: Path | None = None,
    dry_run: bool = False,
    every: bool = False,
    feedback: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Rescored:
    """Score every stored answer of a unit again, and bring ledger, grade book and feedback into agreement.

    Parameters
    ----------
    course : Course
    name : str
        A unit that was released in the course.
    source : Path, optional
        The mended checks file, or the folder of the unit with it; see `find_mended` for what is taken without it.
    dry_run : bool
        Only tell what would change. Truths of cities are kept, so that the run that follows is quick.
    every : bool
        Score also what the change cannot reach.
    feedback : bool
        Write the pages of the changed anew; else the next `rescore` does.
    progress : callable, optional
        Called with (attempts done, attempts in all).

    Raises
    ------
    UsageError
        When the unit or the file is not there.
    DataError
        When the mended checks would change cities, tasks, points or the public card; then nothing is written.
    """
    from vsim.course.grader import quiet
    from vsim.course.grading import read_hand_marks

    unit = course.unit(name)
    if not dry_run:
        with quiet():
            read_hand_marks(course, unit)
    stored = stored_answers(course, unit)
    mended = find_mended(course, unit, source, {one.by[0] for one in stored})
    now = (mended.sha256, scorer(), _versions())
    work = _Work(course, unit, mended, every=every)
    found: list[tuple[Row, dict[str, Score], list[Change]]] = []
    for place, one in enumerate(stored, start=1):
        scores = work.scored(one)
        changes = [change for task, result in scores.items() for change in changes_of(one.row, task, result)]
        if changes:
            found.append((one.row, scores, changes))
        if progress is not None:
            progress(place, len(stored))
    refuse_cities(mended.checks.path, work.faults)
    result = Rescored(
        unit.id, mended.checks.path, bool(mended.files), len(stored), work.count, work.drawn,
        tuple(change for _, _, changes in found for change in changes), remarks=mended.remarks,
    )
    if dry_run:
        return result
    bring_in(course, mended)
    seat.cache_clear()                                  # of a process that graded before
    for row, scores, _ in found:
        ledger.append(course.root, _rescored_row(row, scores, now))
    if found or any(one.by != now for one in stored):
        ledger.append(course.root, {"kind": RESCORED, "course": course.name, "unit": unit.id, "by": list(now),
                                    "attempts": len(stored), "changed": len(found)})
    work.truths.clear()
    if not feedback:
        return result
    from vsim.course.rescore_book import agree

    told, failed = agree(course, Unit(unit.folder), work.scores_of)
    return replace(result, feedback=told, failed=failed)


def stored_answers(course: Course, unit: Unit) -> list[_Stored]:
    """Return every attempt of the roster's learners in a unit: its last line, and what scored it last."""
    found: dict[tuple[str, int], _Stored] = {}
    for row in ledger.rows(course.root, unit.id):
        if row.get("kind") == RESCORED:
            for one in found.values():
                one.by = (str(row["by"][0]), str(row["by"][1]), str(row["by"][2]))
        elif row.get("kind") == "marked" and row["learner"] in course.learners:
            by = (str(row["checks_sha256"]), str(row.get("scorer")), _versions(row["versions"]))
            found[row["learner"], row["attempt"]] = _Stored(row, by)
    order = {learner: place for place, learner in enumerate(course.learners)}
    return [found[key] for key in sorted(found, key=lambda key: (order[key[0]], key[1]))]


def _versions(known: Mapping[str, str] | None = None) -> str:
    return json.dumps(dict(versions()) if known is None else dict(known), sort_keys=True)


class _Work:
    """Scores attempts, one after the other, and remembers what that took."""

    def __init__(self, course: Course, unit: Unit, mended: Mended, *, every: bool) -> None:
        ids = [task.id for task in mended.checks.tasks]
        self.course, self.unit, self.every = course, mended.unit, every
        self.truths = Truths(course, mended.unit)
        self.count = dict.fromkeys(ids, 0)
        self.drawn = 0
        self.faults: list[str] = []
        self._code = (scorer(), _versions())
        own = unit.folder / CHECKS
        self._reach = {mended.sha256: reach_of(mended.checks.path, ids)}
        self._new = self._reach[mended.sha256]
        if sha256_of(own) not in self._reach:
            self._reach[sha256_of(own)] = reach_of(own, [task.id for task in unit.checks.tasks])

    def scored(self, one: _Stored) -> dict[str, Score]:
        """Return the scores of the tasks of an attempt that may be others now."""
        if len(self.faults) >= ENOUGH:
            return {}
        old = self._reach.get(one.by[0])
        names = [name for name in one.row["scores"] if name in self.count and self._touched(name, old, one.by)]
        if not names:
            return {}
        for name in names:
            self.count[name] += 1
        return self.scores_of(one.row, names, drawn_alike=old is not None and old.truth == self._new.truth)

    def _touched(self, name: str, old: Reach | None, by: Scorer) -> bool:
        if self.every or old is None or by[1:] != self._code or old.truth != self._new.truth:
            return True
        return old.tasks[name] != self._new.tasks[name]

    def scores_of(self, row: Row, names: list[str] | None = None, drawn_alike: bool = True) -> dict[str, Score]:
        """Return the scores of a stored attempt; nothing when its city would be another."""
        learner, attempt, seed = str(row["learner"]), int(row["attempt"]), int(row["seed"])
        truth = self.truths.find(seed)
        if truth is None:
            sitting = sit(self.unit, self.course.name, learner)
            self.drawn += 1
            fault = city_fault(self.course, self.unit.id, sitting, seed, tables=not drawn_alike)
            if fault:
                self.faults.append(fault)
                return {}
            truth = self.truths.keep_of(sitting).truth
        results = {}
        for task in self.unit.checks.tasks:
            if task.id in (row["scores"] if names is None else names):
                inputs = hidden_inputs(self.course, task, self.unit.id, learner, attempt)
                results[task.id] = score(task, row["answers"].get(task.id), truth, inputs, seed)
        return results


def _rescored_row(row: Row, scores: Mapping[str, Score], now: Scorer) -> Row:
    """Return the line that stands in place of another from now on."""
    kept = {key: value for key, value in row.items() if key != "time"}
    return {**kept, "by": ledger.RESCORE, "checks_sha256": now[0], "scorer": now[1], "versions": json.loads(now[2]),
            "scores": {**row["scores"], **{task: plain_score(result) for task, result in scores.items()}}}
