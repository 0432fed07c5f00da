"""What changes when an answer is scored again: criterion by criterion, with the reason that comes or goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vsim.course.marks import criterion_row
from vsim.course.tasks import Score

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for one criterion of one learner's attempt.

    Attributes
    ----------
    learner : str
    attempt : int
    task, criterion : str
    before, after : float
        Points of the whole task.
    credit_before, credit_after : float or None
        Share of the criterion; None where there was or is no such criterion.
    reason : str
        As a message: the one that is given now, or the one that is no longer given.
    values : dict
        Of its braces.
    """

    learner: str
    attempt: int
    task: str
    criterion: str
    before: float
    after: float
    credit_before: float | None
    credit_after: float | None
    reason: str
    values: Row


def plain_score(result: Score) -> Row:
    """Return a score as the ledger gives it back."""
    row = {"earned": result.earned, "points": result.points,
           "criteria": [criterion_row(one) for one in result.criteria]}
    plain: Row = json.loads(json.dumps(row))
    return plain


def changes_of(row: Row, task: str, result: Score) -> list[Change]:
    """Return what changes in one task, criterion by criterion."""
    old, new = row["scores"][task], plain_score(result)
    if old == new:
        return []
    where = str(row["learner"]), int(row["attempt"]), task
    changes = []
    before, after = ({(one["label"], place): one for place, one in _numbered(part["criteria"])} for part in (old, new))
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        told = now if now is not None and (now["credit"] < 1 or was is None) else was or {"reason": "", "values": {}}
        changes.append(Change(*where, key[0], old["earned"], new["earned"], None if was is None else was["credit"],
                              None if now is None else now["credit"], told["reason"], told["values"]))
    return changes or [Change(*where, "", old["earned"], new["earned"], None, None, "", {})]


def _numbered(criteria: list[Row]) -> list[tuple[int, Row]]:
    """Return each criterion with how many of its label come before it."""
    seen: dict[str, int] = {}
    found = []
    for one in criteria:
        seen[one["label"]] = seen.get(one["label"], -1) + 1
        found.append((seen[one["label"]], one))
    return found
