"""Marks on paper: the sheet that a learner gets for a task, and the line that the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256 as digest
from importlib.metadata import version
from typing import Any

from vsim.course.folder import Course
from vsim.course.replies import Reply
from vsim.course.rescore_reach import scorer
from vsim.course.sheet import Line, Sheet, points_text, score_lines
from vsim.course.tasks import Criterion, Score
from vsim.course.unit import CHECKS, Sitting, Unit
from vsim.course.words import Said, Words, t


def sheet_of(result: Score, reply: Reply, words: Words) -> Sheet:
    """Return what a learner sees for a task: points, then each criterion with its reason."""
    heading = words(t("{task}: {earned} of {points} points")).format(
        task=result.task, earned=points_text(result.earned), points=points_text(result.points)
    )
    if reply.reason is not None:
        return Sheet(heading, (Line(words(t("Missing")), words(reply.reason), "wrong"),))
    return Sheet(heading, score_lines(result, words))


def criterion_row(item: Criterion) -> dict[str, Any]:
    """Return a criterion as plain values; the reason keeps its English message and its values."""
    reason = item.reason if isinstance(item.reason, Said) else Said(item.reason)
    values = {name: value.message if isinstance(value, Said) else value for name, value in reason.values.items()}
    return {
        "label": item.label,
        "credit": round(item.credit, 6),
        "weight": item.weight,
        "reason": reason.message,
        "values": values,
        "slip": item.slip,
    }


def marked_row(
    course: Course,
    unit: Unit,
    sitting: Sitting,
    scores: Mapping[str, Score],
    replies: Mapping[str, Reply],
    *,
    attempt: int,
    sha256: str,
    run: Mapping[str, Any],
    blank: Sequence[str],
    flags: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the line of the ledger for one marking: what was handed in, what it replyed, what it earned and why."""
    return {
        "kind": "marked",
        "course": course.name,
        "unit": unit.id,
        "learner": sitting.learner,
        "attempt": attempt,
        "sha256": sha256,
        "arrived": flags.get("arrived"),
        "seed": sitting.seed,
        "flags": list(flags.get("flags", [])),
        "run": dict(run),
        "blank": list(blank),
        "checks_sha256": digest((unit.folder / CHECKS).read_bytes()).hexdigest(),
        "scorer": scorer(),
        "versions": dict(versions()),
        "answers": {task: reply.answer for task, reply in replies.items()},
        "scores": {
            task: {
                "earned": item.earned,
                "points": item.points,
                "criteria": [criterion_row(one) for one in item.criteria],
            }
            for task, item in scores.items()
        },
    }


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Return the versions of what marked."""
    return tuple((name, version(name)) for name in ("vsim", "nbgrader", "numpy", "pandas"))
